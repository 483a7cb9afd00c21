"""What was put back from a copy sends nothing that it meant to send, once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitor.errors import StoreUnavailable
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import LadderState
from monitor.store import restoring
from monitor.store.backup import backup, restore
from monitor.store.store import Store
from tests.store.scenes import ACTUAL, at, flood


async def a_backup(folder: Path) -> Path:
    """Of a store in which a call waits and its ladder calls."""
    copy = folder / "copy.sqlite"
    async with Store.opened(folder / "lost.sqlite") as store:
        async with store.writing() as tx:
            await tx.keep(flood())
        backup(folder / "lost.sqlite", copy)
        assert not await store.is_copy(), "who goes on writing is no copy"
    (folder / "back.key").write_bytes((folder / "lost.key").read_bytes())
    return copy


async def test_what_waited_is_not_sent_and_what_stands_is_told_anew(tmp_path: Path) -> None:
    back = tmp_path / "back.sqlite"
    restore(await a_backup(tmp_path), back)
    async with Store.opened(back) as store:
        assert await store.is_copy()
        async with store.writing() as tx:
            found = await tx.settle_restored(ACTUAL, at(30))
        assert found == await store.restored()
        assert found.at == at(30) and (found.withheld, len(found.alerts)) == (1, 1)
        states = {call.state for call in await store.calls((await store.alerts(ACTUAL))[0].id)}
        assert states == {Delivery.SUPERSEDED}
        (alert,) = await store.alerts(ACTUAL)
        ladders = await store.ladders_of(alert.id)
        assert {ladder.state for ladder in ladders} == {LadderState.CANCELLED}
        assert alert.is_active and not alert.told, "the next value that says so calls"
        assert "store.restored" in (await store.journal(ACTUAL))[-1].text
        assert not await store.is_copy() and await store.verify(ACTUAL) is None
    async with Store.opened(back) as store:
        assert not await store.is_copy(), "once"


@pytest.mark.parametrize("state", [Delivery.HELD, Delivery.MERGED])
async def test_what_waited_for_a_dead_channel_or_was_told_with_others_is_not_sent_either(
    tmp_path: Path, state: Delivery
) -> None:
    copy, back = await a_backup(tmp_path), tmp_path / "back.sqlite"
    with closing(sqlite3.connect(copy)) as conn:
        conn.execute("UPDATE notifications SET state = ?", [state])
        conn.execute("UPDATE ladders SET state = 'done'")
        conn.commit()
    restore(copy, back)
    async with Store.opened(back) as store:
        async with store.writing() as tx:
            found = await tx.settle_restored(ACTUAL, at(30))
        assert (found.withheld, len(found.alerts)) == (1, 1)
        assert await store.held_promises() == []
        assert not (await store.alerts(ACTUAL))[0].told, "the next value that says so calls"


async def test_a_store_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    copy = await a_backup(tmp_path)
    with pytest.raises(StoreUnavailable, match="move it"):
        restore(copy, tmp_path / "lost.sqlite")


def test_what_is_no_backup_is_not_put_back(tmp_path: Path) -> None:
    back = tmp_path / "back.sqlite"
    with pytest.raises(StoreUnavailable, match="no backup at"):
        restore(tmp_path / "none.sqlite", back)
    (tmp_path / "text.sqlite").write_text("not a store")
    with pytest.raises(StoreUnavailable):
        restore(tmp_path / "text.sqlite", back)
    assert not back.exists()


def test_a_file_that_is_merely_copied_from_a_backup_is_known_too(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("CREATE TABLE t (a)")
    restoring.mark(file)
    with closing(sqlite3.connect(file)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (restoring.A_COPY,)
