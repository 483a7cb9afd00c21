"""All that is known about ladders' calls, for `notify.ladders.advance` to decide on."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from datetime import datetime
from typing import NamedTuple, TypeVar

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.alerting.silences import Silence
from monitor.notify.answers import ENDED
from monitor.notify.bundling import PRESSED
from monitor.notify.channel import SendOutcome
from monitor.notify.delivery import UNREACHED, Delivery
from monitor.notify.escalation import Ladder
from monitor.notify.instead import NoWay
from monitor.notify.ladders import Answer, Failure, Heard
from monitor.store.pause import BROKEN_OFF, broken_off
from monitor.store.quiet import silenced
from monitor.store.tables import (
    acknowledgements,
    alerts,
    attempts,
    ladders,
    notifications,
    receipts,
    stand_downs,
)

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

AT_ONCE = 500
"""Ids to a query: SQLite takes 32,766 parameters."""


def heard(conn: sa.Connection, ladder: Ladder) -> Heard:
    """What people said, which calls went nowhere, whether the matter is over."""
    return heard_of(conn, (ladder,))[ladder.id]


def heard_of(conn: sa.Connection, asked: Sequence[Ladder]) -> dict[str, Heard]:
    """The same of each ladder by its id. In a storm a hundred stand, and are looked at whenever
    a message was sent: the queries are as many as for one."""
    matters = sorted({ladder.alert for ladder in asked})
    answers, begun = _answers(conn, matters), _begun(conn, matters)
    cleared, stood_down = _cleared(conn, matters), _stood_down(conn, matters)
    quiet = silenced(conn, matters)
    stopped = {id: at for some in _some(matters) for id, at in broken_off(conn, some).items()}
    calls = _calls(conn, sorted({ladder.escalation for ladder in asked}))
    return {
        ladder.id: Heard(
            answers=tuple(answers.get(ladder.alert, ())),
            failures=_failures(calls.get(ladder.escalation, ())),
            held=_held(ladder, calls.get(ladder.escalation, ())),
            times=_times(ladder, calls.get(ladder.escalation, ()), begun.get(ladder.alert, ())),
            ended=_ended(ladder, cleared, stood_down.get(ladder.alert))
            or _stopped(ladder, stopped.get(ladder.alert))
            or _hushed(ladder, quiet.get(ladder.alert)),
            newer=frozenset(
                other.duty
                for other in begun.get(ladder.alert, ())
                if (other.opened_at, other.severity) > (ladder.opened_at, ladder.severity)
            ),
        )
        for ladder in asked
    }


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _grouped(pairs: Iterable[tuple[K, T]]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for id, one in pairs:
        found.setdefault(id, []).append(one)
    return found


def _answers(conn: sa.Connection, matters: Sequence[str]) -> dict[str, list[Answer]]:
    """By alert, oldest first."""
    c = acknowledgements.c
    rows = sa.select(c.alert, c.person, c.at, c.severity, c.word).order_by(c.at, c.id)
    return _grouped(
        (alert, Answer(*said))
        for some in _some(matters)
        for alert, *said in conn.execute(rows.where(c.alert.in_(some), c.word != ENDED))
    )


def _ended(ladder: Ladder, cleared: Set[str], stood_down: tuple[str, datetime] | None) -> str:
    """A stand-down ends what had been called by then; what worsens after it calls anew."""
    if stood_down is not None and stood_down[1] >= ladder.opened_at:
        return f"stood down by {stood_down[0]}"
    return "cleared" if ladder.alert in cleared else ""


def _stopped(ladder: Ladder, at: datetime | None) -> str:
    """What a drill begins once the real matter is over is a drill again."""
    return BROKEN_OFF if at is not None and at >= ladder.opened_at else ""


def _hushed(ladder: Ladder, silence: Silence | None) -> str:
    """A silence ends what is being called beneath it, but for red. What still stands when it ends
    is called anew."""
    return silence.words if silence and ladder.severity < Severity.RED else ""


def _cleared(conn: sa.Connection, matters: Sequence[str]) -> set[str]:
    """Those of the alerts that are past."""
    c = alerts.c
    past = sa.select(c.id).where(c.cleared_at.is_not(None))
    return {
        alert
        for some in _some(matters)
        for alert in conn.execute(past.where(c.id.in_(some))).scalars()
    }


def _stood_down(conn: sa.Connection, matters: Sequence[str]) -> dict[str, tuple[str, datetime]]:
    """By alert who ended it, and when."""
    c = stand_downs.c
    rows = sa.select(c.alert, c.by, c.at)
    return {
        alert: (by, at)
        for some in _some(matters)
        for alert, by, at in conn.execute(rows.where(c.alert.in_(some)))
    }


def _begun(conn: sa.Connection, matters: Sequence[str]) -> dict[str, list[Ladder]]:
    """By alert every ladder that it ever began."""
    rows = sa.select(ladders.c.alert, ladders.c.snapshot)
    return _grouped(
        (alert, ladder)
        for some in _some(matters)
        for alert, ladder in conn.execute(rows.where(ladders.c.alert.in_(some)))
    )


_MESSAGE = notifications.alias("message")
"""What told a call together with others."""


class _Call(NamedTuple):
    person: str
    channel: str
    step: int
    round: int
    failed_at: datetime | None
    """When it was learned that the call went nowhere."""
    was_held: bool
    """Whether a limit held it back."""
    told_at: datetime | None
    """When it was first tried, by itself or in the message that told it; None: not yet."""
    is_pressed: bool
    """Whether it was given up because a limit held it back too long."""
    ladder: str
    duty: str
    """Whose call it is: the ladder's own, or one above it."""
    was_sent: bool
    """Whether a copy went out, or may have."""


def _failures(calls: Sequence[_Call]) -> tuple[Failure, ...]:
    """Calls that went nowhere, without those of a person whom another call of the same moment may
    still reach: by another medium, or by the channel that took over from the one that failed.
    """
    hoped = {(c.person, c.step, c.round) for c in calls if c.failed_at is None}
    return tuple(
        Failure(call.person, call.channel, call.failed_at, not call.is_pressed)
        for call in calls
        if call.failed_at is not None and (call.person, call.step, call.round) not in hoped
    )


def _held(ladder: Ladder, calls: Sequence[_Call]) -> dict[tuple[int, int], datetime | None]:
    """See Heard. A reminder that is held back stalls nothing: the person was told before."""
    own = {reach.person for step in ladder.steps for reach in step.reaches}
    by_step = _grouped(((call.step, call.round), call) for call in calls if call.person in own)
    told: set[str] = set()
    found: dict[tuple[int, int], datetime | None] = {}
    for ringing in sorted(by_step):
        those = by_step[ringing]
        if all(call.was_held and call.person not in told for call in those):
            found[ringing] = min((call.told_at for call in those if call.told_at), default=None)
        told |= {call.person for call in those if call.told_at}
    return found


def _times(ladder: Ladder, calls: Sequence[_Call], begun: Iterable[Ladder]) -> int:
    """See Heard. Who holds two duties is called once for both, and it counts for each; as the
    superior of somebody else he is called for another's."""
    own = {reach.person for reach in ladder.steps[0].reaches}
    duties = {one.id: one.duty for one in begun}
    sent = (call for call in calls if call.person in own and call.was_sent)
    return len({(call.step, call.round) for call in sent if duties.get(call.ladder) == call.duty})


def _calls(conn: sa.Connection, escalations: Sequence[str]) -> dict[str, list[_Call]]:
    """By escalation: who holds two duties is called once, and that call is both ladders'."""
    n = notifications.c
    tried = sa.select(sa.func.max(attempts.c.recorded_at))
    tried_at = tried.where(attempts.c.notification == n.id).scalar_subquery()
    bad = sa.select(sa.func.min(receipts.c.at))
    bad_at = bad.where(receipts.c.notification == n.id, ~receipts.c.delivered).scalar_subquery()
    pressed = (n.state == Delivery.WAITING) & (n.reason == PRESSED)
    # where all channels are dead a ladder keeps its pace: those above would not hear either
    no_way = (n.state == Delivery.HELD) & (n.reason == NoWay.THIS_PERSON)
    failed_at = sa.case(
        (n.state.in_(UNREACHED) | no_way, sa.func.coalesce(tried_at, n.next_at)),
        (pressed, n.held_at),
        else_=bad_at,
    )
    rows = (
        sa.select(
            ladders.c.escalation,
            *(n.person, n.channel, n.step, n.round, failed_at),
            *(n.held_at.is_not(None), _told_at()),
            *(pressed, n.ladder, n.duty, _was_sent()),
        )
        .join(ladders, ladders.c.id == n.ladder)
        .order_by(n.id)
    )
    return _grouped(
        (escalation, _Call(*call))
        for some in _some(escalations)
        for escalation, *call in conn.execute(rows.where(ladders.c.escalation.in_(some)))
    )


def _told_at() -> sa.ColumnElement[datetime]:
    """When a call was first tried; of one that was told with others, when that message was."""
    n = notifications.c
    first = sa.select(sa.func.min(attempts.c.claimed_at))
    alone = first.where(attempts.c.notification == n.id).scalar_subquery()
    shared = (
        sa.select(sa.func.min(attempts.c.claimed_at))
        .join(_MESSAGE, _MESSAGE.c.id == attempts.c.notification)
        .where(_MESSAGE.c.subject == n.told_by)
        .scalar_subquery()
    )
    return sa.func.coalesce(alone, shared)


def _was_sent() -> sa.ColumnElement[bool]:
    """Of one that was told with others, whether that message was."""
    n = notifications.c
    copy = attempts.c.outcome.in_((SendOutcome.ACCEPTED, SendOutcome.UNSURE))
    alone = sa.exists().where(attempts.c.notification == n.id, copy)
    shared = sa.exists().where(
        _MESSAGE.c.subject == n.told_by, attempts.c.notification == _MESSAGE.c.id, copy
    )
    return sa.or_(alone, shared)
