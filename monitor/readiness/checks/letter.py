"""责任书 or the confirmation of the list, where the township keeps them: missing or expired."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from monitor.readiness.facts import ROSTER_ROLES, Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.people import Duty
from monitor.reference.units import Duration, Frozen, Slug


class Parameters(Frozen):
    grace: Duration = timedelta(days=14)
    """To get it signed, from the day it ran out or was found missing."""
    owner: Slug | None = None
    """The duty that is told; None: the desk."""


def _last_day(duty: Duty, valid_for: timedelta) -> date | None:
    """Of the duty's letter, included; None: it was never signed."""
    if duty.letter_signed is None:
        return None
    return duty.letter_expires or duty.letter_signed + valid_for


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today, owner = facts.today(now), facts.owner(parameters.owner)
    valid_for = timedelta(days=facts.letters.valid_for_days)

    def finding(subject: str, what: str, last_day: date | None) -> Finding:
        state = "没有记录" if last_day is None else f"已于{last_day:%Y-%m-%d}到期"
        due = due_after(last_day or today, today, parameters.grace)
        kind = "清单待确认" if subject == "list" else "责任书待签"
        period = last_day.isoformat() if last_day else ""
        return plainly(("letter", subject, period), owner, kind, f"{what}{state}", due)

    def passed(last_day: date | None) -> bool:
        return last_day is None or last_day < today

    if facts.letters.kind == "confirmation":
        confirmed = facts.letters.list_confirmed
        last_day = confirmed + valid_for if confirmed else None
        return (finding("list", "责任清单确认", last_day),) if passed(last_day) else ()
    if facts.letters.kind == "none":
        return ()
    return tuple(
        finding(duty.id, f"{duty.title}责任书", _last_day(duty, valid_for))
        for duty in facts.directory.people.duties.values()
        if duty.person and duty.role not in ROSTER_ROLES and passed(_last_day(duty, valid_for))
    )


CHECK = Check("letter", Parameters, _find)
