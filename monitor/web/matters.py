"""An alert as the desk sees it: how bad, since when, and of each duty whether it has answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel

from monitor.acts import SHORT_ID
from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Condition
from monitor.exports import Result, called_at, medium_of, result_of
from monitor.memory import Knowledge
from monitor.notify.escalation import Escalation, Ladder, LadderState
from monitor.notify.ladders import SUPERSEDED
from monitor.notify.occasions import site_of
from monitor.notify.phrases import quantity_of
from monitor.notify.tiers import is_doubt
from monitor.reference.phones import mask
from monitor.reference.units import QUANTITIES
from monitor.store.answers import Acknowledgement, StandDown
from monitor.store.calls import Call
from monitor.web.evidence import Evidence, Marked, evidence, marks, silent_in
from monitor.web.quieted import Hush, Out, hush_of, out_ones
from monitor.web.service import Service


class CallMade(BaseModel):
    """The last call to a person by one medium."""

    medium: str
    at: datetime
    result: str
    """One of 已应答, 已送达未应答, 无人接听, 关机/停机, 通道失败, 已发出, 待发, 已撤回."""


class Called(BaseModel):
    """A person whom a duty's ladder has called, or will have to dial by hand."""

    person: str
    name: str
    phone: str
    """Masked, except on the page of an officer who signed in."""
    calls: list[CallMade]
    answered_at: datetime | None
    entered_by: str
    """Who entered the answer for them; "" where they gave it themselves."""


class AskedDuty(BaseModel):
    """A duty that must answer."""

    duty: str
    title: str
    severity: str
    state: str
    """待应答, 叫应上提, 已应答, 已叫未应 (nobody is left to call: dial by hand), 已结束."""
    step: int
    steps: int
    round: int
    due_at: datetime
    """When the next is called."""
    people: list[Called]


class Matter(BaseModel):
    """One alert (叫应事项) with all who were asked."""

    id: str
    short_id: str
    status: str
    drill: str
    site: str
    site_name: str
    hazard: str
    severity: str
    worst: str
    condition: str
    is_active: bool
    opened_at: datetime
    """These are in the township's own time, for a command that does not know its zone."""
    updated_at: datetime
    cleared_at: datetime | None
    value: float | None
    unit: str
    over_m: float | None
    """m above the warning level 警戒水位, below where negative; None where no level speaks."""
    basis: str
    origin: str
    """"sensor", or who rang."""
    code: str
    """The digits that answer it by SMS, of the newest escalation."""
    stood_down_by: str
    stood_down_at: datetime | None
    reason: str
    duties: list[AskedDuty]
    hush: Hush | None
    """The silence beneath which nobody is called for it; None: none."""
    outages: list[Out]
    """Sensors of its site that are out of service."""
    told: int
    """How many more persons were told without being asked to answer."""
    silent: list[str] = []
    """Of a silent area (片区失联): each of its silent sensors, by name."""
    evidence: Evidence | None = None
    """What to look at while it is 存疑 or 失联; null otherwise."""
    marks: list[Marked] = []
    """What people said of its doubted readings."""

    @property
    def is_suspect(self) -> bool:
        return self.condition == Condition.SUSPECT

    @property
    def dial(self) -> list[AskedDuty]:
        """Whom nobody has reached: the hand-dial list."""
        return [duty for duty in self.duties if duty.state == "已叫未应"]


async def matter(service: Service, alert: Alert, *, phones: bool = False) -> Matter:
    """Read all that is known of an alert's calls. `phones`: whole, else masked."""
    store, knowledge = service.store, service.settings.knowledge
    escalations = await store.escalations_of(alert.id)
    calls, answers = await store.calls(alert.id), await store.answers(alert.id)
    duties = [
        _asked(knowledge, ladder, _of(escalation, calls), answers, phones=phones)
        for escalation, ladder in _standing(escalations)
    ]
    asked = {person.person for duty in duties for person in duty.people}
    told = {call.notification.person for call in calls} - asked - {""}
    seen = evidence(service, alert, phones=phones) if is_doubt(alert) else None
    said = await marks(service, alert)
    return _view(knowledge, alert, escalations, await store.stood_down(alert.id)).model_copy(
        update={
            "duties": duties,
            "told": len(told),
            "evidence": seen,
            "marks": said,
            "hush": await hush_of(service, alert),
            "outages": [one for one in await out_ones(service) if one.site == alert.site],
        }
    )


async def open_matters(service: Service, *, phones: bool = False) -> list[Matter]:
    """What is not over yet, worst first; drills too, each says so."""
    alerts = await service.store.open_matters()
    return [await matter(service, alert, phones=phones) for alert in alerts]


def _view(
    knowledge: Knowledge, alert: Alert, escalations: Sequence[Escalation], ended: StandDown | None
) -> Matter:
    """The alert itself, nobody asked yet."""
    site, zone = site_of(knowledge.directory, alert), knowledge.directory.people.zone
    value, unit, over = _measured(knowledge, alert)
    return Matter(
        id=alert.id,
        short_id=alert.id[:SHORT_ID],
        status=alert.scope.status,
        drill=alert.scope.drill_id,
        site=alert.site,
        site_name=site.name,
        hazard=alert.hazard,
        severity=alert.severity.name.lower(),
        worst=alert.worst.name.lower(),
        condition=alert.condition,
        is_active=alert.is_active,
        opened_at=alert.opened_at.astimezone(zone),
        updated_at=alert.updated_at.astimezone(zone),
        cleared_at=alert.cleared_at.astimezone(zone) if alert.cleared_at else None,
        value=value,
        unit=unit,
        over_m=over,
        basis=alert.lead.basis,
        origin=alert.origin,
        code=escalations[-1].code if escalations else "",
        stood_down_by=_name(knowledge, ended.by) if ended else "",
        stood_down_at=ended.at if ended else None,
        reason=ended.reason if ended else "",
        duties=[],
        hush=None,
        outages=[],
        told=0,
        silent=silent_in(knowledge, alert),
    )


def _measured(knowledge: Knowledge, alert: Alert) -> tuple[float | None, str, float | None]:
    """The value that speaks, its unit, and its height over the warning level. Where a person
    speaks for the alert, the worst that a sensor says beside it."""
    measured = [c for c in alert.contributions.values() if c.value is not None]
    if alert.lead.value is None and measured:
        alert = replace(alert, lead=max(measured, key=lambda c: c.severity))
    quantity = QUANTITIES.get(quantity_of(knowledge.directory, alert))
    value, site = alert.lead.value, knowledge.sites.get(alert.site)
    if quantity is None or value is None or not alert.is_active:
        return None, "", None
    if quantity.name != "level" or site is None or site.warning_level is None:
        return value, quantity.unit, None
    return value, quantity.unit, round(value - site.warning_level, 2)


def _standing(escalations: Iterable[Escalation]) -> list[tuple[Escalation, Ladder]]:
    """The ladders that count, worst news first: those of a duty that a later escalation asks
    again are superseded."""
    newest: dict[str, tuple[Escalation, Ladder]] = {}
    for escalation in escalations:
        for ladder in escalation.ladders:
            if ladder.state is not LadderState.CANCELLED or ladder.reason != SUPERSEDED:
                newest[ladder.duty] = (escalation, ladder)
    order = (LadderState.DONE, LadderState.CALLING, LadderState.HELD, LadderState.CANCELLED)
    return sorted(newest.values(), key=lambda pair: (order.index(pair[1].state), -pair[1].step))


def _of(escalation: Escalation, calls: Iterable[Call]) -> list[Call]:
    """All calls of an escalation: who holds two duties is called once, for both."""
    ladders = {ladder.id for ladder in escalation.ladders}
    return [call for call in calls if call.notification.ladder in ladders]


def _asked(
    knowledge: Knowledge,
    ladder: Ladder,
    calls: Sequence[Call],
    answers: Sequence[Acknowledgement],
    *,
    phones: bool,
) -> AskedDuty:
    rung = ladder.steps if ladder.state is LadderState.DONE else ladder.steps[: ladder.step + 1]
    persons = dict.fromkeys(reach.person for step in rung for reach in step.reaches)
    if ladder.state is LadderState.HELD:
        persons.setdefault(ladder.reason)
    return AskedDuty(
        duty=ladder.duty,
        title=ladder.steps[0].title,
        severity=ladder.severity.name.lower(),
        state=_state(ladder),
        step=ladder.step,
        steps=len(ladder.steps),
        round=ladder.round,
        due_at=ladder.due_at,
        people=[_called(knowledge, p, ladder, calls, answers, phones=phones) for p in persons],
    )


def _state(ladder: Ladder) -> str:
    if ladder.state is LadderState.CALLING:
        return "叫应上提" if ladder.step or ladder.round > 1 else "待应答"
    if ladder.state is LadderState.HELD:
        return "已应答"
    return "已叫未应" if ladder.state is LadderState.DONE else "已结束"


def _called(
    knowledge: Knowledge,
    person: str,
    ladder: Ladder,
    calls: Iterable[Call],
    answers: Iterable[Acknowledgement],
    *,
    phones: bool,
) -> Called:
    newest = {
        medium_of(knowledge.directory, call): call
        for call in calls
        if call.notification.person == person
    }
    answer = next(
        (a for a in answers if a.person == person and a.severity >= ladder.severity), None
    )
    known = knowledge.directory.people.persons.get(person)
    number = (known.phone or known.landline) if known else ""
    return Called(
        person=person,
        name=_name(knowledge, person),
        phone=number if phones else mask(number),
        calls=[
            CallMade(medium=medium, at=called_at(call), result=_word(call, answer))
            for medium, call in newest.items()
        ],
        answered_at=answer.at if answer else None,
        entered_by=_name(knowledge, answer.by) if answer and answer.by != person else "",
    )


def _word(call: Call, answer: Acknowledgement | None) -> str:
    """An answer to an older, lower call does not answer this one."""
    if call.answer is not None and answer is None:
        return result_of(call._replace(answer=None))
    return Result.ANSWERED if answer else result_of(call)


def _name(knowledge: Knowledge, person: str) -> str:
    people = knowledge.directory.people
    if person in people.persons:
        return people.persons[person].name
    return {"duty_officer": "值班室"}.get(person, person)
