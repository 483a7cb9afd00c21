"""What goes first: what is real before any drill or test, who is asked before who is told; and
what a drill that was broken off had still to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.notify.channel import Notification
from monitor.notify.delivery import Delivery
from monitor.notify.drills import ABORTED
from monitor.scope import Status
from monitor.store.tables import alerts, notifications

BROKEN_OFF = "the drill was broken off: something real"


def real(scope: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a scope column says ACTUAL."""
    return sa.type_coerce(scope, sa.String).like(f"%/{Status.ACTUAL}/")


def goes_on(scope: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """ACTUAL always. A drill or test only while no real alert stands that called people out: not
    for a blue one, which asks nobody, nor for a doubt (invariant 8)."""
    calls = alerts.c.announced >= Severity.YELLOW
    stands = sa.exists().where(real(alerts.c.scope), alerts.c.cleared_at.is_(None), calls)
    return real(scope) | ~stands


def gives_way(
    channel: sa.ColumnElement[str], now: sa.ColumnElement[datetime]
) -> sa.ColumnElement[bool]:
    """Below red, what asks for no answer goes when those who are asked of the same matter have
    been tried: where one of their phones is dead, his superior's call is the first text."""
    n, asks = notifications.c, notifications.alias("asks").c
    first = sa.exists().where(
        *(asks.subject == n.subject, asks.channel == channel, asks.code != ""),
        sa.or_(
            asks.state == Delivery.SENDING,
            (asks.state == Delivery.WAITING) & (asks.next_at <= now),
        ),
    )
    return (n.code == "") & (n.severity < Severity.RED) & first


def break_off(conn: sa.Connection, made: Iterable[Notification]) -> None:
    """Take back what a drill had still to say, where these promises tell that it was broken off."""
    n = notifications.c
    ended = {one.subject for one in made if one.use == ABORTED}
    if ended:
        whose = sa.select(alerts.c.scope).where(alerts.c.id.in_(ended))
        unsent = n.state.in_((Delivery.WAITING, Delivery.HELD))
        gone = {"state": Delivery.SUPERSEDED, "withdrawn": BROKEN_OFF, "reason": BROKEN_OFF}
        mine = (n.scope.in_(whose), ~real(n.scope), unsent)
        conn.execute(sa.update(notifications).where(*mine).values(gone))


def broken_off(conn: sa.Connection, matters: Sequence[str]) -> dict[str, datetime]:
    """Of these alerts those of drills that were broken off → when last."""
    n, of, said = notifications.c, alerts.alias("of").c, alerts.alias("said").c
    rows = (
        sa.select(of.id, sa.func.max(n.created_at).label("at"))
        .where(of.id.in_(matters), ~real(of.scope), said.scope == of.scope)
        .where(n.subject == said.id, n.use == ABORTED)
        .group_by(of.id)
    )
    return {row.id: row.at for row in conn.execute(rows)}
