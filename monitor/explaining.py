"""For each person and alert: called when, by what, with which result; or why not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.acts import SHORT_ID
from monitor.alerting.alerts import Alert
from monitor.errors import NotFound
from monitor.exports import called_at, medium_of, result_of
from monitor.ingest.mark import Marked
from monitor.judging.memory import Knowledge
from monitor.notify.escalation import Escalation
from monitor.notify.occasions import site_of
from monitor.notify.reasons import Line, Reason, kept_quiet, nobody_there, own_reasons, why_not
from monitor.reference.people import DUTY_DESK
from monitor.reference.phones import mask_in
from monitor.scope import Scope
from monitor.store.answers import Acknowledgement
from monitor.store.calls import Call
from monitor.store.store import Store


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to hand a call to the provider."""

    number: int
    at: datetime
    outcome: str
    """accepted, refused, busy, unsure; "" while under way."""
    provider_id: str
    reason: str
    """The provider's words, numbers masked."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One call with all that came of it."""

    at: datetime
    """First tried; before that, promised."""
    medium: str
    channel: str
    duty: str
    use: str
    """Which message: red, superior, fell, stand_down, …"""
    step: int
    round: int
    asks: bool
    """Whether an answer was asked for."""
    result: str
    """One of 已应答, 已送达未应答, 无人接听, 关机/停机, 通道失败, 已发出, 待发, 已撤回."""
    reason: str
    tries: tuple[Try, ...]
    delivered_at: datetime | None
    """As the operator's receipt says; None: not known."""
    undelivered: str
    """Why not, as the receipt says; "" otherwise."""
    held_at: datetime | None = None
    """Since when a person's limit held it back (`reason` says which); None: it did not."""
    told_with: int = 0
    """How many more the message told together with it."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """One answer."""

    at: datetime
    severity: str
    word: str
    via: str
    by: str
    """Who entered it: the person, or the officer who took the call."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one person had to do with an alert."""

    person: str
    name: str
    calls: tuple[Contact, ...]
    answers: tuple[Spoke, ...]
    why_not: tuple[Reason, ...]
    """Why they were not called; of one who was, what a duty of theirs missed nevertheless."""


@dataclass(frozen=True, slots=True)
class Used:
    """A gauge that could not be believed, and the one of the same water used in its stead."""

    at: str
    sensor: str
    used: str
    """"" where it speaks for itself again."""
    because: str
    """SILENT, SUSPECT, or OK."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An alert, and the part of each person in it."""

    alert: str
    scope: str
    site: str
    hazard: str
    severity: str
    worst: str
    told: str
    """The worst that people were told."""
    overcalled: bool
    """A late value showed that it was less, or (worst NORMAL) none at all."""
    opened_at: datetime
    cleared_at: datetime | None
    people: tuple[Part, ...]
    nobody: tuple[Reason, ...]
    """What concerns no single person: vacant duties, empty steps, what was told to nobody."""
    marks: tuple[Marked, ...] = ()
    """What people said of its doubted readings (存疑)."""
    site_name: str = ""
    """As people were told of it."""
    gauges: tuple[Used, ...] = ()
    """Which gauge of the site was used in another's stead, until the alert ended."""


async def named(store: Store, scope: Scope, name: str) -> Alert:
    """By its id; or in a scope by the beginning of the id, or the newest of the site.

    Raises NotFound.
    """
    if (alert := await store.alert(name)) is not None:
        return alert
    for one in await store.alerts(scope, limit=None):
        if name in (one.site, one.id[:SHORT_ID]):
            return one
    raise NotFound(f"没有编号或风险点为“{name}”的叫应，编号见值班台。")


async def explain(
    store: Store, knowledge: Knowledge, alert: Alert, person: str | None = None
) -> Explanation:
    """The part of that person; None: of all who were called, answered, or are written down.

    Raises NotFound for a person whom neither the lists nor the alert know.
    """
    calls, answers = await store.calls(alert.id), await store.answers(alert.id)
    escalations = await store.escalations_of(alert.id)
    lines: list[Line] = [
        json.loads(line.text) for line in await store.journal(alert.scope, subject=alert.id)
    ]
    had_a_part = (
        *(call.notification.person for call in calls),
        *(answer.person for answer in answers),
        *(line["person"] for line in lines if line["event"] == "route.not_told"),
    )
    known = tuple(dict.fromkeys(filter(None, had_a_part)))
    if person and person not in known and person not in knowledge.directory.people.persons:
        raise NotFound(f"责任清单里没有“{person}”，请用 people.yaml 里的编号。")
    parts = tuple(
        _part(knowledge, alert, one, calls, answers, escalations, lines)
        for one in ((person,) if person else known)
    )
    return Explanation(
        alert=alert.id,
        scope="/".join(alert.scope).rstrip("/"),
        site=alert.site,
        hazard=alert.hazard,
        severity=alert.severity.name,
        worst=alert.worst.name,
        told=alert.told.name,
        overcalled=alert.told > (await store.whole(alert)).worst,
        opened_at=alert.opened_at,
        cleared_at=alert.cleared_at,
        people=parts,
        nobody=nobody_there(lines),
        marks=tuple(await store.marks_of(alert)),
        site_name=site_of(knowledge.directory, alert).name,
        gauges=tuple(await _used(store, alert)),
    )


async def _used(store: Store, alert: Alert) -> list[Used]:
    entries = (json.loads(e.text) for e in await store.journal(alert.scope, subject=alert.site))
    end = alert.cleared_at.isoformat() if alert.cleared_at else "~"
    return [
        Used(entry["at"], **entry["facts"])
        for entry in entries
        if entry["event"].startswith("gauge.") and entry["at"] <= end
    ]


def _part(
    knowledge: Knowledge,
    alert: Alert,
    person: str,
    calls: Iterable[Call],
    answers: Iterable[Acknowledgement],
    escalations: Iterable[Escalation],
    lines: Sequence[Line],
) -> Part:
    directory = knowledge.directory
    made = tuple(_contact(knowledge, c) for c in calls if c.notification.person == person)
    known = directory.people.persons.get(person)
    return Part(
        person=person,
        name=known.name if known else {DUTY_DESK: "值班室"}.get(person, person),
        calls=made,
        answers=tuple(
            Spoke(a.at, a.severity.name, a.word, a.via, a.by) for a in answers if a.person == person
        ),
        why_not=(*own_reasons(person, lines), *kept_quiet(lines))
        if made
        else why_not(directory, alert, person, escalations, lines),
    )


def _contact(knowledge: Knowledge, call: Call) -> Contact:
    promised = call.notification
    return Contact(
        at=called_at(call),
        medium=medium_of(knowledge.directory, call),
        channel=promised.channel,
        duty=promised.duty,
        use=promised.use,
        step=promised.step,
        round=promised.round,
        asks=bool(promised.code),
        result=result_of(call),
        reason=mask_in(call.reason),
        tries=tuple(
            Try(a.number, a.claimed_at, a.outcome or "", a.provider_id, mask_in(a.reason))
            for a in call.attempts
        ),
        delivered_at=call.delivered_at,
        undelivered=mask_in(call.undelivered),
        held_at=call.held_at,
        told_with=call.told_with,
    )
