"""The outbox: promises kept before they are sent, claimed with a number and a lease.

Claim and record are two transactions with the send between them (invariant 3). What a promise
becomes after its attempts is decided in `monitor.notify.delivery`; here it is only kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.notify.bundling import LATE, TOGETHER
from monitor.notify.channel import Notification, Receipt, SendOutcome
from monitor.notify.delivery import SETTLED, UNREACHED, Delivery, after, asks_first
from monitor.notify.limits import Cap
from monitor.store.caps import within
from monitor.store.columns import micros
from monitor.store.due import is_loud, lapse, worst
from monitor.store.tables import attempts, notifications
from monitor.store.texts import hide, told_again

_PROMISE = tuple(c for c in notifications.c if c.name in Notification.__dataclass_fields__)
LEASE_RAN_OUT = "no result was recorded: it may have been sent"


class Claim(NamedTuple):
    """A promise that the caller alone may now try to send, until its lease runs out."""

    notification: Notification
    attempt: int
    """1, 2, … of this notification."""
    asks_first: bool
    """An attempt before this one was unsure: ask the provider before sending again."""


class Attempt(NamedTuple):
    """One attempt as it was kept."""

    number: int
    claimed_at: datetime
    outcome: SendOutcome | None
    """None while under way."""
    provider_id: str
    reason: str
    blames_person: bool
    recorded_at: datetime | None


def promise(conn: sa.Connection, made: Sequence[Notification]) -> None:
    """Insert new promises; one that is kept already stays as it is.

    What a worse message of the same alert says to the same person by the same channel needs not
    be said any more: it is hidden, unless it asks for an answer and the worse one does not.
    """
    if made:
        rows = [
            {c.name: getattr(n, c.name) for c in _PROMISE}
            | {"state": Delivery.WAITING, "next_at": n.due_at, "reason": "", "withdrawn": ""}
            for n in made
        ]
        conn.execute(insert(notifications).on_conflict_do_nothing(), rows)
        hide(conn, made)
        told_again(conn, {n.subject for n in made if n.use.startswith((TOGETHER, LATE))})


def notification(row: sa.RowMapping) -> Notification:
    """The promise in a row of the table."""
    return Notification(**{c.name: row[c.name] for c in _PROMISE})


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
    free = sa.true() if spared is None else is_loud() | notifications.c.person.in_(spared)
    promised: list[Notification] = []
    for is_real in (True, False):
        if left := limit - len(promised):
            due = worst(channel, now, left, is_real=is_real)
            promised += _allowed(conn, due.where(free), caps, patience, now)
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
    due: sa.Select[Any],
    caps: Sequence[Cap],
    patience: timedelta | None,
    now: datetime,
) -> list[Notification]:
    """The first of those due that break no cap; what breaks one is not due any more."""
    while found := [notification(row) for row in conn.execute(due).mappings()]:
        if free := within(conn, caps, patience, found, now) if caps else found:
            return free
    return []


def record(
    conn: sa.Connection, id: str, attempt: int, receipt: Receipt, now: datetime
) -> Delivery | None:
    """Keep what came of an attempt and what the promise has become.

    None where that attempt was recorded before, by us or because its lease ran out: the first
    record stands, except that an ACCEPTED one overrules a lease that ran out.
    """
    of_attempt = (attempts.c.notification == id) & (attempts.c.number == attempt)
    still_open: sa.ColumnElement[bool] = attempts.c.outcome.is_(None)
    if receipt.outcome is SendOutcome.ACCEPTED:
        still_open |= attempts.c.reason == LEASE_RAN_OUT
    kept = conn.execute(
        sa.update(attempts)
        .where(of_attempt, still_open)
        .values(
            outcome=receipt.outcome,
            provider_id=receipt.provider_id,
            reason=receipt.reason,
            blames_person=receipt.blames_person,
            recorded_at=now,
            lease_until=None,
        )
    )
    return _settle(conn, id, receipt.reason, now) if kept.rowcount == 1 else None


def release(conn: sa.Connection, now: datetime, elapsed: float) -> list[Notification]:
    """End every lease that ran out at `elapsed` (included): the attempt becomes UNSURE.

    At start all of them have: whoever held them is gone. Pass infinity then. Returns the promises
    that were given up by it: the next channel is to be taken.
    """
    ran_out = sa.select(attempts.c.notification, attempts.c.number).where(
        attempts.c.lease_until <= elapsed, attempts.c.outcome.is_(None)
    )
    unsure = Receipt(SendOutcome.UNSURE, "", LEASE_RAN_OUT, False)
    over = conn.execute(ran_out).all()
    lost = [id for id, number in over if record(conn, id, number, unsure, now) in UNREACHED]
    rows = sa.select(notifications).where(notifications.c.id.in_(lost))
    return [notification(row) for row in conn.execute(rows).mappings()] if lost else []


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
    taken = sa.update(notifications).where(*whose)
    under_way = notifications.c.state == Delivery.SENDING
    conn.execute(taken.where(under_way).values(withdrawn=reason))
    waiting = notifications.c.state.in_((Delivery.WAITING, Delivery.HELD))
    gone = {"state": Delivery.SUPERSEDED, "withdrawn": reason, "reason": reason}
    return conn.execute(taken.where(waiting).values(gone)).rowcount


def _outcomes(conn: sa.Connection, id: str) -> list[SendOutcome]:
    """Of the attempts so far, in order."""
    rows = sa.select(attempts.c.outcome).where(attempts.c.notification == id)
    return list(conn.execute(rows.order_by(attempts.c.number)).scalars())


def _settle(conn: sa.Connection, id: str, reason: str, now: datetime) -> Delivery:
    outcomes = [outcome for outcome in _outcomes(conn, id) if outcome is not None]
    state, wait = after(outcomes)
    withdrawn = sa.select(notifications.c.withdrawn).where(notifications.c.id == id)
    if state is Delivery.WAITING and (why := conn.execute(withdrawn).scalar_one()):
        state, reason = Delivery.SUPERSEDED, why
    _become(conn, id, state, now + wait, reason)
    return state


def _become(conn: sa.Connection, id: str, state: Delivery, next_at: datetime, reason: str) -> None:
    changed = sa.update(notifications).where(notifications.c.id == id)
    conn.execute(changed.values(state=state, next_at=next_at, reason=reason))
    if state in SETTLED:  # and so is all that it told together
        subject = sa.select(notifications.c.subject).where(notifications.c.id == id)
        parts = notifications.c.told_by == subject.scalar_subquery()
        conn.execute(sa.update(notifications).where(parts).values(state=state, next_at=next_at))


def attempts_of(conn: sa.Connection, ids: Iterable[str]) -> dict[str, tuple[Attempt, ...]]:
    """The attempts of each of these notifications, in order."""
    rows = sa.select(attempts).where(attempts.c.notification.in_(list(ids)))
    found: dict[str, tuple[Attempt, ...]] = {}
    for row in conn.execute(rows.order_by(attempts.c.number)).mappings():
        kept: dict[str, Any] = {name: row[name] for name in Attempt._fields}
        found[row["notification"]] = (*found.get(row["notification"], ()), Attempt(**kept))
    return found
