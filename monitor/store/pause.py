"""What goes first: what is real before any drill or test, who is asked before who is told."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.notify.delivery import Delivery
from monitor.scope import Status
from monitor.store.tables import alerts, notifications


def real(scope: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a scope column says ACTUAL."""
    return sa.type_coerce(scope, sa.String).like(f"%/{Status.ACTUAL}/")


def goes_on(scope: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """ACTUAL always. A drill or test only while no real alert stands that called people out: not
    for a blue one, which asks nobody, nor for a doubt (invariant 8)."""
    calls = alerts.c.announced >= Severity.YELLOW
    stands = sa.exists().where(real(alerts.c.scope), alerts.c.cleared_at.is_(None), calls)
    return real(scope) | ~stands


def gives_way(channel: str, now: datetime) -> sa.ColumnElement[bool]:
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
