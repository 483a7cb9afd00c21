"""A batch that changes an alert several times tells people once, of what stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from monitor.alerting.alerts import Alert, Cause, Change, Place, Transition, apply
from monitor.alerting.contribution import Contribution
from monitor.alerting.net import net
from monitor.alerting.severity import Condition, Severity
from monitor.scope import Scope, Status

NOW = datetime(2026, 7, 1, tzinfo=UTC)
PLACE = Place(Scope("yunxi", Status.ACTUAL, ""), "shiqiao", "flood")


def standing(severity: Severity) -> Contribution:
    return Contribution("level", "g1", severity, NOW, Condition.OVER, 3.0, NOW, "", None, None)


def play(*severities: Severity) -> list[Transition]:
    """The transitions of one alert that goes through these severities."""
    alert: Alert | None = None
    found = []
    for number, severity in enumerate(severities):
        cause = Cause(str(number), NOW, True, "sensor")
        alert, transition = apply(alert, PLACE, (standing(severity),), cause)
        if transition is not None:
            found.append(transition)
    return found


def test_yellow_then_red_in_one_batch_is_one_call_at_red() -> None:
    (told,) = net(play(Severity.YELLOW, Severity.RED))
    assert (told.change, told.alert.severity, told.pages) == (Change.RAISED, Severity.RED, True)


def test_what_was_raised_and_ended_within_the_batch_calls_nobody() -> None:
    assert list(net(play(Severity.RED, Severity.NORMAL))) == []


def test_a_peak_that_no_longer_stands_is_not_told_and_calls_when_it_comes_back() -> None:
    (told,) = net(play(Severity.RED, Severity.YELLOW))
    assert (told.alert.severity, told.alert.announced) == (Severity.YELLOW, Severity.YELLOW)


def test_up_and_down_to_what_was_known_before_calls_nobody_and_tells_no_fall() -> None:
    known, *batch = play(Severity.YELLOW, Severity.RED, Severity.YELLOW)
    assert known.change is Change.RAISED
    (told,) = net(batch)
    assert told.pages is False
    assert told.alert.announced is Severity.YELLOW


def test_a_single_change_is_told_as_it_is() -> None:
    (only,) = play(Severity.ORANGE)
    assert list(net([only])) == [only]


def test_two_alerts_do_not_touch_each_other() -> None:
    (one,) = play(Severity.YELLOW)
    other = one._replace(alert=replace(one.alert, id="another"))
    assert list(net([one, other])) == [one, other]
