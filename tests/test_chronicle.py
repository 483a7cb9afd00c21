"""A changed byte of the journal is found and named."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import chronicle
from monitor.journal import GENESIS, Entry
from monitor.scope import Scope, Status
from monitor.store.store import Store

ACTUAL = Scope("yunxi", Status.ACTUAL, "")
NOW = datetime(2026, 7, 15, tzinfo=UTC)
LINES = 12


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """An exported journal, with words of more than one byte in it."""
    file = tmp_path / "journal.jsonl"
    asyncio.run(_exported(tmp_path / "s.sqlite", file))
    return file


async def _exported(path: Path, file: Path) -> None:
    entries = [
        Entry(ACTUAL, NOW + timedelta(minutes=n), "answer", f"alert-{n}", "mayor", {"word": "红�"})
        for n in range(LINES)
    ]
    async with Store.opened(path) as store:
        async with store.writing() as tx:
            await tx.write(entries)
        assert await chronicle.export(store, ACTUAL, file) == LINES
        assert chronicle.verify(file) == await store.chain(ACTUAL)


def test_a_whole_file_holds_to_its_head(kept: Path) -> None:
    chain = chronicle.verify(kept)
    assert (chain.length, chain.broken) == (LINES, None)
    assert chronicle.verify(kept, chain.head).kept_at == LINES


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_changed_byte_is_named_by_its_line(kept: Path, data: st.DataObject) -> None:
    whole = kept.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != whole[at]))
    changed = kept.with_name("changed.jsonl")
    changed.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
    assert chronicle.verify(changed).broken == whole[:at].count(b"\n") + 1


@pytest.mark.parametrize("gone", range(1, LINES))
def test_a_missing_line_is_named(kept: Path, gone: int) -> None:
    lines = kept.read_bytes().splitlines(keepends=True)
    kept.write_bytes(b"".join(lines[: gone - 1] + lines[gone:]))
    assert chronicle.verify(kept).broken == gone


def test_lines_cut_off_at_the_end_are_seen_by_the_head_that_was_kept(kept: Path) -> None:
    head = chronicle.verify(kept).head
    lines = kept.read_bytes().splitlines(keepends=True)
    kept.write_bytes(b"".join(lines[:-2]))
    cut = chronicle.verify(kept, head)
    assert (cut.length, cut.broken, cut.kept_at) == (LINES - 2, None, None)
    assert chronicle.verify(kept, cut.head).kept_at == LINES - 2
    assert chronicle.verify(kept, GENESIS).kept_at == 0


def test_a_line_cut_in_the_middle_is_named(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-5])
    assert chronicle.verify(kept).broken == LINES
