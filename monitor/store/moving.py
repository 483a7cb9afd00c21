"""What no longer goes by its channel: moved to another way, held until one is back, given back.

Where a promise goes is decided in `monitor.notify.instead`; here it is only kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.alerting.alerts import Alert
from monitor.notify.channel import Channel, Notification, SendOutcome
from monitor.notify.delivery import MOST_COPIES, UNREACHED, Delivery
from monitor.notify.directory import Directory
from monitor.notify.health import Health
from monitor.notify.instead import NoWay, by, instead, subject_matter
from monitor.store.alerts import one as one_alert
from monitor.store.caps import OVER_CAP
from monitor.store.outbox import promise
from monitor.store.tables import attempts, channel_health, notifications
from monitor.store.texts import told_again
from monitor.store.tries import notification

MOVED = "not tried: the channel is dead"
"""Of a promise that went another way without an attempt."""
DOUBTED = "it may have gone out; the channel is dead and cannot be asked"
AT_ONCE = 200
"""Promises looked at in one transaction: others wait for their turn to write."""
ABREAST = timedelta(minutes=10)
"""The same message to the same person by several channels is promised within that time."""


def known_health(conn: sa.Connection) -> dict[str, Health]:
    """By channel; one without a row never failed."""
    rows = conn.execute(sa.select(channel_health)).mappings()
    return {row["channel"]: Health(**row) for row in rows}


def keep_health(conn: sa.Connection, known: Health) -> None:
    values = {name: getattr(known, name) for name in Health.__dataclass_fields__}
    kept = insert(channel_health).values(values)
    conn.execute(kept.on_conflict_do_update(index_elements=["channel"], set_=values))


def abandon(conn: sa.Connection, channel: str, now: datetime) -> list[Notification]:
    """Give up what is due on a dead channel, tried or not: another way is to be taken.

    What may have gone out is UNSURE, for nobody can be asked. At most AT_ONCE; call it again.
    """
    n = notifications.c
    return _given_up(conn, now, AT_ONCE, n.channel == channel, n.next_at <= now)


def strand(conn: sa.Connection, channels: Collection[str], now: datetime) -> list[Notification]:
    """The same of what waits, due or not, for a channel that is none of these: it left `config/`
    between two starts, and nobody would ever send it."""
    return _given_up(conn, now, None, notifications.c.channel.not_in(channels))


def _given_up(
    conn: sa.Connection, now: datetime, most: int | None, *which: sa.ColumnElement[bool]
) -> list[Notification]:
    n = notifications.c
    waits = sa.select(notifications).where(n.state == Delivery.WAITING, *which)
    found = [notification(row) for row in conn.execute(waits.limit(most)).mappings()]
    ids = [one.id for one in found]
    doubted = sa.exists().where(
        attempts.c.notification == n.id, attempts.c.outcome == SendOutcome.UNSURE
    )
    given_up = sa.update(notifications).where(n.id.in_(ids))
    unsure = {"state": Delivery.UNSURE, "reason": DOUBTED, "next_at": now}
    moved = {"state": Delivery.FAILED, "reason": MOVED, "next_at": now}
    conn.execute(given_up.where(doubted).values(unsure))
    conn.execute(given_up.where(n.state == Delivery.WAITING).values(moved))
    return found


class _Tried(NamedTuple):
    """What became of a message by one channel."""

    id: str
    state: Delivery
    copies: int
    """That may have gone out."""


def move_on(
    conn: sa.Connection, directory: Directory, lost: Iterable[Notification], now: datetime
) -> list[Notification]:
    """Promise what another way can take, and hold the rest. Returns what is to be sent now."""
    dead = {one.channel for one in known_health(conn).values() if one.is_down}
    matters: dict[str, Alert | None] = {}
    moved = []
    for one in lost:
        if one.subject not in matters:
            matters[one.subject] = one_alert(conn, one.subject)
        tried = _tried(conn, one)
        states = {channel: row.state for channel, row in tried.items()}
        match instead(directory, one, matters[one.subject], states, dead, now):
            case NoWay() as why:
                _hold(conn, one, tried, why, now)
            case Notification() as substitute if _promise_anew(conn, substitute):
                moved.append(substitute)
            case None if parts := _parts_of(conn, one):  # no call speaks them all: each its own
                moved += move_on(conn, directory, parts, now)
    return moved


def _parts_of(conn: sa.Connection, lost: Notification) -> list[Notification]:
    """What a message for several was to tell, and nobody did."""
    n = notifications.c
    rows = sa.select(notifications).where(n.told_by == lost.subject, n.state.in_(UNREACHED))
    return [notification(row) for row in conn.execute(rows).mappings()]


def _tried(conn: sa.Connection, lost: Notification) -> dict[str, _Tried]:
    """By channel, what became of the same message to that person."""
    n = notifications.c
    doubted = sa.and_(attempts.c.notification == n.id, attempts.c.outcome == SendOutcome.UNSURE)
    copies = sa.select(sa.func.count()).where(doubted).scalar_subquery()
    same = sa.select(n.channel, n.id, n.state, copies, n.use).where(
        n.subject == lost.subject,
        n.person == lost.person,
        n.ladder.is_(None) if lost.ladder is None else n.ladder == lost.ladder,
        n.severity == lost.severity,
        n.step == lost.step,
        n.round == lost.round,
        n.code == lost.code,
        n.created_at >= lost.created_at - ABREAST,
        n.state != Delivery.SUPERSEDED,
        n.reason != MOVED,
    )
    matter = subject_matter(lost.use)
    return {
        channel: _Tried(*row)
        for channel, *row, use in conn.execute(same.order_by(n.created_at, n.id))
        if "plain" in (matter, subject_matter(use)) or subject_matter(use) == matter
    }


def _promise_anew(conn: sa.Connection, substitute: Notification) -> bool:
    """Whether it is to be sent. One that was moved away before may come back; one that was tried
    in vain does not."""
    same = notifications.c.id == substitute.id
    again = {"state": Delivery.WAITING, "next_at": substitute.created_at, "reason": ""}
    moved_away = sa.update(notifications).where(same, notifications.c.reason == MOVED)
    if conn.execute(moved_away.values(again)).rowcount == 1:
        return True
    if conn.execute(sa.select(notifications.c.id).where(same)).first() is not None:
        return False
    promise(conn, [substitute])
    return True


def _hold(
    conn: sa.Connection, lost: Notification, tried: Mapping[str, _Tried], why: NoWay, now: datetime
) -> None:
    """By whichever channel it may still go without a third copy, the last one first. Where there
    is none it stays UNSURE, and is told so."""
    rows = sorted(tried.values(), key=lambda row: row.id != lost.id)
    ids = [row.id for row in rows if row.copies < MOST_COPIES]
    if lost.id not in {row.id for row in rows}:  # moved away from its channel, and untried
        ids.insert(0, lost.id)
    if ids:
        held = sa.update(notifications).where(notifications.c.id == ids[0])
        conn.execute(held.values(state=Delivery.HELD, reason=why, next_at=now))
        told_again(conn, {lost.subject})  # what it tells for several is on its way as it is


def held(conn: sa.Connection) -> list[Notification]:
    """All that waits for a channel to come back, the worst and oldest first."""
    n = notifications.c
    rows = sa.select(notifications).where(n.state == Delivery.HELD)
    rows = rows.order_by(n.severity.desc(), n.created_at, n.step, n.id)
    return [notification(row) for row in conn.execute(rows).mappings()]


def _put_off(conn: sa.Connection, back: str) -> list[Notification]:
    """What the provider's caps put off on other channels that are down: it would wait twice."""
    down = [one.channel for one in known_health(conn).values() if one.is_down]
    n = notifications.c
    waits = (n.state == Delivery.WAITING, n.reason == OVER_CAP, n.channel != back)
    rows = sa.select(notifications).where(*waits, n.channel.in_(down)).order_by(n.severity.desc())
    return [notification(row) for row in conn.execute(rows).mappings()]


def give_back(
    conn: sa.Connection, directory: Directory, way: Channel, now: datetime, most: int | None = None
) -> list[Notification]:
    """Let what was held go by a channel that is back, at most so many (None: all). What was to go
    by another one goes by this one, where the person can be reached by it. It stays due when it
    was: what was due long ago is told as 补发 (`notify.arranging.late`)."""
    back: list[Notification] = []
    for one in (*held(conn), *_put_off(conn, way.id)):
        if one.channel == way.id:
            _become(conn, one, state=Delivery.WAITING, reason="", next_at=now)
            back.append(one)
        elif (moved := _by(conn, directory, one, way, now)) is not None:
            _become(conn, one, state=Delivery.FAILED, reason=MOVED)
            back.append(moved)
        if len(back) == most:
            return back
    if most is None:  # nobody waits any more for a channel that all are waiting for
        left = sa.update(notifications).where(notifications.c.state == Delivery.HELD)
        conn.execute(left.values(reason=NoWay.THIS_PERSON))
    return back


def _by(
    conn: sa.Connection, directory: Directory, one: Notification, way: Channel, now: datetime
) -> Notification | None:
    """The same by that channel; None where it cannot be, or was tried there in vain. What one
    message was to tell for several, and cannot be put into other words, goes one by one."""
    moved = by(directory, one, way, one_alert(conn, one.subject), now)
    if moved is not None:
        return moved if _promise_anew(conn, replace(moved, due_at=one.due_at)) else None
    n = notifications.c
    parts = sa.select(notifications).where(n.told_by == one.subject, n.state == Delivery.MERGED)
    gone = [_by(conn, directory, notification(p), way, now) for p in conn.execute(parts).mappings()]
    return next((part for part in gone if part is not None), None)


def _become(conn: sa.Connection, one: Notification, **values: object) -> None:
    conn.execute(sa.update(notifications).where(notifications.c.id == one.id).values(values))


def any_waits(conn: sa.Connection, channel: str, now: datetime) -> bool:
    """Whether something could try that channel."""
    n = notifications.c
    due = sa.and_(n.state == Delivery.WAITING, n.channel == channel, n.next_at <= now)
    found = sa.select(n.id).where(due | (n.state == Delivery.HELD)).limit(1)
    return conn.execute(found).first() is not None
