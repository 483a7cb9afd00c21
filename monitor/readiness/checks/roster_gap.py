"""A day without a leader or an officer in the roster, from the running shift on for 7 days.

Urgent when it is the running shift or the next one and the duty desk would stand empty.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from monitor.readiness.calendar import in_words
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.people import DUTY_DESK, Shift
from monitor.reference.units import Frozen, Slug


class Parameters(Frozen):
    days: int = Field(default=7, ge=1)
    owner: Slug | None = None
    """The duty that is told; None: the desk."""


def _missing(facts: Facts, shift: Shift | None) -> str:
    """What the shift lacks, in words; "" for nothing."""
    persons = facts.directory.people.persons
    if shift is None:
        return "没有排班"
    if not any(officer in persons for officer in shift.officers):
        return "没有值班员"
    return "" if shift.leader in persons else "没有带班领导"


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    people = facts.directory.people
    desks = [duty for duty in people.duties.values() if duty.role == DUTY_DESK]
    if not people.roster.shifts and any(duty.person for duty in desks):
        return ()  # the township keeps no roster: its desk has a fixed holder
    findings = []
    for ahead in range(parameters.days):
        at = now + timedelta(days=ahead)
        missing = _missing(facts, people.roster.shift_at(at, people.zone))
        if not missing:
            continue
        day = facts.today(at - timedelta(hours=8))
        empty = not any(people.holders(duty, at) for duty in desks)
        findings.append(
            plainly(
                ("roster_gap", "roster", day.isoformat()),
                facts.owner(parameters.owner),
                "值班缺排",
                f"{in_words(day)}值班表{missing}，请补排",
                day,
                urgent=empty and ahead <= 1,
            )
        )
    return tuple(findings)


CHECK = Check("roster_gap", Parameters, _find)
