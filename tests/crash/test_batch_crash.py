"""A night of readings, the power cut at every call: the batch comes again and is decided again.

    load memory → decide → keep in one transaction → swap → acknowledge

What was not acknowledged is delivered again by the broker, to a service that remembers only
what the store holds.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.ingest.message import Message
from monitor.judging.memory import Knowledge, Memory
from monitor.pipeline import decide, hear
from monitor.scope import Scope, Status
from monitor.settings import load
from monitor.store.store import Store
from tests.crash.plug import Plug, every_crash

ACTUAL = Scope("yunxi", Status.ACTUAL, "")
NOW = datetime(2026, 7, 15, 18, 0, tzinfo=UTC)
NIGHT = (85.0, 86.3, 87.9)
"""Levels of the town's gauge, five minutes apart: calm, blue, red."""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    config = Path(__file__).parents[2] / "config"
    return load(config, {"MONITOR_TOKEN": "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"}).knowledge


def when(n: int) -> datetime:
    return NOW + timedelta(minutes=5 * n)


def batch(n: int) -> list[Message]:
    topic = "risk/yunxi/shiqiao-level/level"
    good = json.dumps({"value": NIGHT[n], "time": when(n).isoformat()})
    return [Message(topic, body.encode(), when(n), False) for body in (good, "{")]


async def serve(store: Store, knowledge: Knowledge, acknowledged: set[int]) -> None:
    """What the ingest worker does, with what the broker has not seen acknowledged."""
    memory: Memory | None = None
    for n in range(len(NIGHT)):
        if n in acknowledged:
            continue
        memory = memory or await store.load_memory(knowledge, when(n))
        intake = hear(knowledge, batch(n))
        seen = await store.seen([(r.scope, r.sensor, r.key) for r in intake.readings])
        outcome = decide(knowledge, memory, intake, when(n), seen=seen)
        async with store.writing() as tx:
            await tx.keep(outcome)
        memory.swap(outcome)
        acknowledged.add(n)


async def kept(store: Store) -> dict[str, object]:
    """All that must be there once; a message's words may lack the rate after a restart."""
    alerts = await store.alerts(ACTUAL)
    return {
        "counts": await store.tally(ACTUAL),
        "alerts": [(a.id, a.severity, a.opened_at) for a in alerts],
        "escalations": [e for a in alerts for e in await store.escalations_of(a.id)],
        "calls": [c.notification.id for a in alerts for c in await store.calls(a.id)],
        "journal": [json.loads(line.text) for line in await store.journal(ACTUAL)],
        "broken": await store.verify(ACTUAL),
    }


async def test_no_reading_is_lost_and_nothing_is_doubled_wherever_the_power_goes(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.db"
    async with Store.opened(empty):
        pass
    acknowledged: set[int] = set()

    async def run(path: Path, plug: Plug) -> None:
        acknowledged.clear()
        async with Store.opened(path) as store:
            await serve(store, knowledge, acknowledged)

    found = []
    async for crash in every_crash(run, tmp_path, prepared=empty):
        async with Store.opened(crash.path) as store:
            await serve(store, knowledge, set(acknowledged))
            found.append(await kept(store))
    expected = found[-1]
    assert expected["counts"] == {"observations": 3, "quarantine": 3}
    assert expected["calls"]
    assert expected["broken"] is None
    assert [n for n, after in enumerate(found) if after != expected] == []
    assert len(found) > 40, "the harness saw too few calls to be believed"
