"""Each plan is drilled at least once in 12 months; told a month before that runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from monitor.readiness.calendar import in_words
from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding
from monitor.readiness.rotation import drill_due
from monitor.reference.units import Duration, Frozen


class Parameters(Frozen):
    every_months: int = Field(default=12, ge=1)
    lead: Duration = timedelta(days=30)


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today = facts.today(now)
    findings = []
    for plan in facts.plans.values():
        last_day = drill_due(plan, facts.drills, today, parameters.every_months)
        if plan.issued > today or today < last_day - parameters.lead:
            continue
        owner = facts.owner(plan.owner)
        due = due_after(last_day, today)
        variables = {
            "kind": "演练到期",
            "period": f"近{parameters.every_months}个月",
            "risk": facts.brief(plan),
            "duty": facts.title(owner),
            "due": in_words(due),
        }
        text = f"《{plan.title}》须在{last_day:%Y-%m-%d}前演练，还没有记录"
        key = ("drill_due", plan.id, last_day.isoformat())
        findings.append(Finding(*key, owner, "drill_missed", variables, text, due, urgent=False))
    return tuple(findings)


CHECK = Check("drill_due", Parameters, _find)
