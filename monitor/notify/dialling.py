"""Whom to dial by hand, and in which order, where no channel is left that could ring. Pure.

The worst first; then who must answer before who is only told; then the step of the ladder, what
began first, and the order in which the policy names the roles. One line a person, with all that is
to be said in one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from monitor.notify.bundling import LATE, TOGETHER
from monitor.notify.calling import NO_CALL
from monitor.notify.channel import Medium, Notification
from monitor.notify.directory import Directory
from monitor.notify.drills import ABORTED
from monitor.notify.escalation import Ladder, LadderState, Reach, Step
from monitor.notify.listeners import Audience
from monitor.notify.occasions import site_of
from monitor.notify.phrases import facts, facts_for
from monitor.notify.templates import DEAD, WHOLE, spoken
from monitor.notify.tiers import roles_told, seen_at, superior_uses
from monitor.notify.wording import WordingFault, word
from monitor.reference.people import DUTY_DESK, LEADER_ON_DUTY

_NOT_A_CALL = (*NO_CALL, "voice_stand_down", "voice_notice", ABORTED, TOGETHER, LATE)
"""What these say is no danger that a person has to hear of now; or is told part by part."""


class Matter(NamedTuple):
    """What one person is to be told about one alert."""

    severity: Severity
    """As it stands now; of an alert that eased, what is to be said has eased with it."""
    must_answer: bool
    step: int
    """Of the ladder that waits for the person; 0 for who is only told."""
    opened_at: datetime
    place: int
    """Of the duty's role in the policy."""
    alert: str
    site: str
    """By name."""
    titles: tuple[str, ...]
    """Of each duty for which this person is called."""
    say: str
    """One sentence for the phone."""

    @property
    def rank(self) -> tuple[int, bool, int, datetime, str, int]:
        """Smaller is dialled sooner."""
        first = (-self.severity, not self.must_answer, self.step)
        return (*first, self.opened_at, self.alert, self.place)


@dataclass(frozen=True, slots=True)
class Line:
    """One person, one call."""

    person: str
    name: str
    numbers: tuple[str, ...]
    """Mobile and landline as they are known now, else as they were when the ladder began."""
    matters: tuple[Matter, ...]
    """In the order in which they are said; the first one gives the line its place."""


class _Wanted(NamedTuple):
    person: str
    matter: Matter
    reaches: tuple[Reach, ...] = ()


def hand_dial(
    directory: Directory,
    alerts: Mapping[str, Alert],
    ladders: Iterable[Ladder],
    untold: Iterable[Notification],
    now: datetime,
    ends: Iterable[Notification] = (),
) -> tuple[Line, ...]:
    """The list in order. `ladders` wait for an answer; `untold` are promises that nobody got, and
    `ends` stand-downs (解除) that nobody heard: they come last.

    What is not about one of the `alerts`, or about one that is over, is not on it; nor is the duty
    desk itself, which reads the list.
    """
    standing = {id: alert for id, alert in alerts.items() if alert.is_active}
    wanted: list[_Wanted] = []
    for ladder in ladders:
        if ladder.alert in standing:
            wanted += _of_ladder(directory, ladder, standing[ladder.alert], now)
    for lost in untold:
        if lost.subject in standing:
            wanted += _of_promise(directory, lost, standing[lost.subject], now)
    for lost in ends:
        if lost.subject in alerts and lost.person in directory.people.persons:
            wanted.append(_Wanted(lost.person, _of_end(directory, lost, alerts[lost.subject])))
    by_person: dict[str, list[_Wanted]] = {}
    for one in sorted(wanted, key=lambda one: one.matter.rank):
        by_person.setdefault(one.person, []).append(one)
    return tuple(_line(directory, person, found) for person, found in by_person.items())


def _of_ladder(
    directory: Directory, ladder: Ladder, alert: Alert, now: datetime
) -> Iterator[_Wanted]:
    """Everyone whom it has called by now; at its end, everyone."""
    done = ladder.state is LadderState.DONE
    for index, step in enumerate(ladder.steps if done else ladder.steps[: ladder.step + 1]):
        duty = directory.people.duties.get(step.duty)
        if duty is not None and duty.role == DUTY_DESK:
            continue
        matter = Matter(
            severity=alert.severity or ladder.severity,
            must_answer=True,
            step=index,
            opened_at=ladder.opened_at,
            place=place_of(directory, alert, ladder.duty, ladder.severity),
            alert=alert.id,
            site=site_of(directory, alert).name,
            titles=(step.title,),
            say=_sentence(directory, alert, ladder, index, now),
        )
        for person in _persons(step):
            yield _Wanted(person, matter, step.reaches)


def _persons(step: Step) -> Iterable[str]:
    """Those whom a channel should have reached; where none could, whoever may answer."""
    return dict.fromkeys(reach.person for reach in step.reaches) or sorted(step.answerers)


def _of_promise(
    directory: Directory, lost: Notification, alert: Alert, now: datetime
) -> Iterator[_Wanted]:
    """Who was to be told, and need not answer."""
    duty = directory.people.duties.get(lost.duty)
    is_desk = lost.duty == DUTY_DESK or (duty is not None and duty.role == DUTY_DESK)
    known = lost.person in directory.people.persons
    if known and lost.ladder is None and not is_desk and not lost.use.startswith(_NOT_A_CALL):
        matter = Matter(
            severity=alert.severity or lost.severity,
            must_answer=False,
            step=0,
            opened_at=alert.opened_at,
            place=place_of(directory, alert, lost.duty, lost.severity),
            alert=alert.id,
            site=site_of(directory, alert).name,
            titles=(duty.title,) if duty else (),
            say=_said(directory, alert, lost.duty, (), {}, now),
        )
        yield _Wanted(lost.person, matter)


def _of_end(directory: Directory, lost: Notification, alert: Alert) -> Matter:
    """Who stays away from home for a matter that is over."""
    return Matter(
        severity=Severity.NORMAL,
        must_answer=False,
        step=0,
        opened_at=lost.created_at,
        place=0,
        alert=alert.id,
        site=site_of(directory, alert).name,
        titles=(),
        say=_worded(directory, ("stand_down",), lost.variables),
    )


def place_of(directory: Directory, alert: Alert, duty: str, severity: Severity) -> int:
    """Whom the policy names first, at the severity of the call, is dialled first; 0 where it names
    nobody."""
    known = directory.people.duties.get(duty)
    roles = roles_told(directory.policies.get(alert.hazard), alert, severity)
    return roles.index(known.role) if known is not None and known.role in roles else 0


def _sentence(directory: Directory, alert: Alert, ladder: Ladder, index: int, now: datetime) -> str:
    """Whoever stands above hears whose place they take."""
    step, own = ladder.steps[index], ladder.steps[0]
    if index == 0 or step.duty == ladder.duty:
        return _said(directory, alert, ladder.duty, (), {}, now)
    duty = directory.people.duties.get(step.duty)
    is_leader = duty is not None and duty.role == LEADER_ON_DUTY
    uses = superior_uses(directory, alert, DEAD, is_leader=is_leader)
    return _said(directory, alert, ladder.duty, uses, {"duty": own.title}, now)


def _said(
    directory: Directory,
    alert: Alert,
    duty_id: str,
    uses: tuple[str, ...],
    more: Mapping[str, str],
    now: datetime,
) -> str:
    """In the words of the message that could not go out, of how it stands now."""
    site, duty = site_of(directory, alert), directory.people.duties.get(duty_id)
    since = seen_at(alert, alert.lead.observed_at)
    known = facts(directory, site, alert, since)
    known |= facts_for(directory, site, duty, since, now) | dict(more)
    uses = uses or Audience(directory, alert, site, since, now).uses(duty)
    return _worded(directory, uses, known)


def _worded(directory: Directory, uses: tuple[str, ...], known: Mapping[str, str]) -> str:
    """As one person says it to another."""
    for templates in (directory.templates, WHOLE):
        with suppress(WordingFault):
            return word(spoken(templates), uses, known).text
    raise WordingFault(f"no template fits: {', '.join(uses)}")


def _line(directory: Directory, person: str, found: list[_Wanted]) -> Line:
    """The first of each alert speaks for all that the person is in it."""
    matters: dict[str, Matter] = {}
    for one in found:
        known = matters.setdefault(one.matter.alert, one.matter)
        titles = tuple(dict.fromkeys(known.titles + one.matter.titles))
        matters[one.matter.alert] = known._replace(titles=titles)
    who = directory.people.persons.get(person)
    snapshot = [reach for one in found for reach in one.reaches if reach.person == person]
    numbers = [who.phone, who.landline] if who else [
        reach.address for reach in snapshot if reach.medium in (Medium.SMS, Medium.VOICE)
    ]  # fmt: skip
    name = who.name if who else next((reach.name for reach in snapshot), person)
    told = tuple(dict.fromkeys(number for number in numbers if number))
    return Line(person, name, told, tuple(matters.values()))
