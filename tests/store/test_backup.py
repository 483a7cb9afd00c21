"""A backup is one consistent moment, and is trusted only after it was read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from monitor.errors import StoreUnavailable
from monitor.journal import Entry
from monitor.store.backup import backup
from monitor.store.store import Store
from tests.store.scenes import ACTUAL, at


async def write(store: Store, first: int, count: int = 3) -> None:
    async with store.writing() as tx:
        entries = [Entry(ACTUAL, at(n), "answer", f"a{n}") for n in range(first, first + count)]
        await tx.write(entries)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_copy_holds_what_was_committed_when_it_was_made(tmp_path: Path) -> None:
    path, out = tmp_path / "s.sqlite", tmp_path / "copy.sqlite"
    async with Store.opened(path) as store:
        await write(store, 0)
        async with store.writing() as tx:
            await tx.write([Entry(ACTUAL, at(90), "answer", "not committed yet")])
            made = backup(path, out)
        await write(store, 10)
    assert made.counts["journal"] == 3 and made.size == out.stat().st_size
    assert made.chains[ACTUAL].length == 3
    assert names(tmp_path) == ["copy.sqlite", "s.key", "s.sqlite"]
    assert out.stat().st_mode & 0o077 == 0, "it holds numbers"
    async with Store.opened(out, path.with_suffix(".key")) as restored:
        assert (await restored.chain(ACTUAL)).head == made.chains[ACTUAL].head
        await write(restored, 20)


async def test_a_broken_journal_is_no_backup_and_the_last_good_one_stays(tmp_path: Path) -> None:
    path, out = tmp_path / "s.sqlite", tmp_path / "copy.sqlite"
    async with Store.opened(path) as store:
        await write(store, 0)
    backup(path, out)
    good = out.read_bytes()
    with sqlite3.connect(path) as conn:
        conn.execute("UPDATE journal SET text = replace(text, 'a1', 'a9') WHERE seq = 2")
    conn.close()
    with pytest.raises(StoreUnavailable, match="seq 2"):
        backup(path, out)
    assert out.read_bytes() == good and names(tmp_path) == ["copy.sqlite", "s.key", "s.sqlite"]


async def test_a_damaged_page_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    async with Store.opened(path) as store:
        for n in range(0, 300, 3):
            await write(store, n)
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 4096 * 4096 - 8192
    whole[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(whole)
    with pytest.raises(StoreUnavailable):
        backup(path, tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()


def test_what_cannot_be_copied_is_said(tmp_path: Path) -> None:
    nothing = tmp_path / "none.sqlite"
    with pytest.raises(StoreUnavailable, match="no store at"):
        backup(nothing, tmp_path / "copy.sqlite")
    nothing.write_text("no store")
    with pytest.raises(StoreUnavailable, match="itself"):
        backup(nothing, nothing)
    with pytest.raises(StoreUnavailable):
        backup(nothing, tmp_path / "copy.sqlite")
