from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.clock import Clock
from monitor.judging.memory import Memory
from monitor.notify.channel import Receipt, SendOutcome
from monitor.readiness.checks import person_unreachable, plan_expired, sensor_silent
from monitor.readiness.facts import Facts
from monitor.readiness.finding import ScheduledCheck
from monitor.scope import Scope, Status
from monitor.store.store import Store
from monitor.workers.schedule import AT_LATEST, Schedule, hourly
from monitor.workers.supervise import Progress
from tests import clocks
from tests.readiness.township import NOW, ZONE, facts, local, plan

SCOPE = Scope("yunxi", Status.ACTUAL, "")
CHECKS = tuple(
    ScheduledCheck(module.CHECK, module.CHECK.parameters())
    for module in (person_unreachable, plan_expired, sensor_silent)
)


@dataclass
class HandClock:
    """Moved by hand; `elapsed` stands still."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def elapsed(self) -> float:
        return 0.0

    def wall_step(self) -> timedelta:
        return timedelta(0)

    async def wait(self, seconds: float) -> None:
        await asyncio.Event().wait()  # until it is cancelled

    async def wait_until(self, when: datetime) -> None:
        await asyncio.Event().wait()


class Impatient(clocks.HandClock):
    """Whoever waits a while moves it."""

    async def wait_until(self, when: datetime) -> None:
        await asyncio.Event().wait()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store.opened(tmp_path / "monitor.db") as opened:
        yield opened


def schedule(store: Store, known: Facts, at: datetime = NOW) -> Schedule:
    memory = Memory.empty("yunxi", at)
    return Schedule(
        scope=SCOPE,
        facts=known,
        checks=CHECKS,
        memory=lambda: memory,
        store=store,
        clock=HandClock(at),
        progress=Progress(),
        minute=10,
    )


EXPIRED = facts(plans=(plan("flood", expires=local("2026-05-10").date()),))


async def texts(store: Store) -> list[str]:
    async with store.writing() as tx:
        claims = await tx.claim("sms", NOW + timedelta(days=99), 0.0, 60.0, 10)
    return [claim.notification.text for claim in claims]


async def test_the_first_start_lists_and_sends_nothing_and_a_week_later_the_owner_is_told(
    store: Store,
) -> None:
    worker = schedule(store, EXPIRED)
    first = await worker.sweep_now()
    assert [f.check for f in first.opened] == ["plan_expired"]
    worker.clock = HandClock(NOW + timedelta(days=6))
    six_days_on = Memory.empty("yunxi", worker.clock.now())
    worker.memory = lambda: six_days_on
    assert (await worker.sweep_now()).bundles == ()
    worker.clock = HandClock(NOW + timedelta(days=7))
    a_week_on = Memory.empty("yunxi", worker.clock.now())
    worker.memory = lambda: a_week_on
    await worker.sweep_now()
    assert await texts(store) == [
        "【云溪镇政府】预案提醒：防汛预案已于5月10日到期，请应急站站长于6月9日前修订报批备案。"
        "新案印发前仍按原案执行。"
    ]


async def test_a_restart_tells_nobody_twice(store: Store) -> None:
    await schedule(store, facts()).sweep_now()
    assert (await schedule(store, EXPIRED).sweep_now()).bundles
    assert (await schedule(store, EXPIRED).sweep_now()).bundles == ()
    assert len(await texts(store)) == 1
    assert await store.verify(SCOPE) is None


async def dies(store: Store) -> None:
    """The planner is told of a plan, and the provider says that the phone is dead."""
    await schedule(store, facts()).sweep_now()
    await schedule(store, EXPIRED).sweep_now()
    async with store.writing() as tx:
        (claim,) = await tx.claim("sms", NOW, 0.0, 60.0, 1)
        dead = Receipt(SendOutcome.REFUSED, "", "停机", blames_person=True)
        await tx.record(claim.notification.id, claim.attempt, dead, NOW)


async def test_a_dead_phone_is_found_by_the_call_that_failed(store: Store) -> None:
    await dies(store)
    found = await schedule(store, facts()).sweep_now()
    assert [f.key for f in found.opened] == [("person_unreachable", "planner", "")]
    assert [f.check for f in (await schedule(store, facts()).sweep_now()).opened] == []


async def test_a_number_that_was_mended_is_not_dead_any_more(store: Store) -> None:
    await dies(store)
    await schedule(store, facts()).sweep_now()
    people = EXPIRED.directory.people
    mended = people.persons["planner"].model_copy(update={"phone": "13800000002"})
    renewed = replace(people, persons={**people.persons, "planner": mended})
    known = facts(directory=replace(EXPIRED.directory, people=renewed))
    assert (await schedule(store, known).sweep_now()).closed == (
        ("person_unreachable", "planner", ""),
    )


async def test_a_sensor_is_silent_for_as_long_as_this_run_has_listened(store: Store) -> None:
    worker = schedule(store, facts())
    assert (await worker.sweep_now()).opened == ()
    worker.clock = HandClock(NOW + timedelta(minutes=16))
    assert [f.check for f in (await worker.sweep_now()).opened] == ["sensor_silent"]


async def test_the_worker_sweeps_at_once_and_stops_when_told(store: Store) -> None:
    worker = schedule(store, facts())
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        while worker.progress.done == 0:
            await store.known_findings(SCOPE)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await store.known_findings(SCOPE) is not None


async def test_it_takes_turns_while_it_waits_and_sweeps_though_nobody_rings(store: Store) -> None:
    worker = schedule(store, facts())
    clock = Impatient(NOW)
    worker.clock = clock
    turns: list[int] = []

    class Turns(Progress):
        def step(self, clock: Clock, count: int = 1) -> None:
            turns.append(count)
            super().step(clock, count)

    worker.progress = Turns()
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        while worker.progress.done < 2:
            await store.known_findings(SCOPE)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    first, second = (n for n, count in enumerate(turns) if count)
    assert second > first + 1, "between two sweeps it says that it lives"
    assert clock.now() >= NOW + AT_LATEST


async def test_the_scheduler_rings_hourly_in_the_townships_zone_and_drops_no_late_ring() -> None:
    async def ring() -> None: ...

    (job,) = hourly(ring, 10, ZONE).get_jobs()
    assert job.trigger.get_next_fire_time(None, NOW) == NOW + timedelta(minutes=10)
    assert job.trigger.timezone == ZONE
    assert (job.coalesce, job.misfire_grace_time) == (True, 6 * 3600)


async def test_a_sweep_with_a_defect_waits_for_the_next_ring_and_ends_nothing(
    store: Store,
) -> None:
    worker = schedule(store, facts())

    def lost() -> Memory:
        raise ZeroDivisionError

    worker.memory = lost
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        while worker.progress.failures == 0:
            await store.known_findings(SCOPE)
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
