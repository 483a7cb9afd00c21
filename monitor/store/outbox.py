"""The outbox: promises kept before they are sent, claimed with a number and a lease.

Claim and record are two transactions with the send between them (invariant 3). What a promise
becomes after its attempts is decided in `monitor.notify.delivery`; here it is only kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.notify.bundling import TELLS_SEVERAL
from monitor.notify.channel import Notification, SendOutcome
from monitor.notify.delivery import Delivery, asks_first
from monitor.notify.limits import Cap
from monitor.store.caps import within
from monitor.store.columns import micros
from monitor.store.due import first, lapse
from monitor.store.tables import attempts, notifications
from monitor.store.texts import hide, told_again
from monitor.store.tries import PROMISE, attempts_of, notification, release


class Claim(NamedTuple):
    """A promise that the caller alone may now try to send, until its lease runs out."""

    notification: Notification
    attempt: int
    """1, 2, … of this notification."""
    asks_first: bool
    """An attempt before this one was unsure: ask the provider before sending again."""


def promise(conn: sa.Connection, made: Sequence[Notification]) -> None:
    """Insert new promises; one that is kept already stays as it is.

    What a worse message of the same alert says to the same person by the same channel needs not
    be said any more: it is hidden, unless it asks for an answer and the worse one does not.
    """
    if made:
        rows = [
            {c.name: getattr(n, c.name) for c in PROMISE}
            | {"state": Delivery.WAITING, "next_at": n.due_at, "reason": "", "withdrawn": ""}
            for n in made
        ]
        conn.execute(insert(notifications).on_conflict_do_nothing(), rows)
        hide(conn, made)
        told_again(conn, {n.subject for n in made if n.use.startswith(TELLS_SEVERAL)})


def claim(
    conn: sa.Connection,
    channel: str,
    now: datetime,
    elapsed: float,
    lease_until: float,
    limit: int,
    caps: Sequence[Cap] = (),
    patience: timedelta | None = None,
    spared: Collection[str] | None = None,
) -> list[Claim]:
    """Take up to `limit` promises of a channel that are due, each with a new attempt: what is
    real first, then the worst.

    `now` is the clock people live by; `elapsed` and `lease_until` are seconds of Clock.elapsed.
    `caps`: the provider's, for one address; a promise over them waits until they allow it,
    or is given up where that is longer than `patience` (see `store.caps`). `spared`: nothing but
    red goes to others than these persons (None: to everybody).
    """
    release(conn, now, elapsed)
    lapse(conn, channel, now)
    promised: list[Notification] = []
    for is_real in (True, False):
        if left := limit - len(promised):
            due = partial(first, conn, channel, now, left, is_real=is_real, spared=spared)
            promised += _allowed(conn, due, caps, patience, now)
    if not promised:
        return []
    earlier = attempts_of(conn, [n.id for n in promised])
    claims = []
    for n in promised:
        outcomes = [a.outcome for a in earlier.get(n.id, ()) if a.outcome]
        claims.append(Claim(n, len(outcomes) + 1, asks_first(outcomes)))
    begun = [
        {"notification": c.notification.id, "number": c.attempt}
        | {"claimed_at": now, "lease_until": lease_until}
        for c in claims
    ]
    conn.execute(sa.insert(attempts), begun)
    taken = notifications.c.id.in_([n.id for n in promised])
    conn.execute(sa.update(notifications).where(taken).values(state=Delivery.SENDING))
    return claims


def _allowed(
    conn: sa.Connection,
    due: Callable[[], Iterable[sa.RowMapping]],
    caps: Sequence[Cap],
    patience: timedelta | None,
    now: datetime,
) -> list[Notification]:
    """The first of those due that break no cap; what breaks one is not due any more."""
    while found := [notification(row) for row in due()]:
        if free := within(conn, caps, patience, found, now) if caps else found:
            return free
    return []


def set_back(conn: sa.Connection, channel: str, now: datetime) -> None:
    """At start, where our clock ran ahead before it was set right: what was promised later than
    `now` was promised now, and is due as soon after it."""
    n = notifications.c
    ahead = sa.type_coerce(n.created_at, sa.BigInteger) - micros(now)
    early = {
        at: sa.type_coerce(sa.type_coerce(at, sa.BigInteger) - ahead, at.type)
        for at in (n.created_at, n.due_at, n.next_at)
    }
    ours = sa.update(notifications).where(n.channel == channel, n.created_at > now)
    conn.execute(ours.values(early))


def withdraw(
    conn: sa.Connection,
    reason: str,
    *,
    ladder: str | None = None,
    subject: str | None = None,
    person: str | None = None,
    channels: Collection[str] | None = None,
    spare: Collection[str] = (),
) -> int:
    """Take back the promises of a ladder, or of an alert: none of them is begun any more.

    Of that `person` only, and by these `channels` only, where they are given; of the persons in
    `spare` none.

    One that is being sent just now is not sent again after this attempt. Returns how many were
    taken back before anything went out.
    """
    whose = []
    if ladder is not None:
        whose.append(notifications.c.ladder == ladder)
    if subject is not None:
        whose.append(notifications.c.subject == subject)
    if not whose:
        raise ValueError("whose promises? name a ladder or a subject")
    if person is not None:
        whose.append(notifications.c.person == person)
    if spare:
        whose.append(notifications.c.person.not_in(spare))
    if channels is not None:
        whose.append(notifications.c.channel.in_(channels))
    _take_apart(conn, reason, whose)
    taken = sa.update(notifications).where(*whose)
    under_way = notifications.c.state == Delivery.SENDING
    conn.execute(taken.where(under_way).values(withdrawn=reason))
    waiting = notifications.c.state.in_((Delivery.WAITING, Delivery.HELD))
    gone = {"state": Delivery.SUPERSEDED, "withdrawn": reason, "reason": reason}
    return conn.execute(taken.where(waiting).values(gone)).rowcount


def _take_apart(conn: sa.Connection, reason: str, whose: Sequence[sa.ColumnElement[bool]]) -> None:
    """Messages for several that did not go out and tell something of these: what is left of each
    waits again by itself. One that is being sent is not sent again where nothing is left of it."""
    n = notifications.c
    merged = n.state == Delivery.MERGED
    about = set(conn.execute(sa.select(n.told_by).where(*whose, merged)).scalars()) - {None}
    if not about:
        return
    unsent = n.state.in_((Delivery.WAITING, Delivery.HELD))
    doubted = sa.exists().where(
        attempts.c.notification == n.id, attempts.c.outcome == SendOutcome.UNSURE
    )
    gone_out = n.state.in_((Delivery.SENDING, Delivery.ACCEPTED, Delivery.UNSURE)) | doubted
    mine = n.subject.in_(about)
    kept = set(conn.execute(sa.select(n.subject).where(mine, gone_out)).scalars())
    apart = about - kept
    gone = {"state": Delivery.SUPERSEDED, "withdrawn": reason, "reason": reason}
    conn.execute(sa.update(notifications).where(n.subject.in_(apart), unsent).values(gone))
    again = {"state": Delivery.WAITING, "told_by": None, "next_at": n.due_at, "reason": ""}
    # what is taken back of them is so by the caller, as all that waits
    conn.execute(sa.update(notifications).where(n.told_by.in_(apart), merged).values(again))
    part = notifications.alias("part").c
    ours = sa.select(n.id).where(*whose, merged)
    left = sa.exists().where(part.told_by == n.subject, part.id.not_in(ours))
    conn.execute(
        sa.update(notifications).where(n.subject.in_(kept), ~left).values(withdrawn=reason)
    )
