"""A plan that expires within 30 days, its last day included."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.calendar import in_words
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen


class Parameters(Frozen):
    lead: Duration = timedelta(days=30)


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today = facts.today(now)
    return tuple(
        plainly(
            ("plan_expiring", plan.id, plan.expires.isoformat()),
            facts.owner(plan.owner),
            "预案将到期",
            f"《{plan.title}》将于{in_words(plan.expires)}到期，请修订报批备案",
            plan.expires,
        )
        for plan in facts.plans.values()
        if timedelta(0) <= plan.expires - today <= parameters.lead
    )


CHECK = Check("plan_expiring", Parameters, _find)
