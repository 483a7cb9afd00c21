from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from monitor.readiness.calendar import Quarter
from monitor.readiness.rotation import drill_due, last_held, whose_turn
from monitor.reference.plans import Plan, RiskField
from tests.readiness.township import held, plan

TODAY = date(2026, 5, 13)
FLOOD = plan("flood")
FIRE = plan("fire")
PLAGUE = plan("plague", field=RiskField.HEALTH)


def test_a_drill_of_tomorrow_is_not_held_yet() -> None:
    assert last_held(("flood",), [held("flood", "2026-05-14")], TODAY) is None
    assert last_held(("flood",), [held("flood", "2026-05-13")], TODAY) == TODAY


def test_a_plan_never_drilled_is_due_a_year_after_its_issue() -> None:
    assert drill_due(FLOOD, [], TODAY, 12) == date(2025, 1, 10)
    assert drill_due(FLOOD, [held("flood", "2024-02-29")], TODAY, 12) == date(2025, 2, 28)


def test_the_risk_drilled_longest_ago_comes_first() -> None:
    drills = [held("flood", "2026-02-01"), held("fire", "2025-12-01"), held("plague", "2026-01-01")]
    turn = whose_turn((FLOOD, FIRE, PLAGUE), drills, TODAY, date(2026, 6, 30), 12)
    assert turn is PLAGUE, "the disaster field was drilled in February"


def test_a_plan_that_would_miss_its_year_goes_before_the_rotation() -> None:
    drills = [held("flood", "2026-02-01"), held("fire", "2025-06-30"), held("plague", "2026-01-01")]
    assert whose_turn((FLOOD, FIRE, PLAGUE), drills, TODAY, date(2026, 6, 30), 12) is FIRE


@given(st.permutations([FLOOD, FIRE, PLAGUE, plan("strike", field=RiskField.CONFLICT)]))
def test_a_drill_each_quarter_reaches_four_plans_within_a_year(plans: list[Plan]) -> None:
    quarter, drills = (
        Quarter(2025, 1),
        [held(p.id, f"2024-0{n + 5}-01") for n, p in enumerate(plans)],
    )
    turns = []
    for _ in range(8):
        turn = whose_turn(plans, drills, quarter.first, quarter.last, 12)
        drills = [*drills, held(turn.id, quarter.last.isoformat())]
        turns.append(turn.id)
        quarter = Quarter(quarter.year + quarter.number // 4, quarter.number % 4 + 1)
    assert len(set(turns[:4])) == 4
    assert turns[:4] == turns[4:], "the order of one year is the order of the next"
