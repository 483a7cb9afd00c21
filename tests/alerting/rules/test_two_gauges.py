"""Two gauges of one water: the one that can be believed speaks for the other."""

from __future__ import annotations

from typing import Any

from monitor.alerting.rule import Judgement, Rule
from monitor.alerting.rules import limit, silence
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.observation import Observation, QualityFlag
from tests.alerting.rules.test_limit import LADDER
from tests.alerting.world import T0, World, minutes, rule, seen

NORMAL, BLUE, YELLOW, ORANGE, RED = Severity
SUSPECT = QualityFlag.SUSPECT


class Pair:
    """The gauge under a rule that watches another beside it; what the other says is set by hand."""

    def __init__(self, kind: Any, parameters: dict[str, Any]) -> None:
        one = rule(kind, parameters, interval="5 min")
        twin = one.sensors["gauge"].model_copy(update={"id": "twin"})
        self.rule = Rule(
            one.id, kind, one.hazard, one.parameters, one.site,
            {**one.sensors, "twin": twin}, one.params_hash,
        )  # fmt: skip
        self.world, self.state = World(), None

    def says(self, value: float | None, minute: float, **more: Any) -> Judgement:
        said = seen(value, T0 + minutes(minute), **more)
        self.state, judgement = self.rule.kind.fold(self.rule, self.state, said, self.world)
        if said.judges:
            self.world.newest["gauge"] = said
        return judgement

    def twin_said(self, value: float, minute: float) -> Observation:
        self.world.twin = seen(value, T0 + minutes(minute))._replace(sensor="twin")
        return self.world.twin

    def at(self, minute: float) -> Judgement | None:
        assert self.rule.kind.tick
        now = T0 + minutes(minute)
        ticked = self.rule.kind.tick(self.rule, "gauge", self.state, now, self.world)
        if ticked is None:
            return None
        self.state, judgement = ticked
        return judgement


def level() -> Pair:
    return Pair(limit.RULE, {"rungs": LADDER, "deadband": 0.1})


def test_a_doubt_waits_for_the_next_word_of_the_other_gauge_which_drops_it() -> None:
    pair = level()
    pair.says(1.0, 0)
    pair.twin_said(1.0, 2)
    assert pair.says(5.5, 5, flag=SUSPECT).value is None  # nobody is asked yet
    assert pair.at(6) is None
    pair.twin_said(1.0, 7)
    dropped = pair.at(7)
    assert dropped and (dropped.severity, dropped.condition) == (NORMAL, Condition.OK)


def test_a_doubt_that_waited_is_asked_about_once_the_other_gauge_is_lost_too() -> None:
    pair = level()
    pair.says(1.0, 0)
    pair.twin_said(1.0, 2)
    pair.says(5.5, 5, flag=SUSPECT)
    pair.world.twin = None
    asked = pair.at(8)
    assert asked and (asked.severity, asked.condition, asked.value) == (
        YELLOW,
        Condition.SUSPECT,
        5.5,
    )


def test_what_a_dead_gauge_holds_is_let_go_by_good_values_of_the_other_and_not_before() -> None:
    pair = level()
    assert pair.says(4.2, 0).severity is ORANGE
    pair.twin_said(3.0, -1)
    assert pair.at(15) is None  # older than what the dead one said
    pair.twin_said(3.95, 16)
    assert pair.at(16) is None  # within the deadband
    pair.twin_said(3.5, 21)
    eased = pair.at(21)
    assert eased and (eased.severity, eased.value) == (YELLOW, 3.5)
    pair.twin_said(1.0, 26)
    ended = pair.at(26)
    assert ended and ended.severity is NORMAL


def test_the_other_gauge_never_raises_what_the_dead_one_holds() -> None:
    pair = level()
    pair.says(3.1, 0)
    pair.twin_said(5.5, 16)
    assert pair.at(16) is None  # it raises for itself


def rising() -> Pair:
    pair = Pair(silence.RULE, {"rising": 0.2, "towards": 3.0, "within": 0.5})
    for n, value in enumerate((2.4, 2.5, 2.6)):
        pair.says(value, 5 * n)
    return pair


def test_a_gauge_that_dies_while_rising_beside_a_living_one_is_only_silent() -> None:
    pair = rising()
    pair.twin_said(2.6, 24)
    silent = pair.at(25)
    assert silent and (silent.severity, silent.condition) == (NORMAL, Condition.SILENT)


def test_silence_while_rising_ends_when_the_other_gauge_comes_back() -> None:
    pair = rising()
    alone = pair.at(25)
    assert alone and alone.condition is Condition.SILENT_WHILE_RISING
    pair.twin_said(2.7, 30)
    ended = pair.at(30)
    assert ended and (ended.severity, ended.value) == (NORMAL, 2.7)


def test_what_it_saw_rising_is_not_told_hours_later_when_the_other_one_dies() -> None:
    pair = rising()
    pair.twin_said(2.2, 24)
    pair.at(25)
    pair.world.twin = None
    assert pair.at(300) is None


def test_a_doubt_that_waits_survives_its_row() -> None:
    pair = level()
    pair.twin_said(1.0, 2)
    pair.says(5.5, 5, flag=SUSPECT)
    assert limit.load(limit.dump(pair.state)) == pair.state
