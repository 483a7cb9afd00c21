"""A duty without a person. Urgent where a red alert must be answered there and nobody can."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.facts import ROSTER_ROLES, Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen, Slug


class Parameters(Frozen):
    grace: Duration = timedelta(days=7)
    owner: Slug | None = None
    """The duty that is told; None: the desk."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today, owner = facts.today(now), facts.owner(parameters.owner)
    people = facts.directory.people
    return tuple(
        plainly(
            ("duty_vacant", duty.id, ""),
            owner,
            "岗位空缺",
            f"{duty.title}空缺，请定人",
            due_after(today, today, parameters.grace),
            urgent=facts.dead_end(duty, now),
        )
        for duty in people.duties.values()
        if duty.person not in people.persons and duty.role not in ROSTER_ROLES
    )


CHECK = Check("duty_vacant", Parameters, _find)
