"""Of each duty that must answer: who was called, by what, and whether they answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel

from monitor.alerting.alerts import Alert
from monitor.exports import DUTY_ROOM, Result, called_at, medium_of, result_of
from monitor.judging.memory import Knowledge
from monitor.notify.dialling import place_of
from monitor.notify.directory import Directory
from monitor.notify.escalation import Escalation, Ladder, LadderState
from monitor.notify.ladders import SUPERSEDED
from monitor.reference.phones import mask
from monitor.store.answers import Acknowledgement
from monitor.store.calls import Call


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
    """待应答, 叫应上提, 已应答, 已叫未应 (nobody is left to call: dial by hand), 待重新叫应 (taken
    back by a restore, not called anew yet: dial by hand), 已结束."""
    step: int
    steps: int
    round: int
    due_at: datetime
    """When the next is called."""
    people: list[Called]


def standing(
    directory: Directory, alert: Alert, escalations: Iterable[Escalation]
) -> list[tuple[Escalation, Ladder]]:
    """The ladders that count, worst news first, then as the policy and the list name the duties:
    those of a duty that a later escalation asks again are superseded."""
    newest: dict[str, tuple[Escalation, Ladder]] = {}
    for escalation in escalations:
        for ladder in escalation.ladders:
            if ladder.state is not LadderState.CANCELLED or ladder.reason != SUPERSEDED:
                newest[ladder.duty] = (escalation, ladder)
    order = (LadderState.DONE, LadderState.CALLING, LadderState.HELD, LadderState.CANCELLED)
    numbers = {duty: number for number, duty in enumerate(directory.people.duties)}

    def rank(pair: tuple[Escalation, Ladder]) -> tuple[int, int, int, int]:
        ladder = pair[1]
        place = place_of(directory, alert, ladder.duty, ladder.severity)
        number = numbers.get(ladder.duty, len(numbers))
        return order.index(ladder.state), -ladder.step, place, number

    return sorted(newest.values(), key=rank)


def together(duties: Iterable[AskedDuty]) -> list[AskedDuty]:
    """Duties of the same people, at the same point, in one row: a person stands there once."""
    rows: dict[tuple[str, tuple[str, ...]], AskedDuty] = {}
    for duty in duties:
        key = duty.state, tuple(sorted(one.person for one in duty.people))
        known = rows.get(key)
        if known is None or not duty.people:
            rows[(*key[:1], key[1] or (duty.duty,))] = duty
            continue
        title = f"{known.title}、{duty.title}"
        due_at = min(known.due_at, duty.due_at)
        rows[key] = known.model_copy(update={"title": title, "due_at": due_at})
    return list(rows.values())


def of_escalation(escalation: Escalation, calls: Iterable[Call]) -> list[Call]:
    """All calls of an escalation: who holds two duties is called once, for both."""
    ladders = {ladder.id for ladder in escalation.ladders}
    return [call for call in calls if call.notification.ladder in ladders]


def asked(
    knowledge: Knowledge,
    ladder: Ladder,
    calls: Sequence[Call],
    answers: Sequence[Acknowledgement],
    put_back: Collection[str] = (),
    *,
    phones: bool,
) -> AskedDuty:
    """`put_back`: ladders that a restore ended and nobody was called for since."""
    rung = ladder.steps if ladder.state is LadderState.DONE else ladder.steps[: ladder.step + 1]
    persons = dict.fromkeys(reach.person for step in rung for reach in step.reaches)
    if ladder.state is LadderState.HELD:
        persons.setdefault(ladder.reason)
    return AskedDuty(
        duty=ladder.duty,
        title=ladder.steps[0].title,
        severity=ladder.severity.name.lower(),
        state=_state(ladder, put_back),
        step=ladder.step,
        steps=len(ladder.steps),
        round=ladder.round,
        due_at=ladder.due_at,
        people=[_called(knowledge, p, ladder, calls, answers, phones=phones) for p in persons],
    )


def _state(ladder: Ladder, put_back: Collection[str]) -> str:
    if ladder.id in put_back:
        return "待重新叫应"
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
        name=name_of(knowledge, person),
        phone=number if phones else mask(number),
        calls=[
            CallMade(medium=medium, at=called_at(call), result=_word(call, answer))
            for medium, call in newest.items()
        ],
        answered_at=answer.at if answer else None,
        entered_by=name_of(knowledge, answer.by) if answer and answer.by != person else "",
    )


def _word(call: Call, answer: Acknowledgement | None) -> str:
    """An answer to an older, lower call does not answer this one."""
    if call.answer is not None and answer is None:
        return result_of(call._replace(answer=None))
    return Result.ANSWERED if answer else result_of(call)


def name_of(knowledge: Knowledge, person: str) -> str:
    people = knowledge.directory.people
    if person in people.persons:
        return people.persons[person].name
    return DUTY_ROOM.get(person, person)
