"""Trips at the limit, lets go below limit − deadband, asks about what it doubts."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.alerting.ladder import Rungs
from monitor.alerting.rule import Judgement
from monitor.alerting.rules.limit import RULE
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.observation import Observation, QualityFlag
from tests.alerting.world import T0, World, judge, minutes, rule, seen

LADDER = [
    {"severity": "blue", "at": 2.0, "basis": "关注"},
    {"severity": "yellow", "at": 3.0, "basis": "警戒水位"},
    {"severity": "orange", "at": 4.0, "basis": "准备转移"},
    {"severity": "red", "at": 5.0, "basis": "立即转移"},
]
NORMAL, BLUE, YELLOW, ORANGE, RED = Severity


def standings(values: list[float], **parameters: Any) -> list[Severity]:
    watch = rule(RULE, {"rungs": LADDER, **parameters})
    series = [seen(value, T0 + minutes(5 * n)) for n, value in enumerate(values)]
    return [judgement.severity for judgement in judge(watch, series)]


def test_a_value_on_the_limit_trips() -> None:
    assert standings([2.999, 3.0, 5.0]) == [BLUE, YELLOW, RED]


def test_a_third_of_a_millimetre_below_the_limit_is_on_it_and_a_whole_one_is_not() -> None:
    assert standings([2.9997]) == [YELLOW]
    assert standings([2.999]) == [BLUE]


def test_floats_that_add_up_to_the_limit_are_on_it() -> None:
    rungs = [{"severity": "red", "at": 0.1 + 0.2, "basis": "桥面高程"}]
    assert standings([0.3], rungs=rungs) == [RED]


def test_it_lets_go_below_the_limit_less_the_deadband_and_not_on_it() -> None:
    assert standings([3.0, 2.9, 2.8, 2.799], deadband=0.2) == [YELLOW, YELLOW, YELLOW, BLUE]


def test_a_rung_stands_only_after_the_on_delay() -> None:
    assert standings([3.0, 3.1, 3.2], on_delay="10 min") == [NORMAL, NORMAL, YELLOW]


def test_each_rung_waits_for_itself() -> None:
    assert standings([3.0, 5.0, 5.0, 5.0], on_delay="10 min") == [NORMAL, NORMAL, YELLOW, RED]


def test_a_level_that_hovers_at_the_limit_does_alarm() -> None:
    values = [3.0, 2.99, 3.0, 2.99]
    assert standings(values, deadband=0.1, on_delay="15 min")[-1] is YELLOW
    assert standings(values, deadband=0.0, on_delay="15 min")[-1] is not YELLOW


def test_it_falls_only_after_the_off_delay() -> None:
    assert standings([3.0, 1.0, 1.0, 1.0], off_delay="10 min") == [YELLOW, YELLOW, YELLOW, NORMAL]


def test_a_long_pause_proves_no_duration() -> None:
    watch = rule(RULE, {"rungs": LADDER, "on_delay": "10 min"})
    series = [seen(3.0, T0), seen(3.0, T0 + minutes(16)), seen(3.0, T0 + minutes(26))]
    assert [j.severity for j in judge(watch, series)] == [NORMAL, NORMAL, YELLOW]


def test_the_judgement_names_its_rung() -> None:
    watch = rule(RULE, {"rungs": LADDER})
    (judgement,) = judge(watch, [seen(4.2, T0)])
    assert (judgement.basis, judgement.limit, judgement.since) == ("准备转移", 4.0, T0)
    assert judgement.condition is Condition.OVER


def test_a_severity_without_a_rung_is_never_stopped_at() -> None:
    rungs = [LADDER[0], LADDER[3]]
    assert standings([2.0, 4.99, 5.0, 4.95, 4.8], rungs=rungs, deadband=0.1) == [
        BLUE,
        BLUE,
        RED,
        RED,
        BLUE,
    ]


def test_a_doubtful_red_asks_at_yellow_and_a_good_one_makes_it_red_at_once() -> None:
    watch = rule(RULE, {"rungs": LADDER, "on_delay": "30 min"})
    doubtful = seen(5.5, T0, flag=QualityFlag.SUSPECT)
    first, second = judge(watch, [doubtful, seen(5.4, T0 + minutes(5))])
    assert (first.severity, first.reached, first.condition) == (YELLOW, RED, Condition.SUSPECT)
    assert (second.severity, second.condition) == (RED, Condition.OVER)


def test_a_good_value_makes_real_only_what_it_says_itself() -> None:
    watch = rule(RULE, {"rungs": LADDER, "on_delay": "30 min", "off_delay": "30 min"})
    doubtful = seen(5.5, T0, flag=QualityFlag.SUSPECT)
    _, second = judge(watch, [doubtful, seen(3.4, T0 + minutes(5))])
    assert (second.severity, second.condition) == (YELLOW, Condition.OVER)


def test_a_good_value_below_drops_the_doubt() -> None:
    watch = rule(RULE, {"rungs": LADDER})
    doubtful = seen(5.5, T0, flag=QualityFlag.SUSPECT)
    _, second = judge(watch, [doubtful, seen(1.0, T0 + minutes(5))])
    assert (second.severity, second.condition) == (NORMAL, Condition.OK)


def after_a_doubtful_red(minute: float, *more: Observation, **sensor: Any) -> Judgement | None:
    watch, state, world = rule(RULE, {"rungs": LADDER}, **sensor), None, World()
    for observation in (seen(5.5, T0, flag=QualityFlag.SUSPECT), *more):
        state, _ = RULE.fold(watch, state, observation, world)
        assert state and RULE.load(RULE.dump(state)) == state
    assert RULE.tick
    ticked = RULE.tick(watch, "gauge", state, T0 + minutes(minute), world)
    return ticked and ticked[1]


def test_a_doubtful_red_and_then_silence_are_two_signs() -> None:
    assert after_a_doubtful_red(14.9) is None
    real = after_a_doubtful_red(15)
    assert real and (real.severity, real.condition, real.value) == (RED, Condition.OVER, 5.5)


def test_a_sensor_that_still_speaks_is_not_silent_though_it_makes_no_sense() -> None:
    rubbish = seen(0.0, T0 + minutes(10), flag=QualityFlag.FAIL)
    assert after_a_doubtful_red(15, rubbish) is None
    assert after_a_doubtful_red(25, rubbish) is not None


def test_silence_confirms_nothing_where_it_is_normal_or_the_doubt_is_gone() -> None:
    assert after_a_doubtful_red(60, reports="above") is None
    assert after_a_doubtful_red(60, seen(1.0, T0 + minutes(5))) is None


@pytest.mark.parametrize("flag", [QualityFlag.SUSPECT, QualityFlag.FAIL, QualityFlag.MISSING])
def test_what_is_not_good_never_clears(flag: QualityFlag) -> None:
    watch = rule(RULE, {"rungs": LADDER})
    low = seen(None if flag is QualityFlag.MISSING else 0.0, T0 + minutes(5), flag=flag)
    _, held = judge(watch, [seen(5.0, T0), low])
    assert (held.severity, held.value, held.reached) == (RED, None, NORMAL)


@pytest.mark.parametrize("flag", [QualityFlag.FAIL, QualityFlag.MISSING])
def test_fail_and_missing_raise_nothing_though_what_they_reach_is_told(flag: QualityFlag) -> None:
    watch = rule(RULE, {"rungs": LADDER})
    (judgement,) = judge(watch, [seen(9.0, T0)._replace(flag=flag)])
    assert (judgement.severity, judgement.reached, judgement.value) == (NORMAL, RED, None)


def test_a_retained_value_is_not_judged() -> None:
    (judgement,) = judge(rule(RULE, {"rungs": LADDER}), [seen(9.0, T0, retained=True)])
    assert (judgement.severity, judgement.value) == (NORMAL, None)


def test_the_first_reading_has_no_predecessor_and_may_be_the_flood() -> None:
    (judgement,) = judge(rule(RULE, {"rungs": LADDER}), [seen(9.0, T0, flag=QualityFlag.UNKNOWN)])
    assert judgement.severity is RED


def test_the_flood_season_has_a_lower_limit_and_goes_by_the_local_date() -> None:
    season = [
        {"severity": "yellow", "at": 101.5, "basis": "汛限水位", "from": "04-15", "to": "10-15"},
        {"severity": "yellow", "at": 103.0, "basis": "正常蓄水位", "from": "10-16", "to": "04-14"},
    ]
    watch = rule(RULE, {"rungs": season})
    eve = T0.replace(month=4, day=14, hour=15, minute=59)  # 23:59 in China
    before, after = judge(watch, [seen(102.0, eve), seen(102.0, eve + minutes(1))])
    assert (before.severity, after.severity, after.basis) == (NORMAL, YELLOW, "汛限水位")
    for month, day in ((1, 1), (10, 16), (12, 31)):
        (winter,) = judge(watch, [seen(102.0, T0.replace(month=month, day=day))])
        assert winter.severity is NORMAL
        (above,) = judge(watch, [seen(103.0, T0.replace(month=month, day=day))])
        assert above.severity is YELLOW


@pytest.mark.parametrize(
    "rungs",
    [
        [],
        [{**LADDER[0], "at": 3.001}, LADDER[1]],
        [LADDER[0], LADDER[0]],
        [{**LADDER[0], "severity": "normal"}],
        [{**LADDER[0], "from": "04-15"}],
        [{**LADDER[0], "from": "04-31", "to": "05-01"}],
        [{**LADDER[0], "at": float("nan")}],
    ],
)
def test_a_ladder_that_cannot_be_meant_is_refused(rungs: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        Rungs.model_validate({"rungs": rungs})


def test_an_unchanged_state_is_the_same_object() -> None:
    watch = rule(RULE, {"rungs": LADDER})
    first, _ = RULE.fold(watch, None, seen(3.1, T0), None)  # type: ignore[arg-type]  # asks nothing
    second, _ = RULE.fold(watch, first, seen(3.2, T0 + minutes(5)), None)  # type: ignore[arg-type]
    assert second is first


def test_of_two_equal_limits_the_worse_speaks() -> None:
    rungs = [LADDER[0], {**LADDER[1], "at": 5.0}, LADDER[3]]
    assert standings([4.999, 5.0], rungs=rungs) == [BLUE, RED]


def test_limits_closer_than_the_resolution_trip_together() -> None:
    rungs = [
        {"severity": "blue", "at": 79.8, "basis": "关注"},
        {"severity": "red", "at": 80.2, "basis": "立即转移"},
    ]
    watch = rule(RULE, {"rungs": rungs}, quantity="battery", unit="%")
    below, on = judge(watch, [seen(79.0, T0), seen(80.0, T0 + minutes(5))])
    assert (below.severity, on.severity) == (NORMAL, RED)


levels = st.integers(0, 6000).map(lambda mm: mm / 1000)
spans = st.integers(0, 20).map(lambda n: f"{n} min")


@given(st.lists(levels, min_size=1, max_size=40), st.integers(0, 900), spans, spans)
def test_what_stands_has_been_reached_and_a_state_survives_its_row(
    values: list[float], deadband_mm: int, on: str, off: str
) -> None:
    watch = rule(
        RULE,
        {"rungs": LADDER, "deadband": deadband_mm / 1000, "on_delay": on, "off_delay": off},
    )
    state, reached = None, NORMAL
    for n, value in enumerate(values):
        around: Any = None
        state, judgement = RULE.fold(watch, state, seen(value, T0 + minutes(5 * n)), around)
        assert RULE.load(RULE.dump(state)) == state
        reached = max(reached, judgement.reached)
        assert judgement.severity <= reached
        if judgement.severity:
            assert judgement.limit is not None


@given(st.lists(levels, min_size=1, max_size=40))
def test_without_deadband_and_delay_only_flapping_keeps_what_stands_from_what_is_reached(
    values: list[float],
) -> None:
    watch = rule(RULE, {"rungs": LADDER})
    series = [seen(value, T0 + minutes(5 * n)) for n, value in enumerate(values)]
    for judged in judge(watch, series):
        assert judged.severity is judged.reached or (
            judged.flaps and judged.severity > judged.reached
        )


@given(levels, levels)
def test_a_higher_value_never_reaches_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    (below,) = judge(rule(RULE, {"rungs": LADDER}), [seen(low, T0)])
    (above,) = judge(rule(RULE, {"rungs": LADDER}), [seen(high, T0)])
    assert below.reached <= above.reached


@given(st.lists(levels, min_size=1, max_size=40), st.integers(1, 900))
def test_a_deadband_never_lets_go_sooner(values: list[float], deadband_mm: int) -> None:
    series = [seen(value, T0 + minutes(5 * n)) for n, value in enumerate(values)]
    plain = judge(rule(RULE, {"rungs": LADDER}), series)
    held = judge(rule(RULE, {"rungs": LADDER, "deadband": deadband_mm / 1000}), series)
    if not any(judged.flaps for judged in plain):  # without a deadband it flaps the sooner
        assert all(a.severity >= b.severity for a, b in zip(held, plain, strict=True))


def test_what_flapped_falls_through_every_rung_once_it_has_been_quiet() -> None:
    fell = standings([2.0, 0.0, 2.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0])
    assert fell[9:] == [YELLOW, YELLOW, BLUE]


@given(st.lists(st.integers(2901, 3099), min_size=2, max_size=40))
def test_a_level_that_hovers_within_the_deadband_changes_at_most_once(mm: list[int]) -> None:
    found = standings([v / 1000 for v in mm], deadband=0.1)
    assert sum(a is not b for a, b in pairwise(found)) <= 1


def test_delays_may_not_be_negative() -> None:
    with pytest.raises(ValidationError):
        Rungs.model_validate({"rungs": LADDER, "on_delay": timedelta(minutes=-1)})
