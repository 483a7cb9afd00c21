"""What is due on a channel, and in which order: what is real first, the worst of it first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.notify.delivery import Delivery
from monitor.store.caps import LAPSED
from monitor.store.columns import not_by
from monitor.store.pause import gives_way, goes_on, real
from monitor.store.tables import alerts, attempts, notifications


def first(
    conn: sa.Connection,
    channel: str,
    now: datetime,
    limit: int,
    *,
    is_real: bool,
    spared: Collection[str] | None = None,
) -> list[sa.RowMapping]:
    """The first of what is due, whole. `spared`: nothing but what no limit of the township holds
    back goes to others than these persons (None: to everybody)."""
    values = {**_values(channel, now), "most": limit, "to": [*(spared or ())]}
    rows = conn.execute(_first(is_real=is_real, is_spared=spared is not None), values)
    return [*rows.mappings()]


def next_persons(conn: sa.Connection, channel: str, now: datetime, limit: int) -> set[str]:
    """To whom the next so many go that a claim would take; not those of what was tried before,
    nor of what goes to nobody's own phone."""
    found: list[tuple[str, bool]] = []
    for is_real in (True, False):
        if left := limit - len(found):
            rows = conn.execute(_whose(is_real=is_real), {**_values(channel, now), "most": left})
            found += [(person, is_tried) for person, is_tried in rows]
    return {person for person, is_tried in found if person and not is_tried}


def lapse(conn: sa.Connection, channel: str, now: datetime) -> None:
    """Drop what was put off until morning, where the alert does not stand at that level or has
    been worse since: that was told at once, and to more people."""
    conn.execute(_lapse(), _values(channel, now))


def next_due(conn: sa.Connection, channel: str) -> datetime | None:
    """When the channel's next waiting promise is due; None where none waits."""
    found: datetime | None = conn.execute(_next_due(), {"by": channel}).scalar_one()
    return found


def _values(channel: str, now: datetime) -> dict[str, Any]:
    return {"by": channel, "at": now}


# A busy channel asks these forty times a second: each statement is made once.


@cache
def _first(*, is_real: bool, is_spared: bool = False) -> sa.Select[Any]:
    n = notifications.c
    which = real(n.scope) if is_real else ~real(n.scope)
    is_due = not_by(n.next_at) <= _AT  # by severity: what is due of a lower one is not looked at
    ready = (*_waits(), is_due, which, ~gives_way(_BY, _AT))
    if is_spared:
        loud = sa.or_(n.severity == Severity.RED, n.person == "", _tried())
        ready = (*ready, loud | n.person.in_(sa.bindparam("to", expanding=True)))
    # who must act is called before who is merely told
    order = (n.severity.desc(), n.code == "", n.next_at, n.created_at, n.step, n.id)
    return sa.select(notifications).where(*ready).order_by(*order).limit(sa.bindparam("most"))


@cache
def _whose(*, is_real: bool) -> sa.Select[Any]:
    columns = notifications.c.person, _tried().label("is_tried")
    return _first(is_real=is_real).with_only_columns(*columns)


@cache
def _lapse() -> sa.Update:
    n, of = notifications.c, alerts.c
    stands = sa.exists().where(
        of.id == n.subject,
        of.cleared_at.is_(None),
        of.severity == n.severity,
        of.worst == n.severity,
    )
    gone = sa.update(notifications).where(*_waits(), _IS_DUE, n.if_standing, ~stands)
    return gone.values(state=Delivery.SUPERSEDED, withdrawn=LAPSED, reason=LAPSED)


@cache
def _next_due() -> sa.Select[Any]:
    return sa.select(sa.func.min(notifications.c.next_at)).where(*_waits())


def _tried() -> sa.ColumnElement[bool]:
    return sa.exists().where(attempts.c.notification == notifications.c.id)


_BY = sa.bindparam("by", type_=notifications.c.channel.type)
_AT = sa.bindparam("at", type_=notifications.c.next_at.type)
_IS_DUE = notifications.c.next_at <= _AT


def _waits() -> tuple[sa.ColumnElement[bool], ...]:
    n = notifications.c
    return n.state == Delivery.WAITING, n.channel == _BY, goes_on(n.scope)
