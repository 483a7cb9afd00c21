"""A broken sensor is taken out of service: it judges nothing, and nobody forgets it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor import acts
from monitor.acts import quiet
from monitor.alerting.severity import Severity
from monitor.ingest.observation import QualityFlag
from tests.stories.harness import DAY, Story, story

GAUGE = "shiqiao-level"


async def _out(town: Story, by: str = "desk-2", repair_by: date = date(2026, 7, 20)) -> str:
    said = await quiet.take_out(
        town.desk, GAUGE, "人工观测", repair_by, "探头损坏", by, owner="area-west"
    )
    await town.settle()
    return said


async def test_its_readings_are_kept_as_failed_and_judge_nothing(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _out(town)
        outcome = await town.reads(87.9)
        (kept,) = outcome.observations
        assert (kept.flag, kept.reasons[0], kept.value) == (
            QualityFlag.FAIL,
            "out of service",
            87.9,
        )
        assert outcome.judgements == []
        assert await town.store.alerts(town.desk.actual) == []


async def test_one_in_service_at_the_same_value_calls(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        assert "mayor" in town.who_rang()


async def test_what_it_held_stays_until_somebody_reads_the_staff_gauge(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.3)
        town.told()
        await _out(town)
        for _ in range(8):
            await town.waits(minutes=5)
            await town.reads(84.0)
        assert (await town.the_alert()).severity is Severity.ORANGE
        for _ in range(8):
            await acts.read_gauge(town.desk, "shiqiao", 85.0, "desk-2")
            await town.waits(minutes=5)
        assert not (await town.the_alert()).is_active
        town.told()


async def test_what_it_held_stays_until_somebody_stands_down(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.3)
        await _out(town)
        await acts.stand_down(town.desk, "shiqiao", "mayor")
        await town.settle()
        town.told()
        assert not (await town.the_alert()).is_active


async def test_in_service_a_stand_down_leaves_what_the_gauge_says(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.3)
        await acts.stand_down(town.desk, "shiqiao", "mayor")
        await town.settle()
        town.told()
        assert (await town.the_alert()).is_active


async def test_silence_says_nothing_of_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        for value in (85.6, 85.8, 86.0, 86.1):
            await town.reads(value)
            await town.waits(minutes=5)
        await _out(town)
        await town.waits(hours=1)
        town.nothing_rang()


async def test_back_in_service_the_next_good_value_judges(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(85.0)
        await _out(town)
        await town.waits(minutes=5)
        await town.reads(12.0)
        await quiet.put_back(town.desk, GAUGE, "desk-3")
        await town.waits(minutes=5)
        assert not (await town.store.alerts(town.desk.actual))
        await town.reads(87.9)
        assert "mayor" in town.who_rang()


async def test_it_survives_a_restart(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(85.0)
        await _out(town)
        await town.waits(minutes=5)
        await town.reads(84.0)
    before = {key: trail.state for key, trail in town.ingest.memory.trails.items()}
    async with story(tmp_path, phones=town.phones) as again:
        after = {key: trail.state for key, trail in again.ingest.memory.trails.items()}
        assert after == before
        await again.waits(minutes=5)
        await again.reads(87.9)
        again.nothing_rang()
        await quiet.put_back(again.desk, GAUGE, "desk-3")
        await again.waits(minutes=5)
        await again.reads(87.8)
        assert "mayor" in again.who_rang()


@pytest.mark.parametrize("value", [87.9, 91.0])
async def test_while_it_shows_red_it_takes_two_persons(tmp_path: Path, value: float) -> None:
    """Also where the red it shows is doubted and stands at yellow."""
    async with story(tmp_path) as town:
        await town.reads(85.0)
        await town.waits(minutes=1 if value > 90 else 60)
        await town.reads(value)
        town.told()
        assert "第二人" in await _out(town)
        await town.waits(minutes=5)
        outcome = await town.reads(value)
        assert outcome.observations[0].flag is not QualityFlag.FAIL
        for same in ("desk-2", "area-west"):
            with pytest.raises(acts.ActRefused):
                await quiet.agree_out(town.desk, GAUGE, same)
        await quiet.agree_out(town.desk, GAUGE, "desk-3")
        outcome = await town.reads(value, ago=timedelta(seconds=-30))
        assert outcome.observations[0].flag is QualityFlag.FAIL
        town.told()


async def test_below_red_one_person_is_enough(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.3)
        assert "已停用" in await _out(town)
        town.told()


async def test_a_late_block_of_its_own_time_judges_nothing_after_it_is_back(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(85.0)
        await _out(town)
        await town.waits(minutes=30)
        await quiet.put_back(town.desk, GAUGE, "desk-3")
        outcome = await town.reads(87.9, ago=timedelta(minutes=20))
        assert outcome.observations[0].flag is QualityFlag.FAIL
        assert await town.store.alerts(town.desk.actual) == []


async def test_it_stays_a_finding_and_overdue_is_said(tmp_path: Path) -> None:
    async with story(tmp_path, DAY) as town:
        await town.reads(85.0)
        await _out(town, "desk-3", date(2026, 7, 16))
        await town.sweeps()
        assert await _findings(town) == [("", "石桥站水位计停用，由人工观测代替")]
        town.clock.seconds += 2 * 86400
        await town.sweeps()
        ((period, _),) = await _findings(town)
        assert period == "overdue 2026-07-16"
        await quiet.put_back(town.desk, GAUGE, "desk-3")
        await town.reads(85.0)
        await town.sweeps()
        assert await _findings(town) == []
        town.told()


async def _findings(town: Story) -> list[tuple[str, str]]:
    rows = await town.store.open_findings(town.desk.actual)
    found = [row.finding for row in rows if row.finding.subject == GAUGE]
    assert {one.check for one in found} <= {"sensor_out"}
    return [(one.period, one.text.split("，负责人")[0]) for one in found]


async def test_what_was_never_out_cannot_be_put_back(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        with pytest.raises(acts.ActRefused):
            await quiet.put_back(town.desk, GAUGE, "desk-3")
        with pytest.raises(acts.ActRefused):
            await quiet.take_out(town.desk, GAUGE, "人工观测", date(2026, 7, 1), "", "desk-2")
