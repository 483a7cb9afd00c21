"""Bringing a file to this release's tables, by Alembic, at open."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import sqlalchemy as sa

from monitor.errors import StoreUnavailable

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = tuple(
    sorted(
        file.name[1:5]
        for file in files("monitor.store.migrations.versions").iterdir()
        if file.name.startswith("r0")
    )
)
"""Every revision there is, oldest first, by the names of their files: rNNNN_what_it_does.py."""
HEAD = REVISIONS[-1]


def version(conn: sa.Connection) -> str | None:
    """The revision the file is at; None for an empty file."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()


def is_older(found: str | None) -> bool:
    """Whether a file at that revision holds what an earlier release wrote."""
    return found in REVISIONS[:-1]


def config() -> Config:
    """Where Alembic finds the revisions."""
    # Imported here: it takes longer than opening the file, and is needed once in a file's life.
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", "monitor.store:migrations")
    return made


def upgrade(conn: sa.Connection, to: str = HEAD) -> None:
    """Run what is missing, in the caller's transaction. A file of a later release is left alone."""
    found = version(conn)
    if found is not None and found not in REVISIONS[: REVISIONS.index(to)]:
        return
    from alembic import command

    made = config()
    made.attributes["connection"] = conn
    command.upgrade(made, to)


def require_head(conn: sa.Connection) -> None:
    """Raise StoreUnavailable unless the file is at this release's tables."""
    require(conn, HEAD)


def require(conn: sa.Connection, revision: str) -> None:
    """Raise StoreUnavailable unless the file is at that revision."""
    found = version(conn)
    if found != revision:
        raise StoreUnavailable(f"the store is at revision {found}, this release reads {revision}")
