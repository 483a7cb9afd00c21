"""After a restart the judge goes on as if nothing had happened."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.ingest.message import Message
from monitor.judging.memory import Knowledge, Memory, Outcome
from monitor.pipeline import decide, hear
from monitor.settings import load
from monitor.store.store import Store

NOW = datetime(2026, 7, 15, 18, 0, tzinfo=UTC)
NIGHT = (85.0, 85.9, 86.3, 87.0, 87.9, 87.2, 86.2, 88.4)
"""Levels of the town's gauge, five minutes apart: up to red, down, and up again."""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    config = Path(__file__).parents[2] / "config"
    return load(config, {"MONITOR_TOKEN": "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"}).knowledge


def when(n: int) -> datetime:
    return NOW + timedelta(minutes=5 * n)


def message(n: int, prefix: str = "") -> Message:
    body = json.dumps({"value": NIGHT[n], "time": when(n).isoformat()})
    topic = f"{prefix}risk/yunxi/shiqiao-level/level"
    return Message(topic, body.encode(), when(n), False)


def decided(knowledge: Knowledge, memory: Memory, n: int, prefix: str = "") -> Outcome:
    return decide(knowledge, memory, hear(knowledge, [message(n, prefix)]), when(n), tick=True)


def meaning(outcome: Outcome) -> dict[str, object]:
    """All but the rate of rise: a trail rebuilt at start has no steps before its row."""
    return {
        "observations": outcome.observations,
        "changes": [(t.change, t.before, t.alert.severity, t.pages) for t in outcome.transitions],
        "alerts": [replace(a, lead=None, contributions=[]) for a in outcome.alerts.values()],
        "escalations": outcome.escalations,
        "notifications": [(n.id, n.person, n.channel, n.code) for n in outcome.notifications],
        "reached": [(j.severity, j.reached, j.condition, j.since) for j in outcome.judgements],
        "entries": outcome.entries,
    }


@pytest.mark.parametrize("prefix", ["", "exercise/spring/"])
async def test_a_service_restarted_after_each_batch_decides_as_one_that_never_stopped(
    path: Path, knowledge: Knowledge, prefix: str
) -> None:
    steady = Memory.empty("yunxi", NOW)
    for n in range(len(NIGHT)):
        async with Store.opened(path) as store:
            restarted = await store.load_memory(knowledge, when(n))
            restarted.listening_since = steady.listening_since
            expected = decided(knowledge, steady, n, prefix)
            assert meaning(decided(knowledge, restarted, n, prefix)) == meaning(expected)
            async with store.writing() as tx:
                await tx.keep(expected)
            steady.swap(expected)
    assert steady.alerts
    assert len(steady.codes) == 1


async def test_what_stands_is_what_was_kept(path: Path, knowledge: Knowledge) -> None:
    steady = Memory.empty("yunxi", NOW)
    async with Store.opened(path) as store:
        for n in range(5):
            outcome = decided(knowledge, steady, n)
            async with store.writing() as tx:
                await tx.keep(outcome)
            steady.swap(outcome)
        loaded = await store.load_memory(knowledge, when(5))
    assert loaded.alerts == steady.alerts
    assert loaded.codes == steady.codes
    assert loaded.tracks == steady.tracks
    assert loaded.scopes == steady.scopes
