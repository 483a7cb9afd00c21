"""A flood drill before each flood season (暴雨 → 河水上涨 → 群众转移); the date is local.

A drill held since the season before counts. A late one still closes the finding.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.calendar import in_words
from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding
from monitor.readiness.rotation import last_held
from monitor.reference.units import Duration, Frozen, Slug


class Parameters(Frozen):
    hazard: str = "flood"
    """Plans of this hazard satisfy it."""
    lead: Duration = timedelta(days=45)
    """How long before the season starts it is told."""
    owner: Slug | None = None
    """The duty that is told; None: the desk."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today, season = facts.today(now), facts.season.concerning(facts.today(now))
    plans = [plan.id for plan in facts.plans.values() if plan.hazard == parameters.hazard]
    last = last_held(plans, facts.drills, today)
    if today < season.start - parameters.lead or (last and last > season.previous_end):
        return ()
    owner = facts.owner(parameters.owner)
    due = due_after(season.start - timedelta(days=1), today)
    variables = {
        "kind": "汛前未演练",
        "period": f"{season.start.year}年汛前",
        "risk": "防汛",
        "duty": facts.title(owner),
        "due": in_words(due),
    }
    text = f"{season.start.year}年汛前还没有防汛演练记录，{in_words(season.start)}入汛"
    key = ("season_drill", parameters.hazard, season.start.isoformat())
    return (Finding(*key, owner, "drill_missed", variables, text, due, urgent=False),)


CHECK = Check("season_drill", Parameters, _find)
