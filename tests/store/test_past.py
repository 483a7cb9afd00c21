"""A block that comes hours late, after a restart: the store tells what memory does not know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.alerting.severity import Severity
from monitor.judging.memory import Knowledge, Memory, Outcome, SensorKey
from monitor.judging.recent import LEAD
from monitor.pipeline import decide, hear, missing
from monitor.scope import Scope, Status
from monitor.store.store import Store
from tests.habits.town import SHIPPED, message, with_gauges

NOON = datetime(2026, 7, 15, 4, tzinfo=UTC)
STEP = timedelta(minutes=5)
SCOPE = Scope("yunxi", Status.ACTUAL, "")
LOW, YELLOW = 85.0, 86.6
RUNGS = [{"severity": "yellow", "at": 86.5, "basis": "警戒水位"}]


async def heard(
    store: Store, knowledge: Knowledge, memory: Memory, levels: dict[int, float], now: datetime
) -> Outcome:
    """One batch, by number of the 5-minute value, as the worker takes it."""
    batch = [message(NOON + n * STEP, level, came=now) for n, level in levels.items()]
    intake = hear(knowledge, batch)
    wanted = missing(knowledge, memory, intake, None)
    pasts = await store.pasts(knowledge, wanted, now)
    outcome = decide(knowledge, memory, intake, now, pasts=pasts)
    async with store.writing() as tx:
        await tx.keep(outcome)
    memory.swap(outcome)
    return outcome


async def test_an_hour_that_comes_after_a_restart_is_an_alert_of_the_past(path: Path) -> None:
    knowledge = with_gauges(rule={"rungs": RUNGS, "on_delay": "30 min"})
    async with Store.opened(path) as store:
        memory = Memory.empty("yunxi", NOON)
        for n in (0, *range(13, 25)):
            await heard(store, knowledge, memory, {n: LOW}, NOON + n * STEP)
    now = NOON + 25 * STEP
    async with Store.opened(path) as store:
        memory = await store.load_memory(knowledge, now)
        block = {n: YELLOW if n < 9 else LOW for n in range(1, 13)}
        outcome = await heard(store, knowledge, memory, block, now)
        (past,) = await store.alerts(SCOPE)
    assert (past.worst, past.told) == (Severity.YELLOW, Severity.NORMAL)
    assert (past.opened_at, past.cleared_at) == (NOON + 7 * STEP, NOON + 9 * STEP)
    assert [n.ladder for n in outcome.notifications] == [None]
    assert memory.alerts == {}


async def test_the_past_begins_where_nothing_stood(path: Path) -> None:
    knowledge = with_gauges(rule={"rungs": RUNGS})
    name = SensorKey(SCOPE, SHIPPED)
    async with Store.opened(path) as store:
        memory = Memory.empty("yunxi", NOON)
        for n in range(40):
            level = YELLOW if n in range(6, 30) else LOW
            await heard(store, knowledge, memory, {n: level}, NOON + n * STEP)
        asked = NOON + 39 * STEP
        (past,) = (await store.pasts(knowledge, {name: asked}, asked)).values()
        (alert,) = await store.alerts(SCOPE)
    lead = knowledge.clusters[SHIPPED].lead
    assert lead >= LEAD
    assert past.since <= min(alert.opened_at, asked) - lead
    assert past.observations[0].observed_at >= past.since
