"""What every table shares: its names of keys, its scope, its id."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, MetaData, String

from monitor.store.columns import ScopeText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def scope(*, key: bool = False) -> Column[Any]:
    """Township, status, drill: the first column of each key."""
    return Column("scope", ScopeText, primary_key=key, nullable=False)


def id_() -> Column[str]:
    """Made from content over the scope (`Scope.id`): alone it is a key that begins with it."""
    return Column("id", String, primary_key=True)
