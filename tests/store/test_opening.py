"""How the file is opened, and what happens when it cannot be written."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.errors import StoreUnavailable
from monitor.judging.memory import Outcome
from monitor.store import engine, upgrade
from monitor.store.store import Store
from monitor.store.tables import metadata
from tests.store.scenes import ACTUAL, flood, observed


async def test_the_revisions_lead_to_the_tables_of_this_release(store: Store) -> None:
    def differences(conn: sa.Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(conn), metadata)

    assert await store.run(differences) == []


def test_the_newest_revision_is_the_one_that_open_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == upgrade.HEAD


async def test_the_writer_is_durable_and_the_readers_cannot_write(store: Store) -> None:
    def pragma(conn: sa.Connection, name: str) -> object:
        return conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()

    async with store.writing() as tx:
        found = [await tx.run(pragma, n) for n in ("journal_mode", "synchronous", "foreign_keys")]
    assert found == ["wal", 2, 1]
    assert await store.run(pragma, "query_only") == 1


async def test_a_store_that_is_not_there_is_not_made_by_reading(path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        async with Store.opened(path, read_only=True):
            pass
    assert not path.exists()  # noqa: ASYNC240 - a test may wait for the disk


async def test_a_store_of_another_release_is_not_read(path: Path) -> None:
    async with Store.opened(path):
        pass
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(StoreUnavailable, match="9999"):
        async with Store.opened(path, read_only=True):
            pass


async def test_a_store_opened_to_read_refuses_to_write(store: Store, path: Path) -> None:
    async with Store.opened(path, read_only=True) as reader:
        assert await reader.tally(ACTUAL) == {"observations": 0, "quarantine": 0}
        with pytest.raises(StoreUnavailable):
            async with reader.writing():
                pass


async def test_a_locked_file_says_unavailable_and_the_next_try_succeeds(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 0.0)
    async with Store.opened(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            async with store.writing() as tx:
                await tx.keep(flood())
        other.execute("ROLLBACK")
        other.close()
        async with store.writing() as tx:
            await tx.keep(flood())
        assert await store.tally(ACTUAL) == {"observations": 1, "quarantine": 1}


async def test_a_full_disk_says_unavailable_and_keeps_nothing(path: Path) -> None:
    def room(conn: sa.Connection, pages: int) -> None:
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    many = Outcome(observations=[observed(n) for n in range(5000)])
    async with Store.opened(path) as store:
        async with store.writing() as tx:
            await tx.run(room, 100)
        with pytest.raises(StoreUnavailable, match="full"):
            async with store.writing() as tx:
                await tx.keep(many)
        assert (await store.tally(ACTUAL))["observations"] == 0
        async with store.writing() as tx:
            await tx.run(room, 1_000_000)
            await tx.keep(many)
        assert (await store.tally(ACTUAL))["observations"] == 5000


async def test_a_cancelled_writer_keeps_nothing_and_holds_up_nobody(store: Store) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with store.writing() as tx:
            await tx.keep(flood())
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write(), name="a writer")
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.tally(ACTUAL) == {"observations": 0, "quarantine": 0}
    async with store.writing() as tx:
        await tx.keep(flood())
    assert (await store.tally(ACTUAL))["observations"] == 1


async def test_two_writers_take_turns(store: Store) -> None:
    async def write(n: int) -> None:
        async with store.writing() as tx:
            await tx.keep(Outcome(observations=[observed(n)]))

    await asyncio.gather(*(write(n) for n in range(20)))
    assert (await store.tally(ACTUAL))["observations"] == 20


async def test_nothing_is_left_running_after_close(path: Path) -> None:
    before = set(threading.enumerate())
    async with Store.opened(path) as store:
        await asyncio.gather(*(store.tally(ACTUAL) for _ in range(8)))
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(timeout=5)
    assert not any(thread.is_alive() for thread in left)


async def test_nobody_else_on_the_machine_can_read_a_new_store(path: Path) -> None:
    async with Store.opened(path) as store:
        async with store.writing() as tx:
            await tx.keep(flood())
        of_store = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
        assert len(of_store) > 1  # the write-ahead log too
        assert not [file.name for file in of_store if file.stat().st_mode & 0o077]
