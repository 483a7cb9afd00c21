"""drill_due, plan_expired and plan_expiring: one plan's year."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from monitor.readiness.checks import drill_due, plan_expired, plan_expiring
from monitor.readiness.finding import Check, Finding
from tests.readiness.township import facts, held, local, plan


def found(check: Check, now: datetime, *drills: object, **changes: object) -> tuple[Finding, ...]:
    known = facts(plans=(plan("flood", **changes),), drills=drills)
    return check.find(known, check.parameters(), now)


def test_a_plan_is_due_for_a_drill_a_month_before_its_year_is_over() -> None:
    drill = held("flood", "2025-07-01")
    assert found(drill_due.CHECK, local("2026-05-31"), drill) == ()
    (finding,) = found(drill_due.CHECK, local("2026-06-01"), drill)
    assert finding.key == ("drill_due", "flood", "2026-07-01")
    assert (finding.owner, finding.due) == ("planner", date(2026, 7, 1))
    assert finding.text == "《防汛预案》须在2026-07-01前演练，还没有记录"
    assert finding.variables["duty"] == "应急站站长"


def test_a_year_from_a_leap_day_ends_on_the_28th() -> None:
    (finding,) = found(drill_due.CHECK, local("2025-03-10"), held("flood", "2024-02-29"))
    assert (finding.period, finding.due) == ("2025-02-28", date(2025, 3, 17))


@pytest.mark.parametrize(("day", "count"), [("2027-01-09", 0), ("2027-01-10", 1)])
def test_a_plan_is_in_force_through_its_last_day(day: str, count: int) -> None:
    assert len(found(plan_expired.CHECK, local(day, "00:00"))) == count


def test_an_expired_plan_names_its_owner_and_a_day_to_mend_it() -> None:
    (finding,) = found(plan_expired.CHECK, local("2027-01-10"))
    assert finding.variables == {
        "kind": "预案到期",
        "plan": "防汛预案",
        "date": "1月9日",
        "duty": "应急站站长",
        "due": "2月8日",
    }
    (later,) = found(plan_expired.CHECK, local("2027-03-01"))
    assert later.key == finding.key
    assert later.due == date(2027, 3, 8)


@pytest.mark.parametrize(
    ("day", "count"), [("2026-12-09", 0), ("2026-12-10", 1), ("2027-01-09", 1), ("2027-01-10", 0)]
)
def test_a_plan_expires_soon_for_thirty_days(day: str, count: int) -> None:
    assert len(found(plan_expiring.CHECK, local(day))) == count


def test_an_owner_that_does_not_exist_falls_to_the_desk() -> None:
    (finding,) = found(plan_expiring.CHECK, local("2027-01-01"), owner="nobody")
    assert finding.owner == "desk"
