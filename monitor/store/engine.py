"""Opening a SQLite file the one way we trust it: WAL, FULL, foreign keys, BEGIN IMMEDIATE."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from monitor.errors import StoreUnavailable
from monitor.store.sealing import Keys

BUSY_TIMEOUT = 1.0
"""Seconds that a statement waits for another process's lock. Nobody else writes in good order: who
waits longer than that keeps others waiting behind it, and whoever watches from being told."""

READERS = 4
"""Connections that read beside the one that writes."""

_TRY_AGAIN = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_INTERRUPT,
    }
)
"""What the disk or another process did to us. Anything else is a fault of ours, and is raised."""


def engine(path: Path, keys: Keys, *, writes: bool) -> AsyncEngine:
    """An engine on that file, with one connection that writes or some that refuse to."""
    mode = {"mode": "rwc" if writes else "rw", "uri": "true"}
    made = create_async_engine(
        sa.URL.create("sqlite+aiosqlite", database=path.absolute().as_uri(), query=mode),
        connect_args={"timeout": BUSY_TIMEOUT},
        pool_size=1 if writes else READERS,
        max_overflow=0,
        hide_parameters=True,  # an error that is logged quotes no phone number
        json_serializer=lambda value: json.dumps(value, ensure_ascii=False, allow_nan=False),
    )

    @sa.event.listens_for(made.sync_engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing behind our back
        cursor = connection.cursor()
        if writes:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        cursor.close()
        keys.lend(connection)

    @sa.event.listens_for(made.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


@contextmanager
def failures_named() -> Iterator[None]:
    """Turn what the disk or another process did into StoreUnavailable."""
    try:
        yield
    except sa.exc.DBAPIError as fault:
        code = getattr(fault.orig, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _TRY_AGAIN:
            raise StoreUnavailable(str(fault.orig)) from fault
        raise
