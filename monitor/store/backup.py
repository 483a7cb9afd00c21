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
from monitor.store.restoring import A_COPY, put_back


class Copy(NamedTuple):
    """A backup that was verified."""

    path: Path
    size: int
    """Bytes."""
    counts: Mapping[str, int]
    """Table → rows."""
    chains: Mapping[Scope, Chain]
    """Each scope's journal: keep the heads elsewhere."""


def backup(store: Path, out: Path, revision: str = upgrade.HEAD) -> Copy:
    """Write one consistent moment of `store` to `out`, a single file, in place of what is there.

    `revision`: the one whose tables it must hold; an earlier one is not asked for its chains, for
    a journal that was tampered with must not keep a new release from warning anybody. Raises
    StoreUnavailable where it cannot be written or does not verify; `out` is as before then.
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
        counts, chains = _opened(part, revision)
        part.replace(out)
    except (sqlite3.Error, OSError) as fault:
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
        copy.execute(f"PRAGMA user_version={A_COPY}")
    with part.open("rb") as written:
        os.fsync(written.fileno())


def _opened(part: Path, revision: str) -> tuple[dict[str, int], dict[Scope, Chain]]:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(part)), poolclass=sa.NullPool)
    with failures_named(), engine.connect() as conn:
        upgrade.require(conn, revision)
        said = conn.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        if said != "ok":
            raise StoreUnavailable(f"the copy is damaged, and was not kept: {said}")
        return _counts(conn), _chains(conn) if revision == upgrade.HEAD else {}


def _chains(conn: sa.Connection) -> dict[Scope, Chain]:
    chains = {scope: chain(conn, scope) for scope in scopes(conn)}
    for scope, found in chains.items():
        if found.broken is not None:
            where = "/".join(scope).rstrip("/")
            raise StoreUnavailable(f"the journal of {where} is broken at seq {found.broken}")
    return chains


def _counts(conn: sa.Connection) -> dict[str, int]:
    count = sa.select(sa.func.count())
    names = sorted(set(sa.inspect(conn).get_table_names()) - {"alembic_version"})
    return {name: conn.execute(count.select_from(sa.table(name))).scalar_one() for name in names}


def before(store: Path, revision: str) -> Path:
    """Where the copy goes that is made before a file at `revision` is brought further."""
    return store.with_name(f"{store.stem}.before-{upgrade.HEAD}.at-{revision}{store.suffix}")


def restore(copy: Path, store: Path) -> Copy:
    """Put a copy in the place of a store that is not there, once it was opened and read; whoever
    opens it next knows that it is one. Raises StoreUnavailable: nothing was changed then."""
    if not copy.is_file():
        raise StoreUnavailable(f"there is no backup at {copy}")
    try:
        counts, chains = _opened(copy, upgrade.HEAD)
    except sqlite3.Error as fault:
        raise StoreUnavailable(f"{copy} is no backup: {fault}") from fault
    put_back(copy, store)
    return Copy(store, store.stat().st_size, counts, chains)
