"""A plan past its last day. It stays in force until a new one is issued."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.calendar import in_words
from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding
from monitor.reference.units import Duration, Frozen


class Parameters(Frozen):
    grace: Duration = timedelta(days=30)
    """To revise, approve and file it, from the day it expired."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today = facts.today(now)
    findings = []
    for plan in facts.plans.values():
        if today <= plan.expires:
            continue
        owner = facts.owner(plan.owner)
        due = due_after(plan.expires, today, parameters.grace)
        variables = {
            "kind": "预案到期",
            "plan": f"{facts.brief(plan)}预案",
            "date": in_words(plan.expires),
            "duty": facts.title(owner),
            "due": in_words(due),
        }
        text = f"《{plan.title}》已于{plan.expires:%Y-%m-%d}到期，新案印发前仍按原案执行"
        key = ("plan_expired", plan.id, plan.expires.isoformat())
        findings.append(Finding(*key, owner, "plan_expired", variables, text, due, urgent=False))
    return tuple(findings)


CHECK = Check("plan_expired", Parameters, _find)
