"""What is due on a channel, and in which order: what is real first, the worst of it first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.notify.delivery import Delivery
from monitor.store.caps import LAPSED
from monitor.store.pause import gives_way, goes_on, real
from monitor.store.tables import alerts, attempts, notifications


def next_persons(conn: sa.Connection, channel: str, now: datetime, limit: int) -> set[str]:
    """Of the next so many that a claim would take: to whom those go whom limits spare."""
    n = notifications.c
    first = [worst(channel, now, limit, is_real=is_real) for is_real in (True, False)]
    found = [
        row
        for due in first
        for row in conn.execute(due.with_only_columns(n.person, (~is_loud()).label("is_spared")))
    ]
    return {person for person, is_spared in found[:limit] if is_spared}


def is_loud() -> sa.ColumnElement[bool]:
    """What no limit of the township holds back: red, what goes to nobody's own phone, and what
    was tried before."""
    n = notifications.c
    tried = sa.exists().where(attempts.c.notification == n.id)
    return sa.or_(n.severity == Severity.RED, n.person == "", tried)


def worst(channel: str, now: datetime, limit: int, *, is_real: bool) -> sa.Select[Any]:
    """The first of what is due, in the order of the index: what else is due is not looked at."""
    n = notifications.c
    which = real(n.scope) if is_real else ~real(n.scope)
    ready = (*_due(channel, now), which, ~gives_way(channel, now))
    order = (n.severity.desc(), n.next_at, n.created_at, n.step, n.id)
    return sa.select(notifications).where(*ready).order_by(*order).limit(limit)


def _due(channel: str, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    n = notifications.c
    return *_waits(channel), n.next_at <= now


def _waits(channel: str) -> tuple[sa.ColumnElement[bool], ...]:
    n = notifications.c
    return n.state == Delivery.WAITING, n.channel == channel, goes_on(n.scope)


def lapse(conn: sa.Connection, channel: str, now: datetime) -> None:
    """Drop what was put off until morning, where the alert does not stand at that level or has
    been worse since: that was told at once, and to more people."""
    stands = sa.exists().where(
        alerts.c.id == notifications.c.subject,
        alerts.c.cleared_at.is_(None),
        alerts.c.severity == notifications.c.severity,
        alerts.c.worst == notifications.c.severity,
    )
    gone = sa.update(notifications).where(*_due(channel, now), notifications.c.if_standing, ~stands)
    conn.execute(gone.values(state=Delivery.SUPERSEDED, withdrawn=LAPSED, reason=LAPSED))


def next_due(conn: sa.Connection, channel: str) -> datetime | None:
    """When the channel's next waiting promise is due; None where none waits."""
    n = notifications.c
    soonest = sa.select(sa.func.min(n.next_at))
    found: datetime | None = conn.execute(soonest.where(*_waits(channel))).scalar_one()
    return found
