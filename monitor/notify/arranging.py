"""All that waits for one person → what is sent, told together, moved to another medium, held."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from monitor.journal import Entry
from monitor.notify.bundling import (
    LATE,
    PRESSED,
    REPORT,
    TELLS_SEVERAL,
    TOGETHER,
    Told,
    Waiting,
    kind_of,
    plan,
)
from monitor.notify.channel import Channel, Medium, Notification
from monitor.notify.directory import Directory
from monitor.notify.drills import ABORTED
from monitor.notify.escalation import Reach
from monitor.notify.together import Held, alone, moved, other_way, together
from monitor.scope import Scope

OWN_WORDS = ("stand_down", "closed", "report", ABORTED)
"""Orders that stay true and are told as they are, however late: an answer to one of them says
that it was done."""
STOOD_STILL = "not sent: a drill stood still for so long that it would rehearse nothing now"
PAST = "not rung: it was due long ago and is past, and the text tells of it"


@dataclass(frozen=True, slots=True)
class Pending:
    """A text that waits, and its alert as it stands."""

    notification: Notification
    alert: Alert | None
    """None: it is about no alert."""
    held_at: datetime | None
    """Since when it has been held back; None: it never was."""
    is_told_elsewhere: bool
    """Whether the person is asked the same by another medium."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the person was told by a text."""

    text: str
    at: datetime
    subject: str
    use: str
    severity: Severity
    asked: bool
    site: str
    """Of its alert; "" where it is about none. So is the hazard."""
    hazard: str
    is_red: bool
    """Of the text."""


@dataclass(slots=True)
class Queue:
    """Of one person in one world."""

    scope: Scope
    person: str
    waiting: list[Pending] = field(default_factory=list)
    told: list[Said] = field(default_factory=list)


@dataclass(slots=True)
class Arranged:
    """What becomes of a queue."""

    held: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    let_go: list[str] = field(default_factory=list)
    reworded: list[Notification] = field(default_factory=list)
    """Sent now by themselves, in words of now."""
    promises: list[Notification] = field(default_factory=list)
    """Messages for several, and those that go by another medium."""
    merged: dict[str, list[str]] = field(default_factory=dict)
    """Subject of a promise → the ids of all that it tells."""
    replaced: dict[str, str] = field(default_factory=dict)
    """Not sent: told by another medium, or past. Id → why."""
    entries: list[Entry] = field(default_factory=list)
    is_pressed: bool = False
    """Whether an ask finds no way: the next person is to be called."""
    speaks: bool = False
    """Whether something beside red is told now: then all that is held back belongs to it."""

    @property
    def is_quiet(self) -> bool:
        """Whether nothing comes of the queue but red, and that the rest is held."""
        return not (self.speaks or self.replaced or self.is_pressed)


def arrange(
    directory: Directory,
    queue: Queue,
    taken: Collection[str],
    dead: Collection[str],
    now: datetime,
    *,
    is_limited: bool = True,
) -> Arranged:
    """`taken`: digits that the person was given of late. `dead`: channels that take nothing.
    `is_limited`: whether what is below red keeps the township's limits."""
    pending = {one.notification.id: one for one in queue.waiting}
    waiting = [_waiting(directory, one, now) for one in queue.waiting]
    if not is_limited:
        waiting = [replace(one, is_urgent=True) for one in waiting]
    told = [_told(directory, one) for one in queue.told]
    decided = plan(waiting, told, directory.limits, now)
    urgent = {one.id for one in waiting if one.is_urgent}
    going = {*decided.alone, *chain.from_iterable(decided.together)}
    made = Arranged(held=decided.held, speaks=not urgent.issuperset(going))
    made.let_go = [id for id in decided.alone if pending[id].held_at is not None]
    for ids in _reds_apart(pending, decided.together, made):
        held = _held(pending, ids)
        if len(held) == 1 and held[0].alert.is_active:
            made.reworded.append(alone(directory, held[0], now))
            made.let_go += ids
        else:
            own = _own_reach(directory, pending[ids[0]].notification)
            _together(directory, made, held, own, taken, now)
    if decided.elsewhere:
        families = {one.id: one.family for one in waiting}
        asks = _held(pending, decided.elsewhere)
        way = other_way(directory, asks[0].notification, dead) if asks else None
        _elsewhere(directory, made, asks, way, families, taken, now)
    return made


def _reds_apart(
    pending: Mapping[str, Pending],
    together: Iterable[list[str]],
    made: Arranged,
) -> Iterator[list[str]]:
    """What stands at red is told in the words of red, and with nothing that does not."""

    def is_red(id: str) -> bool:
        alert = pending[id].alert
        return alert is not None and alert.is_active and alert.severity is Severity.RED

    for ids in together:
        reds, others = [id for id in ids if is_red(id)], [id for id in ids if not is_red(id)]
        reports = kind_of(pending[ids[0]].notification.use) == REPORT
        if reports or not (reds and others):
            yield ids
            continue
        for some in (reds, others):
            if len(some) > 1:
                yield some
            else:
                made.let_go += [id for id in some if pending[id].held_at is not None]


def late(
    directory: Directory, queue: Queue, channel: Channel, taken: Collection[str], now: datetime
) -> Arranged:
    """补发: all that was due long ago is one message, in words of now. What rang rings once, and
    not where nothing stands any more and the person reads of it. A drill has no 补发."""
    made = Arranged()
    if not queue.scope.is_actual:
        made.replaced = {one.notification.id: STOOD_STILL for one in queue.waiting}
        return made
    waiting = {one.notification.id: one for one in queue.waiting}
    about = [h for h in _held(waiting, waiting) if not h.notification.use.startswith(OWN_WORDS)]
    if not about:
        return made
    for one in queue.waiting:
        if one.notification.use.startswith(TELLS_SEVERAL):
            made.replaced[one.notification.id] = "all that it told is told in a later message"
    stands = any(one.alert.is_active for one in about)
    person = directory.people.persons.get(queue.person)
    reads = directory.channel(Medium.SMS) is not None and bool(person and person.phone)
    if channel.medium is Medium.VOICE and not stands and reads:
        made.replaced |= {one.notification.id: PAST for one in about}
        return made
    own = next(one for one in map(_promised, queue.waiting) if one.channel == channel.id)
    reach = Reach(own.person, own.person, channel.id, channel.medium.value, own.address)
    _together(directory, made, about, reach, taken, now, LATE, tuple(made.replaced))
    return made


def _promised(one: Pending) -> Notification:
    return one.notification


def _own_reach(directory: Directory, own: Notification) -> Reach:
    medium = next(one.medium for one in directory.channels if one.id == own.channel)
    return Reach(own.person, own.person, own.channel, medium.value, own.address)


def _held(pending: Mapping[str, Pending], ids: Iterable[str]) -> list[Held]:
    chosen = (pending[id] for id in ids)
    return [Held(one.notification, one.alert) for one in chosen if one.alert is not None]


def _together(
    directory: Directory,
    made: Arranged,
    held: list[Held],
    reach: Reach,
    taken: Collection[str],
    now: datetime,
    use: str = TOGETHER,
    again: Collection[str] = (),
) -> None:
    message = together(directory, held, reach, now, taken, use, again)
    made.promises.append(message)
    made.merged[message.subject] = [one.notification.id for one in held]
    for one in held:
        made.held.pop(one.notification.id, None)
    said = {"count": len(held), "channel": reach.channel, "message": message.id}
    whose = dict.fromkeys(one.alert.id for one in held)
    event = "call.late" if use == LATE else "call.together"
    about = {**said, "alerts": list(whose)}
    made.entries.append(Entry(message.scope, now, event, next(iter(whose)), message.person, about))


def _elsewhere(
    directory: Directory,
    made: Arranged,
    held: list[Held],
    way: Reach | None,
    families: Mapping[str, str],
    taken: Collection[str],
    now: datetime,
) -> None:
    """Asks that a text would bring too late. `way`: None where nothing else reaches the person."""
    if way is None:
        for one in held:
            until, _ = made.held[one.notification.id]
            made.held[one.notification.id] = (until, PRESSED)
        made.is_pressed = bool(held)
        return
    made.speaks = True
    alike: dict[str, list[Held]] = {}
    for one in held:
        alike.setdefault(families[one.notification.id] or one.notification.id, []).append(one)
    for many in alike.values():
        if len(many) > 1:
            _together(directory, made, many, way, taken, now)
    for one in (many[0] for many in alike.values() if len(many) == 1):
        old = one.notification
        made.promises.append(moved(directory, one, way, now))
        made.held.pop(old.id, None)
        made.replaced[old.id] = f"over the limit of texts: told by {way.medium} instead"
        said = {"channel": way.channel, "because": "limit"}
        made.entries.append(Entry(old.scope, now, "call.moved", one.alert.id, old.person, said))


def _waiting(directory: Directory, one: Pending, now: datetime) -> Waiting:
    n, alert = one.notification, one.alert
    stands = alert.severity if alert is not None and alert.is_active else Severity.NORMAL
    kind = kind_of(n.use)
    held_for = now - one.held_at if one.held_at else None
    waits_long = held_for is not None and held_for > directory.limits.ask_within
    return Waiting(
        id=n.id,
        subject=n.subject,
        severity=n.severity,
        kind=kind,
        since=n.due_at,
        site=alert.site if alert else "",
        area=directory.area(alert.site, alert.hazard) if alert else "",
        is_urgent=Severity.RED in (n.severity, stands),
        asks=bool(n.code) and not one.is_told_elsewhere,
        was_held=one.held_at is not None,
        is_outdated=one.held_at is not None and (waits_long or stands != n.severity),
    )


def _told(directory: Directory, one: Said) -> Told:
    area = directory.area(one.site, one.hazard) if one.site else ""
    return Told(
        one.text, one.at, one.subject, one.severity, kind_of(one.use), one.site, area,
        one.asked, one.is_red,
    )  # fmt: skip
