"""A copy of the store while the service writes to it, trusted only after it was opened and read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from monitor.errors import StoreUnavailable
from monitor.journal import Chain
from monitor.scope import Scope
from monitor.store import upgrade
from monitor.store.engine import failures_named
from monitor.store.journal import chain, scopes
from monitor.store.tables import metadata


class Copy(NamedTuple):
    """A backup that was verified."""

    path: Path
    size: int
    """Bytes."""
    counts: Mapping[str, int]
    """Table → rows."""
    chains: Mapping[Scope, Chain]
    """Each scope's journal: keep the heads elsewhere."""


def backup(store: Path, out: Path) -> Copy:
    """Write one consistent moment of `store` to `out`, a single file, in place of what is there.

    Raises StoreUnavailable where it cannot be written or does not verify; `out` is as before then.
    """
    if not store.is_file():
        raise StoreUnavailable(f"there is no store at {store}")
    if out.exists() and out.samefile(store):
        raise StoreUnavailable(f"{out} is the store itself; choose another file")
    part = out.with_name(out.name + ".part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)  # it holds numbers
        _copy(store, part)
        counts, chains = _opened(part)
        part.replace(out)
    except sqlite3.Error as fault:
        raise StoreUnavailable(f"no backup was made: {fault}") from fault
    finally:
        for name in ("", "-wal", "-shm"):
            part.with_name(part.name + name).unlink(missing_ok=True)
    return Copy(out, out.stat().st_size, counts, chains)


def _copy(store: Path, part: Path) -> None:
    """In one step, so that it is one moment: in WAL mode the service writes on meanwhile."""
    uri = f"{store.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(part)) as copy:
        source.execute("PRAGMA query_only=ON")
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    with part.open("rb") as written:
        os.fsync(written.fileno())


def _opened(part: Path) -> tuple[dict[str, int], dict[Scope, Chain]]:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(part)), poolclass=sa.NullPool)
    with failures_named(), engine.connect() as conn:
        upgrade.require_head(conn)
        return _verified(conn)


def _verified(conn: sa.Connection) -> tuple[dict[str, int], dict[Scope, Chain]]:
    said = conn.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    if said != "ok":
        raise StoreUnavailable(f"the copy is damaged, and was not kept: {said}")
    chains = {scope: chain(conn, scope) for scope in scopes(conn)}
    for scope, found in chains.items():
        if found.broken is not None:
            where = "/".join(scope).rstrip("/")
            raise StoreUnavailable(f"the journal of {where} is broken at seq {found.broken}")
    count = sa.select(sa.func.count())
    tables = metadata.sorted_tables
    return {t.name: conn.execute(count.select_from(t)).scalar_one() for t in tables}, chains
