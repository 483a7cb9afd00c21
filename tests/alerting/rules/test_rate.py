"""Per hour, not per sample; nothing is known across a gap."""

from __future__ import annotations

from typing import Any

from monitor.alerting.rule import Rule
from monitor.alerting.rules.rate import RULE
from monitor.alerting.severity import Severity
from monitor.ingest.observation import QualityFlag
from tests.alerting.world import T0, judge, minutes, rule, seen

NORMAL, BLUE, YELLOW, ORANGE, RED = Severity
RUNGS = [
    {"severity": "yellow", "at": 0.5, "basis": "1小时涨0.5米"},
    {"severity": "red", "at": 1.0, "basis": "1小时涨1米"},
]


def gauge(interval: str = "5 min", **parameters: Any) -> Rule:
    return rule(RULE, {"rungs": RUNGS, "window": "30 min", **parameters}, interval=interval)


def test_the_rate_is_per_hour_whatever_the_interval() -> None:
    often = [seen(1.0 + 0.05 * n, T0 + minutes(5 * n)) for n in range(8)]
    seldom = [seen(1.0 + 0.3 * n, T0 + minutes(30 * n)) for n in range(3)]
    for watch, series in ((gauge(), often), (gauge("30 min"), seldom)):
        last = judge(watch, series)[-1]
        assert last.rate is not None and abs(last.rate - 0.6) < 1e-9
        assert (last.severity, last.basis) == (YELLOW, "1小时涨0.5米")


def test_a_rise_on_the_rung_trips() -> None:
    last = judge(gauge("30 min"), [seen(0.1, T0), seen(0.35, T0 + minutes(30))])[-1]
    assert last.severity is YELLOW


def test_one_step_of_the_gauge_is_no_flood() -> None:
    assert judge(gauge(), [seen(1.0, T0), seen(1.1, T0 + minutes(5))])[-1].severity is NORMAL


def test_nothing_is_known_across_a_gap_and_what_stands_stands() -> None:
    rising = [seen(1.0 + 0.1 * n, T0 + minutes(5 * n)) for n in range(8)]
    after = seen(9.0, T0 + minutes(60))
    told = judge(gauge(), [*rising, after])
    assert told[-2].severity is RED
    assert (told[-1].severity, told[-1].value, told[-1].reached) == (RED, None, NORMAL)
    assert judge(gauge(), [seen(1.0, T0), after])[-1].severity is NORMAL


def test_a_doubtful_value_makes_no_rate() -> None:
    series = [seen(1.0, T0 + minutes(5 * n)) for n in range(8)]
    doubtful = seen(9.0, T0 + minutes(40), flag=QualityFlag.SUSPECT)
    assert judge(gauge(), [*series, doubtful])[-1].severity is NORMAL
    assert judge(gauge(), [*series, doubtful, seen(1.0, T0 + minutes(45))])[-1].rate == 0.0


def test_water_that_no_longer_rises_lets_go() -> None:
    rising = [seen(1.0 + 0.1 * n, T0 + minutes(5 * n)) for n in range(8)]
    flat = [seen(1.7, T0 + minutes(40 + 5 * n)) for n in range(6)]
    assert judge(gauge(), [*rising, *flat])[-1].severity is NORMAL


def test_what_stands_survives_its_row() -> None:
    state = None
    for n in range(8):
        observation = seen(1.0 + 0.1 * n, T0 + minutes(5 * n))
        state, _ = RULE.fold(gauge(), state, observation, None)  # type: ignore[arg-type]  # asks nothing
    assert state and RULE.load(RULE.dump(state)).latch == state.latch
