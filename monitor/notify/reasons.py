"""Why not (invariant 13): why somebody was not called for an alert.

What was written down at the time goes first; where nothing was, today's lists say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.alerting.alerts import Alert
from monitor.alerting.silences import WITHHELD
from monitor.notify.directory import Directory, barred
from monitor.notify.escalation import Escalation, Ladder, LadderState
from monitor.notify.occasions import site_of
from monitor.notify.tiers import is_doubt, roles_told
from monitor.reference.people import Duty

Line = Mapping[str, Any]
"""A journal line of the alert as it is kept: "at", "event", "person", "facts"."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, in words."""

    at: datetime | None
    """When it was written down; None: it follows from the lists as they are today."""
    why: str


def why_not(
    directory: Directory,
    alert: Alert,
    person: str,
    escalations: Iterable[Escalation],
    lines: Iterable[Line],
) -> tuple[Reason, ...]:
    """Why that person was not called, for one whom no call was ever promised. Never empty."""
    lines = list(lines)
    own = [*own_reasons(person, lines), *_not_reached(person, escalations, lines)]
    if own:
        return tuple(own)
    everybody = [_reason(one) for one in lines if _is_for_all(one) and _kept_silent(one)]
    listed = tuple(_by_the_lists(directory, alert, person))
    return (*everybody, *listed)


def own_reasons(person: str, lines: Iterable[Line]) -> Iterator[Reason]:
    """What was written down of that person by id."""
    for line in lines:
        if line["event"] == "route.not_told" and line["person"] == person:
            yield _reason(line)


def kept_quiet(lines: Iterable[Line]) -> Iterator[Reason]:
    """What a silence (暂停提醒) kept from everybody, and which calls it ended."""
    for line in lines:
        if str(line["facts"].get("reason", "")).startswith(WITHHELD):
            yield _reason(line)


def nobody_there(lines: Iterable[Line]) -> tuple[Reason, ...]:
    """What was written down of no person: vacant duties, empty steps, a change told to nobody."""
    events = ("route.not_told", "route.defect", "call.step_empty", "call.unreachable")
    return tuple(_reason(one) for one in lines if one["event"] in events and not one["person"])


def _is_for_all(line: Line) -> bool:
    return not line["person"] and "duty" not in line["facts"]


def _kept_silent(line: Line) -> bool:
    reason = str(line["facts"].get("reason", ""))
    if line["event"] == "route.not_told":
        return reason == "late" or reason.startswith(("no policy", WITHHELD))
    return bool(line["event"] == "route.defect")


def _reason(line: Line) -> Reason:
    facts = line["facts"]
    duty, reason = facts.get("duty", ""), facts.get("reason", "")
    match line["event"]:
        case "call.step_empty":
            why = f"step {facts['step']} of {duty}: nobody holds it or can be reached"
        case "call.unreachable":
            why = f"step {facts['step']} of {duty}: every call failed; the next step was called"
        case "call.cancelled":
            why = f"the calls for {duty} ended: {reason}"
        case "route.defect":
            why = f"a fault of this program ({reason}): the desk alone was told"
        case _:
            words = {"late": "late: it lay in the past when it was heard (补判), nobody was told"}
            why = words.get(reason, reason) + (f" (as {duty})" if duty else "")
    return Reason(datetime.fromisoformat(line["at"]), why)


def _not_reached(
    person: str, escalations: Iterable[Escalation], lines: Iterable[Line]
) -> Iterator[Reason]:
    """The steps of ladders on which the person stands and was not called."""
    ended = {
        one["facts"]["ladder"]: datetime.fromisoformat(one["at"])
        for one in lines
        if one["event"] in ("call.held", "call.cancelled", "call.done")
    }
    for ladder in (ladder for one in escalations for ladder in one.ladders):
        step = _step_of(ladder, person)
        if step is None:
            continue
        place = f"step {step} ({ladder.steps[step].title}) for {ladder.steps[0].title}"
        if step < len(ladder.called_at):
            yield Reason(ladder.called_at[step], f"{place}: no way to reach this person was known")
        else:
            yield Reason(ended.get(ladder.id), f"{place}: {_stopped(ladder, step)}")


def _step_of(ladder: Ladder, person: str) -> int | None:
    """The first step that would ring the person, else the first above the bottom that names them;
    the bottom's own are written down by name."""
    rings = (
        i for i, one in enumerate(ladder.steps) if any(r.person == person for r in one.reaches)
    )
    named = (i for i, one in enumerate(ladder.steps) if i and person in one.answerers)
    return next(rings, next(named, None))


def _stopped(ladder: Ladder, step: int) -> str:
    match ladder.state:
        case LadderState.HELD:
            return f"not called: {ladder.reason} had answered"
        case LadderState.CALLING if step == ladder.step + 1:
            return f"is called at {ladder.due_at.isoformat()} unless somebody answers before"
        case LadderState.CALLING:
            return f"not called yet: step {ladder.step} is being called"
        case _:
            return f"not called: the ladder ended before ({ladder.reason})"


def _by_the_lists(directory: Directory, alert: Alert, person: str) -> Iterator[Reason]:
    """What today's lists say; the lists of then may have been others."""
    if person not in directory.people.persons:
        yield Reason(None, "people.yaml names no such person today")
        return
    if why := barred(directory, alert.scope, person):
        yield Reason(None, why)
        return
    severity, at = alert.told or alert.worst, alert.opened_at
    level = alert.condition.value if is_doubt(alert) else severity.name
    site = site_of(directory, alert)
    roles = roles_told(directory.policies.get(alert.hazard), alert, severity)
    told = directory.duties(roles, site)
    held = [d for d in directory.people.duties.values() if _holds(directory, d, person, at)]
    for duty in held:
        if duty.role not in roles:
            why = f"{duty.title}: the role {duty.role} is not told at {level}"
        elif duty not in told:
            why = f"{duty.title}: not for {site.name} or a village that it threatens"
        elif directory.people.holders(duty, at)[0].id != person:
            why = f"{duty.title}: a substitute (B岗), and the holder could be called"
        else:
            why = f"{duty.title}: named by today's lists, not by those that were in force"
        yield Reason(None, why)
    if not held:
        yield Reason(None, "holds no duty on the lists, and was not on the roster then")


def _holds(directory: Directory, duty: Duty, person: str, at: datetime) -> bool:
    return any(one.id == person for one in directory.people.holders(duty, at))
