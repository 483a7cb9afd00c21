"""Hours and days say what all readings said, however late, corrected or long gone those are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.observation import Observation, QualityFlag
from monitor.judging.memory import Outcome
from monitor.store.series import By, Point, Series
from monitor.store.store import Store
from monitor.workers.rollups import Rollups
from monitor.workers.supervise import Board
from tests.clocks import HandClock
from tests.store.scenes import ACTUAL, alert, observed
from tests.stories.harness import example

ZONE = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 6, 30, 16, tzinfo=UTC)
"""Of 1 July in the township."""
SENSOR = "shiqiao-level"
NEIGHBOURS = (SENSOR, "manshui-level")
HOUR = timedelta(hours=1)
KEEP = timedelta(days=30)
BEYOND = timedelta(days=70)
"""A span that a chart shows by days."""


def reading(minute: float, value: float | None = 1.0, **more: Any) -> Observation:
    """Of that minute after midnight, received at once unless it says otherwise."""
    at = MIDNIGHT + timedelta(minutes=minute)
    wanted = {
        "sensor": SENSOR,
        "key": f"1:{minute}",
        "observed_at": at,
        "device_time": at,
        "received_at": at,
        "value": value,
    }
    return observed(**(wanted | more))


def rollups(store: Store, clock: HandClock, keep: timedelta | None = KEEP) -> Rollups:
    return Rollups(example().knowledge, store, clock, Board(), ZONE, (keep, 3 * KEEP))


async def kept(store: Store, *some: Observation, corrected: Iterable[Observation] = ()) -> None:
    outcome = Outcome(observations=list(some))
    for one in corrected:
        outcome.judged_again[(Any, one.key)] = one  # type: ignore[index] # only its values are read
    async with store.writing() as tx:
        await tx.keep(outcome)


async def settled(worker: Rollups) -> None:
    while await worker.step():
        pass


async def hours(store: Store, begin: datetime = MIDNIGHT, span: timedelta = 26 * HOUR) -> Series:
    return await store.series(ACTUAL, SENSOR, begin, begin + span)


def numbers(point: Point) -> tuple[Any, ...]:
    return (point.low, point.high, point.total, point.believed, point.doubted, point.worst)


async def test_an_hour_holds_what_can_be_believed_and_tells_of_the_rest(store: Store) -> None:
    clock = HandClock(MIDNIGHT + 2 * HOUR)
    await kept(
        store,
        reading(0, 1.0),
        reading(1, 3.0, flag=QualityFlag.UNKNOWN),
        reading(2, 99.0, flag=QualityFlag.SUSPECT),
        reading(3, -9999.0, flag=QualityFlag.FAIL),
        reading(4, None, flag=QualityFlag.MISSING),
        reading(59, 7.0, retained=True),
    )
    await settled(rollups(store, clock))
    (point,) = (await hours(store)).points
    assert numbers(point) == (1.0, 3.0, 4.0, 2, 3, 9) and point.mean == 2.0
    assert point.at == MIDNIGHT


async def test_what_comes_late_and_what_is_corrected_changes_its_hour_and_its_day(
    store: Store,
) -> None:
    clock = HandClock(MIDNIGHT + 30 * HOUR)
    worker = rollups(store, clock)
    await kept(store, reading(0, 1.0), reading(61, 2.0))
    await settled(worker)
    await kept(store, reading(30, 5.0, received_at=clock.now(), late=True))
    await settled(worker)
    first, second = (await hours(store)).points
    assert numbers(first)[:4] == (1.0, 5.0, 6.0, 2) and numbers(second)[:4] == (2.0, 2.0, 2.0, 1)
    await kept(store, corrected=[reading(30, 5.0, flag=QualityFlag.FAIL)])
    await settled(worker)
    assert numbers((await hours(store)).points[0]) == (1.0, 1.0, 1.0, 1, 1, 4)
    days = await hours(store, MIDNIGHT - BEYOND, 2 * BEYOND)
    assert days.by is By.DAY
    assert [numbers(day) for day in days.points] == [(1.0, 2.0, 3.0, 2, 1, 4)]


async def test_a_reading_that_comes_while_its_hour_is_counted_is_not_lost(store: Store) -> None:
    clock = HandClock(MIDNIGHT + 2 * HOUR)
    worker = rollups(store, clock)
    await kept(store, reading(0, 1.0))
    await settled(worker)
    await kept(store, reading(1, 2.0))
    (due,) = await store.rollups_due(1)
    counted = await store.count_rollup(due)
    await kept(store, reading(2, 3.0))
    async with store.writing() as tx:
        assert not await tx.keep_rollup(due, counted, ZONE)
    await settled(worker)
    assert numbers((await hours(store)).points[0])[:4] == (1.0, 3.0, 6.0, 3)


async def test_the_hour_that_is_not_over_is_shown_and_not_kept(store: Store) -> None:
    clock = HandClock(MIDNIGHT + 1.5 * HOUR)
    await kept(store, reading(10, 1.0), reading(70, 2.0))
    await settled(rollups(store, clock))
    assert [p.high for p in (await hours(store, MIDNIGHT - 26 * HOUR, 27.5 * HOUR)).points] == [
        1.0,
        2.0,
    ]


async def test_old_readings_go_and_their_hours_and_days_stay(store: Store) -> None:
    clock = HandClock(MIDNIGHT + KEEP + 2 * HOUR)
    await kept(store, *(reading(minute, float(minute)) for minute in range(240)))
    await settled(rollups(store, clock))
    assert (await store.tally(ACTUAL))["observations"] == 120
    assert [p.believed for p in (await hours(store)).points] == [60, 60, 60, 60]
    short = await hours(store, MIDNIGHT, HOUR)
    assert short.by is By.HOUR and len(short.points) == 1, "single readings are not there any more"


async def test_what_comes_for_an_hour_whose_readings_have_gone_is_added_once(store: Store) -> None:
    clock = HandClock(MIDNIGHT + KEEP + 2 * HOUR)
    worker = rollups(store, clock)
    await kept(store, reading(0, 1.0), reading(1, 3.0))
    await settled(worker)
    await kept(store, reading(2, 9.0, received_at=clock.now(), late=True))
    await settled(worker)
    clock.seconds += 3600
    await settled(worker)
    assert numbers((await hours(store)).points[0])[:4] == (1.0, 9.0, 13.0, 3)
    assert (await store.tally(ACTUAL))["observations"] == 0


async def test_the_readings_around_an_alert_stay_longer(store: Store) -> None:
    clock = HandClock(MIDNIGHT + 2 * KEEP)
    at = MIDNIGHT + 3 * 24 * HOUR
    over = alert(site="shiqiao", opened_at=at, cleared_at=at + HOUR, updated_at=at)
    async with store.writing() as tx:
        await tx.keep_alerts([over])
    await kept(store, *(reading(day * 1440, sensor=s) for day in range(7) for s in NEIGHBOURS))
    worker = rollups(store, clock)
    await settled(worker)
    left = await store.observations(ACTUAL, SENSOR, MIDNIGHT, clock.now())
    assert [o.observed_at for o in left] == [at + d * 24 * HOUR for d in (-1, 0, 1)]
    assert not await store.observations(ACTUAL, NEIGHBOURS[1], MIDNIGHT, clock.now())
    clock.seconds += 3 * KEEP.total_seconds()
    await settled(worker)
    assert (await store.tally(ACTUAL))["observations"] == 0


async def test_always_means_always(store: Store) -> None:
    clock = HandClock(MIDNIGHT + 100 * KEEP)
    await kept(store, reading(0))
    await settled(rollups(store, clock, keep=None))
    assert (await store.tally(ACTUAL))["observations"] == 1


async def test_each_scope_has_hours_of_its_own(store: Store) -> None:
    clock = HandClock(MIDNIGHT + 2 * HOUR)
    drill = ACTUAL._replace(drill_id="spring")
    await kept(store, reading(0, 1.0), reading(0, 8.0, scope=drill))
    await settled(rollups(store, clock))
    assert [p.high for p in (await hours(store)).points] == [1.0]


MINUTES = st.integers(0, 59)
ARRIVALS = st.lists(
    st.tuples(st.integers(0, 5), MINUTES, st.integers(-9, 9), st.sampled_from(list(QualityFlag))),
    min_size=1,
    max_size=25,
)


@settings(max_examples=25)
@given(arrivals=ARRIVALS, every=st.integers(1, 5), thin=st.booleans())
def test_however_readings_arrive_the_hours_are_those_of_all_of_them(
    arrivals: list[tuple[int, int, int, QualityFlag]], every: int, thin: bool
) -> None:
    with TemporaryDirectory() as folder:
        got, wanted = asyncio.run(_played(Path(folder), arrivals, every, thin))
    assert got == wanted


async def _played(
    folder: Path, arrivals: list[tuple[int, int, int, QualityFlag]], every: int, thin: bool
) -> tuple[dict[datetime, tuple[Any, ...]], dict[datetime, tuple[Any, ...]]]:
    clock = HandClock(MIDNIGHT + (KEEP + 3 * HOUR if thin else 6 * HOUR))
    by_hour: dict[datetime, list[tuple[float, QualityFlag]]] = {}
    async with Store.opened(folder / "s.sqlite") as store:
        worker = rollups(store, clock)
        for n, (hour, minute, value, flag) in enumerate(arrivals):
            clock.seconds += 1
            at = hour * 60 + minute
            arrived = reading(at, float(value), key=f"1:{n}", flag=flag, received_at=clock.now())
            await kept(store, arrived)
            by_hour.setdefault(MIDNIGHT + hour * HOUR, []).append((float(value), flag))
            if n % every == 0:
                await settled(worker)
        clock.seconds += 3600
        await settled(worker)
        got = {p.at: numbers(p) for p in (await hours(store)).points}
    wanted: dict[datetime, tuple[Any, ...]] = {}
    for hour_start, told in by_hour.items():
        good = [v for v, flag in told if flag <= QualityFlag.UNKNOWN]
        counts = (len(good), len(told) - len(good), max(flag for _, flag in told))
        wanted[hour_start] = (
            (min(good), max(good), sum(good), *counts) if good else (None, None, None, *counts)
        )
    return got, wanted


@pytest.fixture
async def store(tmp_path: Path) -> Any:
    async with Store.opened(tmp_path / "s.sqlite") as opened:
        yield opened
