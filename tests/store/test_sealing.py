"""No copy of the file shows a number; without its key nobody reads one, and is told what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import StoreUnavailable
from monitor.notify.channel import Reply
from monitor.store.sealing import KEY_BYTES, Keys, keys_for, sealed_columns
from monitor.store.store import Store
from tests.store.scenes import ACTUAL, at

NUMBER = "13800000042"
REPLY = Reply(NUMBER, "桥已封，我在 13800000043", at(0), "x")


async def filled(path: Path) -> None:
    async with Store.opened(path) as store, store.writing() as tx:
        await tx.keep_reply(ACTUAL, "sms", REPLY, "no open call")


def everything(folder: Path, but: str = "\0") -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if but not in file.name)


async def test_what_is_sealed_stands_nowhere_in_the_file_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    await filled(path)
    assert NUMBER.encode() not in everything(tmp_path)
    assert REPLY.text.encode() not in everything(tmp_path)
    async with Store.opened(path, read_only=True) as store:
        (reply,) = await store.unread_replies()
        assert await store.reply_known(ACTUAL, "sms", REPLY), "found by its sealed id"
    assert (reply.phone, reply.text) == (NUMBER, REPLY.text)


async def test_the_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    await filled(tmp_path / "s.sqlite")
    assert (tmp_path / "s.key").stat().st_mode & 0o777 == 0o600


async def test_without_its_key_a_store_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    await filled(path)
    kept = (tmp_path / "s.key").rename(tmp_path / "kept.key")
    for read_only in (False, True):
        with pytest.raises(StoreUnavailable, match="put back the one that was kept"):
            async with Store.opened(path, read_only=read_only):
                pass
    assert not (tmp_path / "s.key").exists()
    async with Store.opened(path, kept) as store:
        assert len(await store.unread_replies()) == 1


async def test_with_another_key_a_store_is_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "s.sqlite", tmp_path / "other.key"
    await filled(path)
    keys_for(tmp_path / "none.sqlite", other)
    for read_only in (False, True):
        with pytest.raises(StoreUnavailable, match="holds another"):
            async with Store.opened(path, other, read_only=read_only):
                pass


@pytest.mark.parametrize("written", ["", "c2hvcnQ=\n", "不是钥匙"])
async def test_a_key_file_that_holds_no_key_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "s.key").write_text(written, encoding="utf-8")
    with pytest.raises(StoreUnavailable, match=r"s\.key"):
        async with Store.opened(tmp_path / "s.sqlite"):
            pass


async def test_a_new_first_key_seals_all_anew_and_the_old_one_may_go(tmp_path: Path) -> None:
    path, file = tmp_path / "s.sqlite", tmp_path / "s.key"
    await filled(path)
    old = file.read_text("ascii")
    keys_for(tmp_path / "none.sqlite", tmp_path / "new.key")
    file.write_text((tmp_path / "new.key").read_text("ascii") + old, "ascii")
    async with Store.opened(path) as store:
        assert await store.reply_known(ACTUAL, "sms", REPLY)
    file.write_text((tmp_path / "new.key").read_text("ascii"), "ascii")
    async with Store.opened(path) as store:
        (reply,) = await store.unread_replies()
        assert reply.phone == NUMBER
        assert await store.reply_known(ACTUAL, "sms", REPLY)


async def test_what_stood_in_the_open_before_is_gone_from_freed_pages_too(tmp_path: Path) -> None:
    path = tmp_path / "monitor.sqlite"
    release = Path(__file__).parent / "releases" / "0001.sql"
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(release.read_text(encoding="utf-8"))
        named = conn.execute("SELECT DISTINCT address FROM notifications").fetchall()
        said = conn.execute("SELECT phone, text FROM replies").fetchall()
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("DELETE FROM receipts")
    numbers = {word for (word,) in named if word.isdigit()} | {word for row in said for word in row}
    open_words = {word.encode() for word in numbers}
    assert len(open_words) > 10
    async with Store.opened(path):
        pass
    sealed = everything(tmp_path, but="before")
    assert [word for word in open_words if word in sealed] == []


def test_every_address_reply_and_unreadable_body_is_sealed() -> None:
    assert {f"{column.table.name}.{column.name}" for column in sealed_columns()} >= {
        "ladders.snapshot",
        "notifications.address",
        "quarantine.detail",
        "quarantine.payload",
        "receipts.phone",
        "replies.phone",
        "replies.text",
    }


KEYS = Keys(Path("k"), [b"a" * KEY_BYTES])


@given(st.text() | st.binary())
def test_anything_unseals_to_itself_and_only_what_is_looked_up_looks_alike(
    value: str | bytes,
) -> None:
    assert KEYS.unseal(KEYS.seal(value)) == KEYS.unseal(KEYS.seal_alike(value)) == value
    assert KEYS.seal_alike(value) == KEYS.seal_alike(value)
    assert KEYS.seal(value) != KEYS.seal(value)
