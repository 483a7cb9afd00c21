"""What stands, and who hears of it: once, truly, and never twice the same."""

from __future__ import annotations

from monitor.alerting.alerts import Alert, Cause, Change, Place, Transition, apply, withdraw
from monitor.alerting.contribution import Contribution
from monitor.alerting.severity import Condition, Severity
from tests.alerting.world import SCOPE, T0, minutes

PLACE = Place(SCOPE, "shiqiao", "flood")
NORMAL, BLUE, YELLOW, ORANGE, RED = Severity


class Matter:
    """One place, told of one contribution after another, a minute apart."""

    def __init__(self) -> None:
        self.alert: Alert | None = None
        self.minute = 0

    def hears(
        self,
        severity: Severity,
        condition: Condition = Condition.OVER,
        *,
        rule: str = "level",
        late: bool = False,
    ) -> tuple[Change, bool] | None:
        self.minute += 1
        at = T0 + minutes(self.minute)
        held = Contribution(rule, "gauge", severity, at, condition, 3.2, at, "警戒水位", 3.0, None)
        cause = Cause(f"gauge:{self.minute}", at, not late, "sensor")
        self.alert, transition = apply(self.alert, PLACE, [held], cause)
        if self.alert and not self.alert.is_active:
            self.ended, self.alert = self.alert, None
        self.transition: Transition | None = transition
        return transition and (transition.change, transition.pages)


def test_a_quiet_place_has_no_alert() -> None:
    matter = Matter()
    assert matter.hears(NORMAL, Condition.OK) is None
    assert matter.alert is None


def test_it_is_raised_worsens_eases_and_clears() -> None:
    matter = Matter()
    assert matter.hears(YELLOW) == (Change.RAISED, True)
    assert matter.hears(YELLOW) is None
    assert matter.hears(RED) == (Change.WORSENED, True)
    assert matter.hears(BLUE) == (Change.EASED, True)
    assert matter.hears(NORMAL, Condition.OK) == (Change.CLEARED, True)
    assert (matter.ended.worst, matter.ended.severity) == (RED, NORMAL)


def test_the_same_opening_gives_the_same_id_and_another_another() -> None:
    one, other = Matter(), Matter()
    one.hears(YELLOW)
    other.hears(RED)
    assert one.alert and other.alert and one.alert.id == other.alert.id
    other.hears(NORMAL, Condition.OK)
    other.hears(RED)
    assert other.alert.id != one.alert.id


def test_rising_again_to_what_was_told_calls_nobody_and_above_it_calls_anew() -> None:
    matter = Matter()
    matter.hears(ORANGE)
    matter.hears(BLUE)
    assert matter.hears(ORANGE) == (Change.WORSENED, False)
    assert matter.hears(RED) == (Change.WORSENED, True)


def test_after_clearing_a_new_breach_is_a_new_alert_that_calls() -> None:
    matter = Matter()
    matter.hears(ORANGE)
    matter.hears(NORMAL, Condition.OK)
    assert matter.hears(ORANGE) == (Change.RAISED, True)


def test_it_clears_only_when_every_contribution_has() -> None:
    matter = Matter()
    matter.hears(YELLOW, rule="level")
    matter.hears(ORANGE, rule="rain")
    assert matter.hears(NORMAL, Condition.OK, rule="rain") == (Change.EASED, True)
    assert matter.alert and matter.alert.lead.rule == "level"
    assert matter.hears(NORMAL, Condition.OK, rule="level") == (Change.CLEARED, True)


def test_a_second_contribution_at_the_same_severity_says_nothing_new() -> None:
    matter = Matter()
    matter.hears(YELLOW, rule="level")
    assert matter.hears(YELLOW, rule="rain") is None
    assert matter.alert and set(matter.alert.contributions) == {
        ("level", "gauge"),
        ("rain", "gauge"),
    }


def test_a_doubt_that_comes_true_at_the_same_severity_is_told_again() -> None:
    matter = Matter()
    assert matter.hears(YELLOW, Condition.SUSPECT) == (Change.RAISED, True)
    assert matter.hears(YELLOW) == (Change.CONFIRMED, True)
    assert matter.hears(YELLOW) is None


def test_a_doubt_that_comes_true_above_is_a_worsening() -> None:
    matter = Matter()
    matter.hears(YELLOW, Condition.SUSPECT)
    assert matter.hears(RED) == (Change.WORSENED, True)
    assert matter.transition and matter.transition.before is YELLOW


def test_a_doubt_that_comes_true_below_is_confirmed_there() -> None:
    matter = Matter()
    matter.hears(YELLOW, Condition.SUSPECT)
    assert matter.hears(BLUE) == (Change.CONFIRMED, True)


def test_a_doubt_that_returns_is_asked_about_once() -> None:
    matter = Matter()
    matter.hears(BLUE)
    assert matter.hears(YELLOW, Condition.SUSPECT) == (Change.WORSENED, True)
    assert matter.hears(BLUE) == (Change.EASED, True)
    assert matter.hears(YELLOW, Condition.SUSPECT) == (Change.WORSENED, False)
    assert matter.hears(YELLOW) == (Change.CONFIRMED, True)


def test_the_real_speaks_before_the_doubtful_of_the_same_severity() -> None:
    matter = Matter()
    matter.hears(YELLOW, Condition.SILENT_WHILE_RISING, rule="silence")
    matter.hears(YELLOW, rule="level")
    assert matter.alert and matter.alert.condition is Condition.OVER


def test_a_late_block_pages_nobody_until_a_live_value_says_the_same_and_then_once() -> None:
    matter = Matter()
    assert matter.hears(RED, late=True) == (Change.RAISED, False)
    assert matter.hears(RED) == (Change.RAISED, True)
    assert matter.hears(RED) is None


def test_a_late_worsening_is_told_by_the_live_value_from_what_people_knew() -> None:
    matter = Matter()
    matter.hears(YELLOW)
    assert matter.hears(RED, late=True) == (Change.WORSENED, False)
    assert matter.hears(RED) == (Change.WORSENED, True)
    assert matter.transition and matter.transition.before is YELLOW


def test_what_was_late_at_red_and_is_live_at_yellow_is_told_at_yellow() -> None:
    matter = Matter()
    matter.hears(RED, late=True)
    assert matter.hears(YELLOW) == (Change.RAISED, True)


def test_a_flood_that_came_and_went_before_anyone_heard_stays_on_paper() -> None:
    matter = Matter()
    matter.hears(RED, late=True)
    assert matter.hears(NORMAL, Condition.OK, late=True) == (Change.CLEARED, False)


def test_a_late_value_never_lowers_what_people_were_told() -> None:
    matter = Matter()
    matter.hears(RED)
    assert matter.hears(NORMAL, Condition.OK, late=True) is None
    assert matter.alert and matter.alert.severity is RED
    assert matter.hears(NORMAL, Condition.OK) == (Change.CLEARED, True)


def test_a_rule_that_leaves_closes_its_alert_and_tells_those_who_were_told() -> None:
    matter = Matter()
    matter.hears(YELLOW, rule="level")
    matter.hears(RED, rule="rain")
    assert matter.alert
    eased, transition = withdraw(matter.alert, {("rain", "gauge")}, T0)
    assert transition and (transition.change, eased.severity) == (Change.EASED, YELLOW)
    closed, transition = withdraw(eased, {("level", "gauge")}, T0)
    assert transition and (transition.change, transition.pages) == (Change.CLOSED, True)
    assert not closed.is_active


def test_apply_changes_nothing_that_it_is_given() -> None:
    matter = Matter()
    matter.hears(YELLOW)
    before = matter.alert
    assert before
    contributions = dict(before.contributions)
    matter.hears(RED)
    assert before.contributions == contributions and before.severity is YELLOW
