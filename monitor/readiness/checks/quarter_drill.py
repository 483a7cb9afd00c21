"""At least one drill each quarter; the finding names the plan whose turn it is.

A quarter that ended without one stays open until a drill makes up for it: the one that passed
is told once, not the whole past.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field

from monitor.readiness.calendar import Quarter, in_words
from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding
from monitor.readiness.rotation import last_held, whose_turn
from monitor.reference.plans import Plan
from monitor.reference.units import Duration, Frozen, Slug


class Parameters(Frozen):
    scope: Literal["township", "risk", "plan"] = "township"
    """What needs a drill of its own each quarter."""
    first_month: int = Field(default=1, ge=1, le=12)
    """In which the township's first quarter begins."""
    lead: Duration = timedelta(days=45)
    """How long before the quarter ends it is told that no drill was held."""
    every_months: int = Field(default=12, ge=1)
    """Each plan at least once in so many months: those that would miss it go first."""
    owner: Slug | None = None
    """The duty that is told; None: the desk."""


def _groups(plans: tuple[Plan, ...], scope: str) -> dict[str, tuple[Plan, ...]]:
    def name(plan: Plan) -> str:
        return {"township": "township", "risk": plan.field.value, "plan": plan.id}[scope]

    return {key: tuple(p for p in plans if name(p) == key) for key in sorted(map(name, plans))}


def _missed(
    group: tuple[Plan, ...], facts: Facts, parameters: Parameters, today: date
) -> tuple[Quarter, ...]:
    """Quarters that the group owes a drill for: the last one, and this one near its end."""
    this = Quarter.of(today, parameters.first_month)
    last = last_held([plan.id for plan in group], facts.drills, today) or date.min
    owed = []
    if last < this.previous.first and any(p.issued < this.previous.first for p in group):
        owed.append(this.previous)
    if last < this.first and today > this.last - parameters.lead:
        owed.append(this)
    return tuple(owed)


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today, owner = facts.today(now), facts.owner(parameters.owner)
    plans = tuple(plan for plan in facts.plans.values() if plan.issued <= today)

    def finding(subject: str, group: tuple[Plan, ...], quarter: Quarter) -> Finding:
        due = due_after(quarter.last, today)
        plan = whose_turn(group, facts.drills, today, due, parameters.every_months)
        variables = {
            "kind": "季度未演练",
            "period": quarter.title,
            "risk": facts.brief(plan),
            "duty": facts.title(owner),
            "due": in_words(due),
        }
        text = f"{quarter.title}还没有演练记录，轮到《{plan.title}》，{in_words(due)}前组织"
        key = ("quarter_drill", subject, str(quarter))
        return Finding(*key, owner, "drill_missed", variables, text, due, urgent=False)

    return tuple(
        finding(subject, group, quarter)
        for subject, group in _groups(plans, parameters.scope).items()
        for quarter in _missed(group, facts, parameters, today)
    )


CHECK = Check("quarter_drill", Parameters, _find)
