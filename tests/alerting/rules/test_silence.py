"""Silence is a finding; silence while the water rises is a sign."""

from __future__ import annotations

from typing import Any

from monitor.alerting.rule import Judgement
from monitor.alerting.rules.silence import RULE
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.observation import Observation, QualityFlag
from tests.alerting.world import T0, World, minutes, rule, seen

NORMAL, BLUE, YELLOW, ORANGE, RED = Severity
PARAMETERS = {"rising": 0.2, "towards": 3.0, "within": 0.5}


class Gauge:
    """A gauge that speaks every five minutes, until it does not."""

    def __init__(self, **sensor: Any) -> None:
        self.rule = rule(RULE, PARAMETERS, **{"interval": "5 min", **sensor})
        self.state, self.world = None, World()

    def says(self, *values: float, start: float = 0.0) -> Gauge:
        for n, value in enumerate(values):
            self.hears(seen(value, T0 + minutes(start + 5 * n)))
        return self

    def hears(self, observation: Observation) -> Judgement:
        self.state, judgement = RULE.fold(self.rule, self.state, observation, self.world)
        return judgement

    def at(self, minute: float) -> Condition | None:
        assert RULE.tick
        ticked = RULE.tick(self.rule, "gauge", self.state, T0 + minutes(minute), self.world)
        if ticked is None:
            return None
        self.state, self.told = ticked
        return self.told.condition


def test_after_three_intervals_it_is_silent_once_and_holds_no_severity() -> None:
    gauge = Gauge().says(1.0)
    assert gauge.at(14.9) is None
    assert gauge.at(15) is Condition.SILENT
    assert gauge.told.severity is NORMAL
    assert gauge.at(16) is None


def test_a_fast_gauge_is_given_ten_minutes() -> None:
    gauge = Gauge(interval="1 min").says(1.0)
    assert gauge.at(9.9) is None
    assert gauge.at(10) is Condition.SILENT


def test_silence_while_rising_towards_the_lowest_rung_stands_at_yellow() -> None:
    gauge = Gauge().says(2.4, 2.5, 2.6)
    assert gauge.at(25) is Condition.SILENT_WHILE_RISING
    assert (gauge.told.severity, gauge.told.value) == (YELLOW, 2.6)
    assert gauge.told.rate is not None and abs(gauge.told.rate - 1.2) < 1e-9
    assert gauge.told.basis == "断数据前在涨"


def test_a_rise_far_below_the_lowest_rung_is_only_silence() -> None:
    assert Gauge().says(0.4, 0.5, 0.6).at(25) is Condition.SILENT


def test_silence_over_a_limit_is_a_sign_though_the_water_was_still() -> None:
    gauge = Gauge().says(3.1, 3.1)
    gauge.world.severities["gauge"] = ORANGE
    assert gauge.at(20) is Condition.SILENT_WHILE_RISING
    assert (gauge.told.severity, gauge.told.basis) == (YELLOW, "超限后断数据")


def test_it_ends_with_the_next_value_that_judges_and_with_no_other() -> None:
    gauge = Gauge().says(2.4, 2.5, 2.6)
    gauge.at(25)
    for flag in (QualityFlag.SUSPECT, QualityFlag.FAIL):
        held = gauge.hears(seen(1.0, T0 + minutes(26), flag=flag))
        assert (held.severity, held.value) == (YELLOW, None)
    ended = gauge.hears(seen(2.7, T0 + minutes(27)))
    assert (ended.severity, ended.condition, ended.value) == (NORMAL, Condition.OK, 2.7)


def test_a_gauge_that_sends_only_rubbish_is_not_silent_but_blind_while_rising() -> None:
    still = Gauge().says(1.0)
    rising = Gauge().says(2.4, 2.5, 2.6)
    for n in range(3, 9):
        for gauge in (still, rising):
            gauge.hears(seen(None, T0 + minutes(5 * n)))
    assert still.at(41) is None
    assert rising.at(41) is Condition.SILENT_WHILE_RISING


def test_a_gauge_that_speaks_only_above_a_level_is_silent_normally_below() -> None:
    gauge = Gauge(reports="above", reports_above=2.0).says(2.3, 2.2, 2.1)
    gauge.world.severities["gauge"] = BLUE
    assert gauge.at(120) is None
    rising = Gauge(reports="above", reports_above=2.0).says(2.4, 2.6, 2.8)
    assert rising.at(120) is Condition.SILENT_WHILE_RISING


def test_a_gauge_never_heard_of_is_counted_from_the_first_tick() -> None:
    gauge = Gauge()
    assert gauge.at(100) is Condition.OK
    assert gauge.at(114) is None
    assert gauge.at(115) is Condition.SILENT


def test_what_stands_survives_its_row() -> None:
    gauge = Gauge().says(2.4, 2.5, 2.6)
    gauge.at(25)
    assert gauge.state and RULE.load(RULE.dump(gauge.state)).latch == gauge.state.latch
