"""What was held back, in one message: how many, from when to when, the worst, and the level now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import ZH, Severity
from monitor.notify.bundling import FELL, REPORT, SUPERIOR, TOGETHER, kind_of
from monitor.notify.calling import Ask, Occasion, promise
from monitor.notify.channel import Medium, Notification
from monitor.notify.codes import long_code_for
from monitor.notify.directory import Directory, address_of
from monitor.notify.escalation import Reach
from monitor.notify.instead import subject_matter
from monitor.notify.listeners import Audience
from monitor.notify.occasions import site_of
from monitor.notify.phrases import clock_time, facts, facts_for
from monitor.notify.routing import say_now
from monitor.notify.tiers import seen_at

ROOM_FOR_SITES, ROOM_FOR_REDS = 11, 20
"""Characters; see LONGEST in `sheet`: 上游石桥水文站等12处."""


class Held(NamedTuple):
    """A text that was held back, with its alert as it stands now."""

    notification: Notification
    alert: Alert


def together(
    directory: Directory,
    held: Sequence[Held],
    reach: Reach,
    now: datetime,
    taken: Collection[str],
    use: str = TOGETHER,
    again: Collection[str] = (),
) -> Notification:
    """One message for all of `held`: of one scope and one person; its digits answer them all.

    `use`: TOGETHER, or LATE (补发) for what was due long ago. `taken`: digits in use. `again`: ids
    of messages that were to tell the same and did not go out; this one is another.
    """
    worst = max(held, key=lambda one: (_told(one), one.notification.id))
    lead = worst.notification
    ids = sorted({*again, *(one.notification.id for one in held)})
    subject = lead.scope.id("together", lead.person, *ids)
    codes = {one.notification.code for one in held} - {""}
    since = min(one.notification.due_at for one in held)
    standing = max((one.alert.severity for one in held if one.alert.is_active), default=None)
    said = facts(directory, site_of(directory, worst.alert), worst.alert, now) | {
        "from": clock_time(since, directory),
        "to": clock_time(now, directory),
        "count": str(len(held)),
        "sites": (sites := _sites(directory, [worst, *held], ROOM_FOR_SITES)),
        "reds": _sites(directory, held, ROOM_FOR_REDS),
        "site": sites,
        "sev": ZH[_told(worst)],
        "now": ZH[standing or Severity.NORMAL],
        "due": clock_time(since + directory.county_within, directory),
    }
    code = next(iter(codes)) if len(codes) == 1 else long_code_for(subject, taken)
    occasion = Occasion(directory, lead.scope, subject, subject, lead.severity, said, now, code)
    uses = (use,) if reach.medium == Medium.VOICE else _uses(use, held)
    message = promise(occasion, Ask(reach, lead.duty, uses, {}, None, bool(codes)))
    # red keeps the place in the line that the first of it had
    reds = [one.notification.due_at for one in held if one.notification.severity is Severity.RED]
    return replace(message, due_at=min(reds)) if use == TOGETHER and reds else message


def _uses(use: str, held: Collection[Held]) -> tuple[str, ...]:
    if use == TOGETHER and all(one.notification.use.startswith(REPORT) for one in held):
        return (f"{use}_report", use)
    stand = {one.alert.severity if one.alert.is_active else Severity.NORMAL for one in held}
    if use == TOGETHER and stand == {Severity.RED}:
        return (f"{use}_red", use)
    alone = "_one" if use == TOGETHER and len(held) == 1 else ""
    return (use,) if max(stand) else (f"{use}{alone}_fell",)


def alone(directory: Directory, held: Held, now: datetime) -> Notification:
    """The same message about how its alert stands now, with the digits that it had: nothing is told
    together with it. Of an alert that is active."""
    old, alert = held
    site, duty = site_of(directory, alert), directory.people.duties.get(old.duty)
    since, kind = seen_at(alert, alert.lead.observed_at), kind_of(old.use)
    uses = Audience(directory, alert, site, since, now).uses(duty)
    if kind == SUPERIOR:
        uses = (subject_matter(old.use), "superior_vacant")
    elif kind == FELL:
        uses = ("fell", "fell_plain")
    below = {name: old.variables[name] for name in ("duty", "n") if name in old.variables}
    own = facts_for(directory, site, duty, since, now) | below
    reach = Reach(old.person, old.person, old.channel, Medium.SMS.value, old.address)
    said = facts(directory, site, alert, since)
    occasion = Occasion(
        directory, old.scope, old.subject, old.id, old.severity, said, now, old.code
    )
    new = promise(occasion, Ask(reach, old.duty, uses, own, old.ladder, bool(old.code)))
    return replace(old, use=new.use, variables=new.variables, text=new.text)


def _told(held: Held) -> Severity:
    """The level it speaks of; of water that fell, the one that it fell from."""
    return held.notification.severity or held.alert.worst


def _sites(directory: Directory, held: Iterable[Held], room: int) -> str:
    """As many names as there is room for, the worst place first."""
    names = list(dict.fromkeys(site_of(directory, one.alert).name for one in held))
    for shown in range(len(names), 0, -1):
        said = "、".join(names[:shown]) + (f"等{len(names)}处" if shown < len(names) else "")
        if len(said) <= room or shown == 1:
            return said
    raise ValueError("nothing was held back")


def other_way(directory: Directory, held: Notification, dead: Collection[str]) -> Reach | None:
    """By which other medium that person can be told at once: what is read before what rings.
    Not by a `dead` channel: it would hand the message back, and that one would be held again."""
    person = directory.people.persons.get(held.person)
    for medium in (Medium.WECHAT, Medium.VOICE):
        channel = directory.channel(medium)
        if (
            person
            and channel
            and channel.id not in dead
            and (address := address_of(person, medium))
        ):
            return Reach(person.id, person.name, channel.id, medium.value, address)
    return None


def moved(directory: Directory, held: Held, reach: Reach, now: datetime) -> Notification:
    """The same message by another medium; a phone says what is so now."""
    old = held.notification
    id = old.scope.id("instead", old.id, reach.channel)
    new = replace(
        old, id=id, channel=reach.channel, address=reach.address, created_at=now, due_at=now
    )
    if reach.medium != Medium.VOICE:
        return new
    with suppress(KeyError):
        return say_now(directory, held.alert, new) or new
    return new
