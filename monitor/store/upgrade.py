"""Bringing a file to this release's tables, by Alembic, at open."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.errors import StoreUnavailable

HEAD = "0001"
"""The newest revision in `monitor/store/migrations/versions`; a test holds them together."""


def version(conn: sa.Connection) -> str | None:
    """The revision the file is at; None for an empty file."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()


def upgrade(conn: sa.Connection) -> None:
    """Run what is missing, in the caller's transaction."""
    if version(conn) == HEAD:
        return
    # Imported here: it takes longer than opening the file, and is needed once in a file's life.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def require_head(conn: sa.Connection) -> None:
    """Raise StoreUnavailable unless the file is at this release's tables."""
    found = version(conn)
    if found != HEAD:
        raise StoreUnavailable(f"the store is at revision {found}, this release reads {HEAD}")
