"""A device out of order is told to whoever owns it; an unknown one and a stepped clock too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.readiness.checks import (
    clock_step,
    restored,
    sensor_doubtful,
    sensor_flood,
    sensor_gap,
    sensor_unknown,
)
from monitor.readiness.facts import Gap
from monitor.store.restoring import Restored
from tests.readiness.township import GAUGE, NOW, facts


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        (("flat line",), "数据长时间不变，疑似卡住"),
        (("clock ahead",), "时钟快了"),
        (("no value", "clock off"), "设备报无数据、时钟慢了"),
    ],
)
def test_a_doubted_device_is_told_to_its_owner(reasons: tuple[str, ...], words: str) -> None:
    owned = GAUGE.model_copy(update={"owner": "planner"})
    known = facts(sensors={"gauge": owned}, doubts={"gauge": reasons})
    (finding,) = sensor_doubtful.CHECK.find(known, sensor_doubtful.Parameters(), NOW)
    assert finding.owner == "planner"
    assert words in finding.text


@pytest.mark.parametrize("reasons", [("spike",), ("rate of change",), ("staff gauge",), ()])
def test_a_fast_rise_is_no_fault_of_the_device(reasons: tuple[str, ...]) -> None:
    known = facts(sensors={"gauge": GAUGE}, doubts={"gauge": reasons})
    assert sensor_doubtful.CHECK.find(known, sensor_doubtful.Parameters(), NOW) == ()


def test_a_sensor_that_nobody_entered_is_told_with_what_it_sent() -> None:
    known = facts(unknown={"new-gauge": 12})
    (finding,) = sensor_unknown.CHECK.find(known, sensor_unknown.Parameters(), NOW)
    assert finding.key == ("sensor_unknown", "new-gauge", "")
    assert "“new-gauge”一天内来了12条数据" in finding.text


@pytest.mark.parametrize(("seconds", "words"), [(3600, "调快了3600秒"), (-3, "调慢了3秒")])
def test_a_stepped_clock_is_told(seconds: int, words: str) -> None:
    known = facts(clock_step=timedelta(seconds=seconds))
    (finding,) = clock_step.CHECK.find(known, clock_step.Parameters(), NOW)
    assert words in finding.text


def test_a_clock_that_only_drifts_is_not() -> None:
    known = facts(clock_step=timedelta(seconds=-2))
    assert clock_step.CHECK.find(known, clock_step.Parameters(), NOW) == ()


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ((Gap("1", 7, 7),), "一天内缺1条数据（序号7）"),
        ((Gap("1", 7, 9), Gap("1", 12, 12)), "一天内缺4条数据（序号7–9、12）"),
        (tuple(Gap("1", n, n) for n in (1, 3, 5, 7)), "一天内缺4条数据（序号1、3、5等4处）"),
    ],
)
def test_what_a_device_numbered_and_never_came_is_told(gaps: tuple[Gap, ...], words: str) -> None:
    known = facts(sensors={"gauge": GAUGE}, gaps={"gauge": gaps, "taken-away": gaps})
    (finding,) = sensor_gap.CHECK.find(known, sensor_gap.Parameters(), NOW)
    assert finding.key == ("sensor_gap", "gauge", "")
    assert words in finding.text


def test_a_device_that_floods_is_told_to_its_owner() -> None:
    known = facts(floods={"gauge": 7000, "risk/yunxi/nobody/level": 3})
    ours, strange = sensor_flood.CHECK.find(known, sensor_flood.Parameters(), NOW)
    assert "7000" in ours.text and ours.key == ("sensor_flood", "gauge", "")
    assert strange.owner == known.desk()


def test_a_store_that_was_put_back_is_told_to_the_desk_for_three_days() -> None:
    known = Restored(NOW - timedelta(minutes=34), NOW - timedelta(minutes=30), 7, ("a",))
    (finding,) = restored.CHECK.find(facts(restored=known), restored.Parameters(), NOW)
    assert "缺05-13 09:26至05-13 09:30；7条待发消息" in finding.text
    later = NOW + timedelta(days=3)
    assert restored.CHECK.find(facts(restored=known), restored.Parameters(), later) == ()
    assert restored.CHECK.find(facts(), restored.Parameters(), NOW) == ()
