"""Whose turn it is: drills rotate over risks and plans."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from monitor.readiness.calendar import plus_months
from monitor.reference.plans import HeldDrill, Plan


def last_held(plans: Collection[str], drills: Iterable[HeldDrill], today: date) -> date | None:
    """The day of the newest drill of any of these plans; None: never.

    A drill entered for a day to come is planned, not held.
    """
    return max((d.day for d in drills if d.plan in plans and d.day <= today), default=None)


def drill_due(plan: Plan, drills: Iterable[HeldDrill], today: date, months: int) -> date:
    """The last day on which the plan may next be drilled; a new plan's time runs from its issue."""
    return plus_months(last_held((plan.id,), drills, today) or plan.issued, months)


def whose_turn(
    plans: Collection[Plan], drills: Collection[HeldDrill], today: date, until: date, months: int
) -> Plan:
    """The plan to drill by `until`, out of at least one.

    First the plan that would else be undrilled for longer than `months`, the longest waiting
    first; then the risk that was drilled longest ago (or never), and in it the plan likewise.
    """

    def waited(ids: Collection[str]) -> date:
        return last_held(ids, drills, today) or date.min

    def risk(plan: Plan) -> date:
        return waited([other.id for other in plans if other.field is plan.field])

    overdue = [plan for plan in plans if drill_due(plan, drills, today, months) <= until]
    if overdue:
        return min(overdue, key=lambda p: (drill_due(p, drills, today, months), p.id))
    return min(plans, key=lambda p: (risk(p), p.field, waited([p.id]), p.issued, p.id))
