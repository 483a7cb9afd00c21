"""Findings open and close by themselves; the journal shows what was changed."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.journal import Entry
from monitor.readiness.finding import Finding
from monitor.store.store import Store
from tests.store.scenes import ACTUAL, DRILL, at


def finding(subject: str = "flood_plan", **other: str) -> Finding:
    return Finding(
        check="plan_expired",
        subject=subject,
        period=other.get("period", ""),
        owner="office",
        use="plan_expired",
        variables={"plan": subject},
        text=other.get("text", "预案已到期"),
        due=date(2026, 8, 1),
        urgent=False,
    )


async def sweep(store: Store, minute: float, *found: Finding) -> tuple[list[str], list[str]]:
    async with store.writing() as tx:
        opened, closed = await tx.upsert_findings(ACTUAL, "plan_expired", found, at(minute))
    return [f.subject for f in opened], [f.subject for f in closed]


async def test_a_sweep_opens_what_is_new_and_closes_what_is_gone(store: Store) -> None:
    assert await sweep(store, 0, finding("a"), finding("b")) == (["a", "b"], [])
    assert await sweep(store, 1, finding("a"), finding("b")) == ([], [])
    assert await sweep(store, 2, finding("b"), finding("c")) == (["c"], ["a"])
    assert [s.finding.subject for s in await store.open_findings(ACTUAL)] == ["b", "c"]


async def test_a_standing_finding_keeps_when_it_was_told_and_takes_its_new_words(
    store: Store,
) -> None:
    await sweep(store, 0, finding())
    async with store.writing() as tx:
        await tx.findings_told(ACTUAL, [finding()], at(1))
    await sweep(store, 2, finding(text="预案到期已久"))
    (standing,) = await store.open_findings(ACTUAL)
    assert (standing.opened_at, standing.told_at) == (at(0), at(1))
    assert standing.finding.text == "预案到期已久"


async def test_what_is_found_again_after_it_closed_is_opened_anew(store: Store) -> None:
    await sweep(store, 0, finding())
    async with store.writing() as tx:
        await tx.findings_told(ACTUAL, [finding()], at(1))
    await sweep(store, 2)
    assert await sweep(store, 3, finding()) == (["flood_plan"], [])
    (standing,) = await store.open_findings(ACTUAL)
    assert (standing.opened_at, standing.told_at) == (at(3), None)


def entry(n: int, scope: object = ACTUAL) -> Entry:
    return Entry(scope, at(n), "alert.raised", f"alert-{n}", None, {"级别": "红", "n": n})  # type: ignore[arg-type]


async def test_each_scope_has_a_chain_of_its_own(store: Store) -> None:
    async with store.writing() as tx:
        await tx.write([entry(1), entry(1, DRILL), entry(2)])
    assert [line.seq for line in await store.journal(ACTUAL)] == [1, 2]
    assert [line.seq for line in await store.journal(DRILL)] == [1]
    assert [line.seq for line in await store.journal(ACTUAL, 1)] == [2]
    assert len(await store.journal(ACTUAL, subject="alert-2")) == 1


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        ("UPDATE journal SET text = replace(text, '红', '黄') WHERE seq = 3", 3),
        ("UPDATE journal SET hash = '0' || substr(hash, 2) WHERE seq = 2", 2),
        ("DELETE FROM journal WHERE seq = 2", 2),
        ("UPDATE journal SET seq = 9 WHERE seq = 5", 5),
    ],
)
async def test_one_changed_byte_is_found(path: Path, spoil: str, found: int) -> None:
    async with Store.opened(path) as store:
        async with store.writing() as tx:
            await tx.write([entry(n) for n in range(1, 6)])
        assert await store.verify(ACTUAL) is None
    with sqlite3.connect(path) as raw:
        assert raw.execute(spoil).rowcount == 1
    raw.close()
    async with Store.opened(path, read_only=True) as store:
        assert await store.verify(ACTUAL) == found


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=4))
async def test_entries_written_again_in_any_way_stand_once(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]]
) -> None:
    async with Store.opened(tmp_path_factory.mktemp("journal") / "monitor.db") as store:
        for batch in batches:
            async with store.writing() as tx:
                await tx.write([entry(n) for n in batch])
        lines = await store.journal(ACTUAL)
        assert len(lines) == len({n for batch in batches for n in batch})
        assert await store.verify(ACTUAL) is None
