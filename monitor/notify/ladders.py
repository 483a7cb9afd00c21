"""The verbs of a ladder: silence climbs, an answer holds, the top rings `rounds` times.

Chosen, where the papers are silent:

- A ladder runs until it is answered, or until the alert clears or is stood down. That the water
  eases does not end it: the people called at red must still be found.
- A worsening opens ladders of its own; an older ladder of the same duty is cancelled as
  superseded, those of other duties go on. An answer at the higher level holds the lower too.
- After the service was down one step is called now and the next `wait` later: no burst.
- Rounds begin at 1. At the top a round ends early only when every call of it has failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.alerting.severity import Severity
from monitor.journal import Entry
from monitor.notify.escalation import Ladder, LadderState, Reach, Step

HAND_DIAL = "hand-dial"
SUPERSEDED = "superseded"
RECEIVED = "received"
"""The word of an answer that says no more than that the call was heard."""
LOOK_AGAIN = timedelta(seconds=30)
"""After that a ladder whose call is still held back is looked at again."""
HELD_AT_MOST = timedelta(minutes=10)
"""A call that nobody was told of by then climbs as one that nobody answered."""


class Answer(NamedTuple):
    """A named person answered the alert."""

    person: str
    at: datetime
    severity: Severity
    """Of what was answered: the escalation of the code, else the alert as it stood."""
    word: str = RECEIVED
    """"received", "real", "false"; see `Acknowledgement`."""


class Failure(NamedTuple):
    """A call went nowhere and no other channel of its medium is left."""

    person: str
    channel: str
    at: datetime
    """When it was learned."""
    is_tried: bool = True
    """False: a person's limit held it back, and no phone was rung."""


@dataclass(frozen=True, slots=True)
class Heard:
    """All that is known about an alert's calls when a ladder is looked at."""

    answers: tuple[Answer, ...] = ()
    failures: tuple[Failure, ...] = ()
    ended: str = ""
    """Why the matter is over ("cleared", "stood down by …", "closed"); "" while it stands."""
    newer: frozenset[str] = frozenset()
    """Duties that a later escalation of the same alert asks again."""
    held: Mapping[tuple[int, int], datetime | None] = field(default_factory=dict)
    """(step, round) of which every call was held back by a limit → when the first of them was
    told; None: none is yet."""
    times: int = 0
    """At how many moments something was really sent to those of the first step, for its duty."""


class Call(NamedTuple):
    """One reach to ring now. `step` and `round` are those of the ladder when it rang."""

    of: Step
    """The step that the reach belongs to; earlier than the ladder's on a redial."""
    reach: Reach
    step: int
    round: int


class Advance(NamedTuple):
    """What became of a ladder."""

    ladder: Ladder
    calls: tuple[Call, ...] = ()
    entries: tuple[Entry, ...] = ()
    is_dead: bool = False
    """Whether no call to the ladder's own duty went through: it is nobody's fault."""
    times: int = 0
    """How often its own duty was really called before now; see Heard."""


def begin(ladder: Ladder, now: datetime) -> Advance:
    """The first calls of a new ladder: of its first step that reaches anybody."""
    return _call(ladder, 0, now)


def advance(ladder: Ladder, heard: Heard, now: datetime) -> Advance:
    """What to do about a ladder now; doing it twice at the same moment does nothing more."""
    gone = {(one.person, one.channel) for one in heard.failures if one.is_tried}
    own = {(reach.person, reach.channel) for reach in ladder.steps[0].reaches}
    is_dead = bool(own) and own <= gone
    return _advance(ladder, heard, now)._replace(is_dead=is_dead, times=heard.times)


def _advance(ladder: Ladder, heard: Heard, now: datetime) -> Advance:
    if ladder.state in (LadderState.HELD, LadderState.CANCELLED):
        return Advance(ladder)
    ladder = _set_back(ladder, now)
    if heard.ended:
        return _end(ladder, LadderState.CANCELLED, heard.ended, now)
    if ladder.duty in heard.newer:
        return _end(ladder, LadderState.CANCELLED, SUPERSEDED, now)
    if answer := _answer(ladder, heard.answers):
        return _end(ladder, LadderState.HELD, answer.person, now)
    if ladder.state is LadderState.DONE:
        return Advance(ladder)
    if _all_failed(ladder, heard.failures):
        note = _note(ladder, "call.unreachable", now, step=ladder.step, round=ladder.round)
        if ladder.step + 1 < len(ladder.steps):
            return _after([note], _call(ladder, ladder.step + 1, now, hurried=True))
        return _after([note], _end(ladder, LadderState.DONE, HAND_DIAL, now))
    ladder = _from_when_told(ladder, heard, now)
    if now < ladder.due_at:
        return Advance(ladder)
    if ladder.step + 1 < len(ladder.steps):
        return _call(ladder, ladder.step + 1, now)
    if ladder.round < ladder.rounds:
        return _ring(replace(ladder, round=ladder.round + 1), now)
    return _end(ladder, LadderState.DONE, HAND_DIAL, now)


def _set_back(ladder: Ladder, now: datetime) -> Ladder:
    """The ladder as it is where our clock ran ahead when it rang, and was set right at a restart
    since: how long it has waited nobody knows, so the next step is due, and who was called may
    answer."""
    if ladder.moved_at <= now:
        return ladder
    called_at = tuple(min(at, now) for at in ladder.called_at)
    return replace(ladder, due_at=now, held=timedelta(0), called_at=called_at)


def _from_when_told(ladder: Ladder, heard: Heard, now: datetime) -> Ladder:
    """The wait counts from when somebody was told, not from when the call was held back."""
    ringing = (ladder.step, ladder.round)
    if now < ladder.due_at or ringing not in heard.held:
        return ladder
    wait, told_at = ladder.steps[ladder.step].wait, heard.held[ringing]
    held = (told_at or now + LOOK_AGAIN - wait) - ladder.moved_at
    held = max(ladder.held, min(held, HELD_AT_MOST))
    return replace(ladder, held=held, due_at=ladder.moved_at + wait + held)


def rung(ladder: Ladder) -> frozenset[str]:
    """The persons whose answer it waits for; nobody's once it is answered or over."""
    if ladder.state is not LadderState.CALLING:
        return frozenset()
    return frozenset(r.person for step in ladder.steps[: ladder.step + 1] for r in step.reaches)


def _answer(ladder: Ladder, answers: Iterable[Answer]) -> Answer | None:
    """The first answer that counts: at this severity or above, by somebody already called."""
    for answer in sorted(answers, key=lambda a: (a.at, a.person)):
        if answer.severity < ladder.severity:
            continue
        for step, called_at in zip(ladder.steps, ladder.called_at, strict=False):
            if answer.person in step.answerers and answer.at >= called_at:
                if ladder.asks_whether and answer.word == RECEIVED and step is not ladder.steps[-1]:
                    continue  # somebody is looking: until they say, the next is asked in time
                return answer
    return None


def _all_failed(ladder: Ladder, failures: Iterable[Failure]) -> bool:
    """Whether nobody hears what rings now: below the top, nobody of the step itself."""
    gone = {(f.person, f.channel) for f in failures if f.at >= ladder.moved_at}
    is_top = ladder.step + 1 == len(ladder.steps)
    ringing = _ringing(ladder) if is_top else ladder.steps[ladder.step].reaches
    return all((reach.person, reach.channel) in gone for reach in ringing)


def _ringing(ladder: Ladder) -> tuple[Reach, ...]:
    return tuple(reach for step in _steps_to_ring(ladder) for reach in step.reaches)


def _steps_to_ring(ladder: Ladder) -> tuple[Step, ...]:
    first = 0 if ladder.redial else ladder.step
    return ladder.steps[first : ladder.step + 1]


def _call(ladder: Ladder, step: int, now: datetime, hurried: bool = False) -> Advance:
    """Climb to that step, over the empty ones; beyond the last it is the hand-dial list.

    `hurried`: those below were rung a moment ago; they are redialled at the next step.
    """
    entries: list[Entry] = []
    called_at = ladder.called_at
    while step < len(ladder.steps) and not ladder.steps[step].reaches:
        entries.append(_note(ladder, "call.step_empty", now, step=step))
        called_at += (now,)
        step += 1
    if step == len(ladder.steps):
        stuck = replace(ladder, step=max(step - 1, 0), called_at=called_at)
        return _after(entries, _end(stuck, LadderState.DONE, HAND_DIAL, now))
    climbed = replace(ladder, step=step, called_at=(*called_at, now))
    return _after(entries, _ring(climbed, now, [ladder.steps[step]] if hurried else None))


def _ring(ladder: Ladder, now: datetime, steps: Iterable[Step] | None = None) -> Advance:
    """Ring these steps; None: all that are to ring at this one."""
    due_at = now + ladder.steps[ladder.step].wait
    ladder = replace(ladder, due_at=due_at, held=timedelta(0))
    calls = tuple(
        Call(step, reach, ladder.step, ladder.round)
        for step in (_steps_to_ring(ladder) if steps is None else steps)
        for reach in step.reaches
    )
    note = _note(ladder, "call.step", now, step=ladder.step, round=ladder.round)
    return Advance(ladder, calls, (note,))


def _end(ladder: Ladder, state: LadderState, reason: str, now: datetime) -> Advance:
    ended = replace(ladder, state=state, reason=reason)
    return Advance(ended, (), (_note(ended, f"call.{state.value.lower()}", now, reason=reason),))


def _after(entries: Iterable[Entry], then: Advance) -> Advance:
    return then._replace(entries=(*entries, *then.entries))


def _note(ladder: Ladder, event: str, now: datetime, **facts: int | str) -> Entry:
    return Entry(
        scope=ladder.scope,
        at=now,
        event=event,
        subject=ladder.alert,
        facts={"ladder": ladder.id, "duty": ladder.duty, **facts},
    )
