"""Erasing: a person's numbers and words, or what calls said long ago. The journal stays.

What is under way keeps what it needs: a call still to be sent, an alert that has not cleared, a
reply that nobody at the desk has read. It is counted, and goes with the next erasure after that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.notify.delivery import Delivery
from monitor.notify.escalation import Ladder, Reach
from monitor.store.columns import instant, micros
from monitor.store.tables import (
    alerts,
    ladders,
    meta,
    notifications,
    quarantine,
    receipts,
    replies,
)

ERASED_BEFORE = "erased before"
"""Row of `meta`: how far the erasure by age has come, in microseconds since 1970."""


class Erased(NamedTuple):
    """Rows that were emptied."""

    calls: int
    receipts: int
    replies: int
    ladders: int
    unreadable: int
    kept: int
    """Calls, ladders and replies that are under way, and hold it still."""

    @property
    def any(self) -> bool:
        return any(self[:-1])


def erase_person(
    conn: sa.Connection, person: str, numbers: Collection[str], shared: Collection[str] = ()
) -> Erased:
    """Empty a person's addresses everywhere, and all that came from them.

    `numbers`: those in `config/`; those that the store knows of are added. `shared`: those that
    others have too, an office's landline: what came from there may be theirs, and stays.
    """
    n = notifications.c
    mine = n.person == person
    known = set(conn.execute(sa.select(n.address).where(mine).distinct()).scalars())
    numbers = (known | set(numbers)) - {"", *shared}
    has_number, has_words = mine & (n.address != ""), _any_of(replies.c.phone, numbers)
    with _zeroed(conn):
        kept = _count(conn, has_number & _under_way()) + _count(conn, has_words & _unread())
        called = sa.select(n.id).where(mine)
        theirs = _any_of(receipts.c.phone, numbers) | receipts.c.notification.in_(called)
        emptied, held = _ladders(conn, lambda reach: reach.person == person, sa.true())
        return Erased(
            _rows(conn, sa.update(notifications).where(has_number, ~_under_way()), address=""),
            _receipts(conn, theirs & (receipts.c.phone != "")),
            _replies(conn, has_words),
            emptied,
            sum(_unreadable(conn, _quotes(number)) for number in numbers if number.isdigit()),
            kept + held,
        )


def erase_before(conn: sa.Connection, before: datetime) -> Erased:
    """Empty what calls said, to which numbers, and what came back, where all of it lies before
    that time. Who was called when and answered stays."""
    n = notifications.c
    done = conn.execute(sa.select(meta.c.value).where(meta.c.name == ERASED_BEFORE)).scalar()
    since = instant(int(done or 0))
    old = (n.created_at < before) & (n.text != "")
    cleared = alerts.c.cleared_at
    ended = sa.select(alerts.c.id).where(cleared >= since, cleared < before)
    arrived = quarantine.c.received_at
    with _zeroed(conn):
        emptied, _ = _ladders(conn, lambda reach: True, ladders.c.alert.in_(ended))
        said: dict[str, Any] = {"address": "", "text": "", "variables": {}}
        erased = Erased(
            _rows(conn, sa.update(notifications).where(old, ~_under_way()), **said),
            _receipts(conn, (receipts.c.at < before) & (receipts.c.phone != "")),
            _replies(conn, (replies.c.at < before) & (replies.c.phone != "")),
            emptied,
            _unreadable(conn, (arrived < micros(before)) & (arrived >= micros(since))),
            _count(conn, old & _under_way()),
        )
        mark = insert(meta).values(name=ERASED_BEFORE, value=str(micros(before)))
        value = mark.excluded.value
        conn.execute(mark.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
    return erased


@contextmanager
def _zeroed(conn: sa.Connection) -> Iterator[None]:
    """What is overwritten here leaves nothing on freed pages."""
    conn.exec_driver_sql("PRAGMA secure_delete=ON")
    yield
    conn.exec_driver_sql("PRAGMA secure_delete=FAST")


def _under_way() -> sa.ColumnElement[bool]:
    n = notifications.c
    stands = sa.exists().where(alerts.c.id == n.subject, alerts.c.cleared_at.is_(None))
    return n.state.in_((Delivery.WAITING, Delivery.SENDING, Delivery.HELD)) | stands


def _any_of(column: sa.Column[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(column == value for value in values))  # each is sealed by itself


def _unread() -> sa.ColumnElement[bool]:
    return replies.c.seen_at.is_(None) & (replies.c.why != "")


def _count(conn: sa.Connection, where: sa.ColumnElement[bool]) -> int:
    return int(conn.execute(sa.select(sa.func.count()).where(where)).scalar_one())


def _rows(conn: sa.Connection, update: sa.Update, **values: Any) -> int:
    return conn.execute(update.values(values)).rowcount


def _nameless() -> sa.ColumnElement[str]:
    """An id in place of one that was made of a number."""
    return sa.func.seal_alike(sa.func.hex(sa.func.randomblob(16)))


def _receipts(conn: sa.Connection, where: sa.ColumnElement[bool]) -> int:
    return _rows(conn, sa.update(receipts).where(where), id=_nameless(), phone="")


def _replies(conn: sa.Connection, where: sa.ColumnElement[bool]) -> int:
    changed = sa.update(replies).where(where, ~_unread())
    return _rows(conn, changed, id=_nameless(), phone="", text="")


def _quotes(number: str) -> sa.ColumnElement[bool]:
    """Whether the number stands anywhere in what could not be read."""
    return (sa.func.instr(sa.func.unseal(quarantine.c.payload), number.encode()) > 0) | (
        sa.func.instr(sa.func.unseal(quarantine.c.detail), number) > 0
    )


def _unreadable(conn: sa.Connection, where: sa.ColumnElement[bool]) -> int:
    return _rows(conn, sa.update(quarantine).where(where), payload=b"", detail="")


def _ladders(
    conn: sa.Connection, whose: Callable[[Reach], bool], where: sa.ColumnElement[bool]
) -> tuple[int, int]:
    """Empty the snapshots' names and addresses: (how many, how many are under way and hold)."""
    stands = sa.exists().where(alerts.c.id == ladders.c.alert, alerts.c.cleared_at.is_(None))
    emptied = held = 0
    for ladder, under_way in conn.execute(sa.select(ladders.c.snapshot, stands).where(where)).all():
        bare = _bare(ladder, whose)
        if bare == ladder:
            continue
        if under_way:
            held += 1
            continue
        mine = ladders.c.id == ladder.id
        emptied += _rows(conn, sa.update(ladders).where(mine), snapshot=bare)
    return emptied, held


def _bare(ladder: Ladder, whose: Callable[[Reach], bool]) -> Ladder:
    def bare(reach: Reach) -> Reach:
        return reach._replace(name="", address="") if whose(reach) else reach

    steps = (s._replace(reaches=tuple(map(bare, s.reaches))) for s in ladder.steps)
    return replace(ladder, steps=tuple(steps))
