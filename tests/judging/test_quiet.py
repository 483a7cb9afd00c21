"""No order to be quiet suppresses a red, and none loses what it covered: any night, any orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.alerting.orders import Order, SilenceEnded, SilenceOrdered
from monitor.alerting.severity import Severity
from monitor.ingest.message import Message
from monitor.judging.memory import Memory, Outcome
from monitor.notify.escalation import Escalation
from monitor.pipeline import decide, hear
from monitor.scope import Scope, Status
from tests.stories.harness import NIGHT
from tests.stories.harness import example as township

SCOPE = Scope("yunxi", Status.ACTUAL, "")
DRILL = Scope("yunxi", Status.EXERCISE, "d1")
STEP = timedelta(minutes=5)
LEVELS = st.sampled_from([85.0, 86.3, 86.6, 87.3, 87.9])
ORDERS = st.sampled_from(["", "", "", "site", "sensor", "short", "end", "drill"])
NIGHTS = st.lists(st.tuples(LEVELS, ORDERS), min_size=1, max_size=14)


class Night:
    """A township that is only decided, never kept."""

    def __init__(self) -> None:
        self.now = NIGHT
        self.knowledge = township().knowledge
        self.memory = Memory.empty("yunxi", NIGHT)
        self.number = 0

    def decides(self, level: float, word: str) -> Outcome:
        self.now += STEP
        orders = self._ordered(word)
        message = Message(
            "risk/yunxi/shiqiao-level/level",
            f'{{"value": {level}, "time": "{self.now.isoformat()}"}}'.encode(),
            self.now,
            False,
        )
        return self.keeps([message], orders)

    def keeps(self, messages: Sequence[Message], orders: Sequence[Order] = ()) -> Outcome:
        intake = hear(self.knowledge, messages)
        outcome = decide(self.knowledge, self.memory, intake, self.now, orders=orders, tick=True)
        assert not outcome.defects
        self.memory.swap(outcome)
        return outcome

    def _ordered(self, word: str) -> list[Order]:
        if word == "end":
            silences = self.memory.silences.values()
            return [SilenceEnded(one.scope, one.id, "desk-2", self.now) for one in silences]
        if not word:
            return []
        self.number += 1
        sensor = "shiqiao-level" if word == "sensor" else ""
        lasts = STEP * 2 if word == "short" else timedelta(hours=3)
        return [
            SilenceOrdered(
                scope=DRILL if word == "drill" else SCOPE,
                silence=str(self.number),
                site="" if sensor else "shiqiao",
                hazard="" if sensor else "flood",
                sensor=sensor,
                owner="desk-2",
                reason="试验",
                until=self.now + lasts,
                by="desk-2",
                at=self.now,
            )
        ]


def quiet(night: Night) -> set[str]:
    """The silences of what is real."""
    return {one.id for one in night.memory.silences.values() if one.scope == SCOPE}


def is_of_red(night: Night, called: Escalation) -> bool:
    """Whether it calls for red, believed or doubted."""
    leads = (one.lead for one in night.memory.alerts.values() if one.id == called.alert)
    return Severity.RED in (called.severity, *(lead.doubted for lead in leads))


@settings(max_examples=60, deadline=None)
@given(NIGHTS)
@example([(87.9, ""), (87.3, "site"), (87.9, "")])  # an order in one batch with what eases
def test_no_silence_ever_suppresses_a_red(steps: list[tuple[float, str]]) -> None:
    night = Night()
    for level, word in steps:
        before = [one.severity for one in night.memory.alerts.values()]
        was_quiet = quiet(night)
        outcome = night.decides(level, word)
        for alert in night.memory.alerts.values():
            if alert.severity is Severity.RED:
                assert alert.announced is Severity.RED
                if was_quiet and Severity.RED not in before:
                    assert [e.severity for e in outcome.escalations] == [Severity.RED]


@settings(max_examples=60, deadline=None)
@given(NIGHTS)
def test_below_red_nobody_is_called_beneath_one_and_all_are_once_it_is_over(
    steps: list[tuple[float, str]],
) -> None:
    night = Night()
    for level, word in steps:
        was_quiet = quiet(night)
        outcome = night.decides(level, word)
        reds = [e for e in outcome.escalations if is_of_red(night, e)]
        if was_quiet and was_quiet <= quiet(night):
            assert outcome.escalations == reds
        if not quiet(night):
            for alert in night.memory.alerts.values():
                assert alert.told >= alert.severity
    while quiet(night):
        night.now = min(one.until for one in night.memory.silences.values())
        night.keeps([])
    for alert in night.memory.alerts.values():
        assert alert.told >= alert.severity
