"""What becomes of a person's waiting texts: held back, told together, another way, needless."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.notify.channel import Notification
from monitor.notify.delivery import Delivery
from monitor.store.columns import not_by
from monitor.store.tables import notifications

HIDDEN = "not sent: a worse message of the same place was promised to the same person"
REPORTED_SINCE = "not sent: a later report of the same matter was promised to the same person"
_ENDS = ("stand_down", "closed", "report")
"""What no worse level makes needless."""
_UNSENT = (Delivery.WAITING, Delivery.HELD)
_HIDE = (
    sa.update(notifications)
    .where(
        notifications.c.subject == sa.bindparam("of"),
        not_by(notifications.c.person) == sa.bindparam("who"),
        notifications.c.channel == sa.bindparam("by"),
        not_by(notifications.c.state) == Delivery.WAITING,
        notifications.c.severity < sa.bindparam("level", type_=notifications.c.severity.type),
        sa.bindparam("asks", type_=sa.Boolean) | (notifications.c.code == ""),
        ~sa.or_(*(notifications.c.use.startswith(use, autoescape=True) for use in _ENDS)),
    )
    .values(state=Delivery.SUPERSEDED, withdrawn=HIDDEN, reason=HIDDEN)
)
"""For one of a storm's thousand promises: the statement is made once."""


def hold(conn: sa.Connection, held: Mapping[str, tuple[datetime, str]], now: datetime) -> None:
    """Till when these are not sent, and why."""
    rows = [{"of": id, "until": until, "why": why, "at": now} for id, (until, why) in held.items()]
    if rows:
        put_off = sa.update(notifications).where(notifications.c.id == sa.bindparam("of"))
        at = sa.func.coalesce(
            notifications.c.held_at, sa.bindparam("at", type_=notifications.c.held_at.type)
        )
        conn.execute(
            put_off.values(next_at=sa.bindparam("until"), reason=sa.bindparam("why"), held_at=at),
            rows,
        )


def let_go(conn: sa.Connection, ids: Iterable[str], now: datetime) -> None:
    """These are sent now, as they are."""
    ids = list(ids)
    if not ids:
        return
    mine = notifications.c.id.in_(ids)
    conn.execute(sa.update(notifications).where(mine).values(next_at=now, reason=""))


def merge(conn: sa.Connection, told_by: str, ids: Collection[str], reason: str) -> None:
    """These are told in the message whose subject is `told_by`."""
    taken = notifications.c.id.in_(list(ids))
    became = {"state": Delivery.MERGED, "told_by": told_by, "reason": reason}
    conn.execute(sa.update(notifications).where(taken).values(became))


def replace_by_other(conn: sa.Connection, ids: Collection[str], reason: str) -> None:
    """These go by another way, as messages of their own."""
    taken = notifications.c.id.in_(list(ids))
    became = {"state": Delivery.SUPERSEDED, "withdrawn": reason, "reason": reason}
    conn.execute(sa.update(notifications).where(taken).values(became))


def codes_of(conn: sa.Connection, persons: Collection[str], since: datetime) -> dict[str, set[str]]:
    """The digits of all that each person was promised since then."""
    codes: dict[str, set[str]] = {person: set() for person in persons}
    for row in conn.execute(_codes(), {"to": [*persons], "since": since}):
        codes[row.person].add(row.code)
    return codes


@cache
def _codes() -> sa.Select[Any]:
    n = notifications.c
    theirs = n.person.in_(sa.bindparam("to", expanding=True))
    asked = (theirs, n.created_at >= sa.bindparam("since"), n.code != "")
    return sa.select(n.person, n.code).where(*asked).distinct()


def spare_reminders(conn: sa.Connection, ladder: str, reason: str) -> None:
    """Take back what is held back for that ladder and only repeats what the person was told."""
    n, before = notifications.c, notifications.alias("before").c
    was_told = sa.exists().where(
        before.subject == n.subject,
        before.person == n.person,
        before.code == n.code,
        before.state.in_((Delivery.ACCEPTED, Delivery.MERGED)),
    )
    repeats = (n.ladder == ladder, n.state == Delivery.WAITING, n.held_at.is_not(None), was_told)
    gone = {"state": Delivery.SUPERSEDED, "withdrawn": reason, "reason": reason}
    conn.execute(sa.update(notifications).where(*repeats).values(gone))


def hide(conn: sa.Connection, made: Sequence[Notification]) -> None:
    """Take back what a worse one of these makes needless: see `outbox.promise`."""
    worse = [
        {"of": one.subject, "who": one.person, "by": one.channel, "level": one.severity}
        | {"asks": bool(one.code)}
        for one in made
        if one.severity > Severity.YELLOW and not one.use.startswith(_ENDS)
    ]
    if worse:
        conn.execute(_HIDE, worse)
    _hide_reports(conn, {one.subject for one in made if one.use.startswith("report")})


def _hide_reports(conn: sa.Connection, subjects: Collection[str]) -> None:
    """Of two reports to the county that one officer is to make, the later says all of the earlier:
    told after it, that one would read as if the level had fallen again."""
    if subjects:
        conn.execute(_overtaken(), {"of": [*subjects]})


@cache
def _overtaken() -> sa.Update:
    n, later = notifications.c, notifications.alias("later").c
    overtakes = sa.exists().where(
        *(later.subject == n.subject, not_by(later.person) == n.person),
        *(later.use.startswith("report"), later.state != Delivery.SUPERSEDED),
        sa.tuple_(later.severity, later.created_at) > sa.tuple_(n.severity, n.created_at),
    )
    of = n.subject.in_(sa.bindparam("of", expanding=True))
    mine = (of, n.use.startswith("report"), not_by(n.state).in_(_UNSENT), overtakes)
    gone = {"state": Delivery.SUPERSEDED, "withdrawn": REPORTED_SINCE, "reason": REPORTED_SINCE}
    return sa.update(notifications).where(*mine).values(gone)


def told_again(conn: sa.Connection, subjects: Collection[str]) -> None:
    """A message for several is tried by the next channel: they are on their way again."""
    if subjects:
        parts = notifications.c.told_by.in_(list(subjects))
        conn.execute(sa.update(notifications).where(parts).values(state=Delivery.MERGED))
