"""A device that floods is cut off and told, and not muted; what merely comes late is not cut."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting.severity import Severity
from monitor.ingest.message import Message
from monitor.ingest.quota import FLOOD, Counting, Device, Meter, Quota
from monitor.ingest.reading import Reading
from monitor.judging.memory import Memory, Outcome
from monitor.pipeline import Intake, decide, hear, within_quota
from monitor.scope import Scope
from tests.stories.harness import NIGHT, Story, example, story

GAUGE, OTHER = "risk/yunxi/shiqiao-level/level", "risk/yunxi/shangyou-level/level"
QUOTA = example().knowledge.quota.per_minute


def said(value: float, at: datetime | None, now: datetime = NIGHT, topic: str = GAUGE) -> Message:
    body = {"value": value} if at is None else {"value": value, "time": at.isoformat()}
    return Message(topic, json.dumps(body).encode(), now, False)


def flood(count: int, now: datetime = NIGHT) -> list[Message]:
    """So many readings of one second, no two of them alike."""
    return [said(86.0, now + timedelta(microseconds=n), now) for n in range(count)]


def passed(town: Story, messages: list[Message]) -> Intake:
    knowledge = town.settings.knowledge
    return within_quota(knowledge, town.ingest.memory, hear(knowledge, messages), town.clock.now())


@pytest.mark.parametrize(
    ("interval", "allowed"),
    [(timedelta(minutes=5), 600), (timedelta(seconds=2), 600), (timedelta(seconds=1), 1200)],
)
def test_the_quota_is_so_many_a_minute_or_so_many_times_what_is_declared(
    interval: timedelta, allowed: int
) -> None:
    assert Quota().of(interval) == allowed


@given(st.lists(st.integers(0, 400), max_size=30), st.integers(10, 300))
def test_in_any_batches_a_minute_admits_the_quota_and_as_many_of_what_it_speaks_of(
    batches: list[int], quota: int
) -> None:
    device, meter, admitted = Device(example_scope(), "g"), Meter(NIGHT), 0
    for batch in batches:
        counting = Counting(meter, NIGHT, 10_000)
        admitted += sum(counting.admits(device, quota, lambda at: at, NIGHT) for _ in range(batch))
        meter.take(counting.meter)
    assert admitted == min(sum(batches), 2 * quota)


def example_scope() -> Scope:
    return hear(example().knowledge, [said(86.0, NIGHT)]).readings[0].scope


async def test_what_is_beyond_is_counted_in_one_row_a_minute(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        for _ in range(10):
            await town.ingest.accept(flood(500, town.clock.now()))
            await town.clock.wait_until(town.clock.now() + timedelta(seconds=2))
        rows = await town.store.quarantined(town.desk.actual, 100)
        assert [(q.message.topic, q.reason) for q in rows] == [("shiqiao-level", FLOOD)]
        kept = (await town.store.tally(town.desk.actual))["observations"]
        assert int(rows[0].detail) + kept == 5000 and kept <= 2 * QUOTA + 10
        await town.clock.wait_until(town.clock.now() + timedelta(minutes=1))
        await town.ingest.accept(flood(2 * QUOTA + 100, town.clock.now()))
        rows = await town.store.quarantined(town.desk.actual, 100)
        assert len(rows) == 2
        told = await town.store.floods(town.desk.actual, NIGHT)
        assert told == {"shiqiao-level": sum(int(q.detail) for q in rows)}
        town.told()


async def test_a_breach_in_a_flood_is_told_and_so_is_the_flood(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.0)
        now = town.clock.now()
        crowd = flood(3 * QUOTA, now)
        await town.ingest.accept([*crowd, said(87.9, now + timedelta(seconds=1), now)])
        await town.settle()
        await town.waits(minutes=1)
        await town.reads(87.9)
        assert (await town.the_alert()).severity is Severity.RED
        swept = await town.sweeps()
        (known,) = [k for k in swept.known.standing if k.check == "sensor_flood"]
        assert known.subject == "shiqiao-level"
        town.told()


async def test_of_a_flood_the_newest_is_judged_in_its_batch(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.ingest.accept(flood(3 * QUOTA))
        breach = said(87.9, NIGHT + timedelta(seconds=1))
        intake = passed(town, [*flood(50), breach])
        assert [reading.value for reading in intake.readings] == [87.9]
        outcome = decide(town.settings.knowledge, town.ingest.memory, intake, NIGHT)
        assert [one.value for one in outcome.observations] == [87.9]


async def test_a_queue_that_drains_after_an_hour_is_not_cut(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        back = [NIGHT - timedelta(seconds=6 * n) for n in range(600, 0, -1)]
        queue = [said(86.0, at) for at in back]
        assert len(passed(town, queue * 3).readings) == 1800, "and tripled neither"


async def test_a_logger_that_fills_in_a_month_is_not_cut(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        back = [NIGHT - timedelta(minutes=5 * n) for n in range(8640, 0, -1)]
        intake = passed(town, [said(86.0, at) for at in back])
        assert len(intake.readings) == 8640 and intake.quarantined == ()


async def test_twelve_values_of_an_hour_are_not_cut(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        back = [NIGHT - timedelta(minutes=5 * n) for n in range(12, 0, -1)]
        assert len(passed(town, [said(86.0, at) for at in back]).readings) == 12


def test_a_device_that_makes_up_another_minute_each_time_is_cut_off_and_told() -> None:
    knowledge = replace(example().knowledge, quota=Quota(at_most=1000))
    memory, now = Memory.empty(knowledge.township, NIGHT), NIGHT
    rows = []
    for batch in range(6):
        back = [NIGHT - timedelta(minutes=batch * 500 + n) for n in range(2, 502)]
        intake = within_quota(
            knowledge, memory, hear(knowledge, [said(86, at) for at in back]), now
        )
        memory.swap(Outcome(meter=intake.meter))
        rows.append((len(intake.readings), [(q.reason, q.detail) for q in intake.quarantined]))
    assert rows[:3] == [(500, []), (500, []), (1, [(FLOOD, "499")])]
    assert rows[3:] == [(1, [(FLOOD, str(n * 499))]) for n in (2, 3, 4)]


async def test_a_clock_that_runs_ahead_buys_no_quota(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        ahead = [said(86.0, NIGHT + timedelta(hours=n)) for n in range(1, 3 * QUOTA)]
        assert len(passed(town, ahead).readings) <= 2 * QUOTA + 1


async def test_the_others_are_untouched_and_in_their_order(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        good = [said(85.0 + n / 100, NIGHT + timedelta(seconds=n), topic=OTHER) for n in range(9)]
        crowd = flood(5000)
        mixed = [m for n, one in enumerate(good) for m in (*crowd[n * 500 : n * 500 + 500], one)]
        heard = [r for r in passed(town, mixed).readings if r.sensor == "shangyou-level"]
        assert [r.value for r in heard] == [85.0 + n / 100 for n in range(9)]


async def test_a_flood_of_rubbish_fills_no_disk_and_spends_its_devices_quota(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        rubbish = [Message(GAUGE, b"?%d" % n, NIGHT, False) for n in range(5000)]
        intake = passed(town, rubbish)
        *kept, counted = intake.quarantined
        assert len(kept) == 2 * QUOTA
        assert (counted.message.topic, counted.reason) == ("shiqiao-level", FLOOD)
        assert int(counted.detail) == 5000 - 2 * QUOTA


async def test_a_batch_that_was_rolled_back_is_counted_once(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        first = passed(town, flood(2 * QUOTA + 5))
        again = passed(town, flood(2 * QUOTA + 5))
        assert first == again, "memory learns of it at the swap alone"


async def test_a_device_keeps_what_its_quota_cut_off_for_nobody_says_that_it_is_kept(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        named: list[Reading] = []
        town.ingest.committed = named.extend
        outcome = await town.ingest.take(flood(3 * QUOTA))
        assert {one.key for one in named} == {one.key for one in outcome.observations}
        assert len(named) < 3 * QUOTA
        town.told()
