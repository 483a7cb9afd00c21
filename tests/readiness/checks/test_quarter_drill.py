from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.readiness.calendar import Quarter
from monitor.readiness.checks.quarter_drill import CHECK, Parameters
from monitor.readiness.finding import Finding
from monitor.reference.plans import RiskField
from tests.readiness.township import facts, held, local, plan

FLOOD, PLAGUE = plan("flood"), plan("plague", field=RiskField.HEALTH)
DUE_2025 = (held("flood", "2026-03-30"), held("plague", "2026-01-15"))


def found(now: datetime, *drills: object, scope: str = "township") -> tuple[Finding, ...]:
    parameters = Parameters.model_validate({"scope": scope})
    return CHECK.find(facts(plans=(FLOOD, PLAGUE), drills=drills), parameters, now)


def test_a_quarter_near_its_end_without_a_drill_names_the_plan_whose_turn_it_is() -> None:
    (finding,) = found(local("2026-06-01"), *DUE_2025)
    assert finding.key == ("quarter_drill", "township", "2026-Q2")
    assert finding.text == "2026年二季度还没有演练记录，轮到《防疫预案》，6月30日前组织"
    assert finding.variables == {
        "kind": "季度未演练",
        "period": "2026年二季度",
        "risk": "防疫",
        "duty": "值班员",
        "due": "6月30日",
    }
    assert (finding.owner, finding.due, finding.urgent) == ("desk", date(2026, 6, 30), False)


def test_the_first_half_of_a_quarter_is_left_in_peace() -> None:
    assert found(local("2026-05-16", "23:59"), *DUE_2025) == ()
    assert len(found(local("2026-05-17", "00:00"), *DUE_2025)) == 1


def test_any_drill_of_the_quarter_is_enough_for_the_township() -> None:
    assert found(local("2026-06-01"), *DUE_2025, held("flood", "2026-04-01")) == ()


def test_the_quarter_turns_at_local_midnight() -> None:
    drills = (*DUE_2025, held("flood", "2026-06-30"))
    assert found(local("2026-06-30", "23:59"), *drills) == ()
    assert found(local("2026-07-01", "00:00"), *drills) == ()
    (missed,) = found(local("2026-07-01", "00:00"), *DUE_2025)
    assert missed.period == "2026-Q2"


def test_a_missed_quarter_stays_until_a_drill_makes_up_for_it() -> None:
    (missed,) = found(local("2026-07-20"), *DUE_2025)
    assert (missed.period, missed.due) == ("2026-Q2", date(2026, 7, 27))
    assert found(local("2026-07-20"), *DUE_2025, held("flood", "2026-07-19")) == ()


def test_only_the_last_missed_quarter_is_told() -> None:
    periods = [f.period for f in found(local("2026-12-20"), *DUE_2025)]
    assert periods == ["2026-Q3", "2026-Q4"]


@pytest.mark.parametrize(
    ("scope", "subjects"),
    [("township", []), ("risk", ["health"]), ("plan", ["plague"])],
)
def test_the_scope_says_what_needs_a_drill_of_its_own(scope: str, subjects: list[str]) -> None:
    drills = (*DUE_2025, held("flood", "2026-05-05"))
    assert [f.subject for f in found(local("2026-06-01"), *drills, scope=scope)] == subjects


def test_a_township_without_plans_has_no_turn_to_name() -> None:
    assert CHECK.find(facts(), Parameters(), local("2026-06-01")) == ()


@given(
    st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.dates(date(2024, 6, 1), date(2028, 12, 31))
)
def test_a_drill_today_mends_everything(today: date, earlier: date) -> None:
    now = local(today.isoformat())
    drills = (held("flood", earlier.isoformat()), held("flood", today.isoformat()))
    assert found(now, *drills) == ()


@pytest.mark.parametrize(
    ("day", "first_month", "name", "first", "last"),
    [
        (date(2026, 3, 31), 1, "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 3, 31), 4, "2025-Q4", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), 4, "2026-Q1", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 1, 31), 12, "2025-Q1", date(2025, 12, 1), date(2026, 2, 28)),
    ],
)
def test_a_township_whose_year_begins_elsewhere_has_its_own_quarters(
    day: date, first_month: int, name: str, first: date, last: date
) -> None:
    quarter = Quarter.of(day, first_month)
    assert (str(quarter), quarter.first, quarter.last) == (name, first, last)
    assert quarter.previous.last == first - timedelta(days=1)
