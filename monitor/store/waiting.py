"""A person's waiting texts, and what they were told of late: what decides when each is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.notify.arranging import Pending, Queue, Said
from monitor.notify.bundling import LIMIT, PRESSED, REPEAT, TELLS_SEVERAL, WINDOW
from monitor.notify.channel import Notification, SendOutcome
from monitor.notify.delivery import Delivery
from monitor.store.alerts import AT_ONCE, some
from monitor.store.caps import AHEAD, OVER_CAP
from monitor.store.columns import not_by
from monitor.store.pause import goes_on
from monitor.store.quiet import audible_now
from monitor.store.tables import alerts, attempts, notifications

DAY = timedelta(days=1)
_TELLS = [notifications.c.use.startswith(use) for use in TELLS_SEVERAL]
"""Whether it is a message that tells several."""
_PART = notifications.alias("part")


def queues(
    conn: sa.Connection,
    channel: str,
    texts: Collection[str],
    now: datetime,
    persons: Collection[str],
    *,
    with_held: bool = False,
) -> list[Queue]:
    """Of these persons, where a text is due on `channel`: what is due there and was never tried,
    and what they were told in a day by any channel of `texts`.

    `with_held`: all that is held back beside. In a storm hundreds are held for one person, and
    are looked at only where something may be sent.
    """
    if not persons:
        return []
    values = {"by": channel, "at": now, "to": [*persons], "texts": [*texts]}
    waiting = conn.execute(_waiting(with_held=with_held), values).mappings().all()
    due = [row for row in waiting if row["next_at"] <= now]
    found = {(row["scope"], row["person"]): Queue(row["scope"], row["person"]) for row in due}
    _fill(conn, found, waiting)
    told = {"to": [*persons], "texts": [*texts], "since": now - DAY, "until": now + AHEAD}
    for scope, person, *said in conn.execute(_told(), told) if found else ():
        if (scope, person) in found:
            found[scope, person].told.append(Said(*said))
    return list(found.values())


def late_queues(
    conn: sa.Connection, channel: str, beside: Collection[str], before: datetime, now: datetime
) -> list[Queue]:
    """Of everybody for whom something is due on `channel` since `before` or longer: all such, by
    any channel of `beside` as well, and what an unsent message of these was to tell together."""
    values = {"by": channel, "at": now, "before": before}
    whose = conn.execute(_late(), values)
    found = {tuple(row): Queue(*row) for row in whose}
    for some_of in _parts(sorted({person for _, person in found})):
        n = notifications.c
        unsent = n.state.in_((Delivery.WAITING, Delivery.HELD)) & _is_old()
        theirs = (n.person.in_(some_of), n.channel.in_({channel, *beside}), unsent)
        told = sa.select(n.subject).where(*theirs, sa.or_(*_TELLS))
        rows = sa.select(notifications, sa.false().label("elsewhere"))
        _fill(conn, found, conn.execute(rows.where(*theirs), values).mappings().all())
        merged = rows.where(n.told_by.in_(told), n.state == Delivery.MERGED)
        _fill(conn, found, conn.execute(merged, values).mappings().all())
    return list(found.values())


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _fill(
    conn: sa.Connection, found: Mapping[tuple[Any, ...], Queue], waiting: Iterable[sa.RowMapping]
) -> None:
    rows = [row for row in waiting if (row["scope"], row["person"]) in found]
    matters = audible_now(conn, some(conn, {row["subject"] for row in rows}))
    for row in rows:
        promised = Notification(**{k: row[k] for k in Notification.__dataclass_fields__})
        about = matters.get(promised.subject)
        queue = found[row["scope"], row["person"]]
        queue.waiting.append(Pending(promised, about, row["held_at"], row["elsewhere"]))


# A busy channel asks these forty times a second: each statement is made once.


@cache
def _waiting(*, with_held: bool) -> sa.Select[Any]:
    n = notifications.c
    due = n.next_at <= sa.bindparam("at")
    looked_at = due | n.held_at.is_not(None) if with_held else due
    fresh = ~sa.exists().where(attempts.c.notification == n.id)
    mine = n.person.in_(sa.bindparam("to", expanding=True))
    rows = sa.select(notifications, _elsewhere().label("elsewhere"))
    waits = (not_by(n.state) == Delivery.WAITING, n.channel == sa.bindparam("by"), goes_on(n.scope))
    return rows.where(mine, *waits, fresh, looked_at)


def _elsewhere() -> sa.Exists:
    n, other = notifications.c, notifications.alias("other").c
    reaches = (Delivery.WAITING, Delivery.SENDING, Delivery.ACCEPTED)
    return sa.exists().where(
        other.subject == n.subject,
        other.person == n.person,
        other.code == n.code,
        other.created_at == n.created_at,
        other.channel.not_in(sa.bindparam("texts", expanding=True)),
        other.state.in_(reaches),
    )


@cache
def _told() -> sa.Select[Any]:
    """A text that tells several things gives one row for each."""
    n, part, a, at = notifications.c, _PART.c, alerts.c, attempts.c.claimed_at
    no_copy = attempts.c.outcome.in_((SendOutcome.REFUSED, SendOutcome.BUSY))
    mine = n.person.in_(sa.bindparam("to", expanding=True))
    by = n.channel.in_(sa.bindparam("texts", expanding=True))
    sent = (
        sa.select(attempts.c.notification, sa.func.max(at).label("at"))
        .join(notifications)
        .where(mine, by, at > sa.bindparam("since"), at <= sa.bindparam("until"))
        .where(sa.or_(attempts.c.outcome.is_(None), ~no_copy))
        .group_by(attempts.c.notification)
        .subquery()
    )
    subject = sa.func.coalesce(part.subject, n.subject)
    severity = sa.func.coalesce(part.severity, n.severity)
    return (
        sa.select(
            *(n.scope, n.person, n.id, sent.c.at, subject),
            sa.func.coalesce(part.use, n.use),
            sa.type_coerce(severity, n.severity.type),
            sa.func.coalesce(part.code, n.code) != "",
            sa.func.coalesce(a.site, ""),
            sa.func.coalesce(a.hazard, ""),
            n.severity == Severity.RED,
        )
        .select_from(notifications)
        .join(sent, sent.c.notification == n.id)
        .outerjoin(_PART, part.told_by == n.subject)
        .outerjoin(alerts, a.id == subject)
    )


def _is_old() -> sa.ColumnElement[bool]:
    n = notifications.c
    before: sa.BindParameter[datetime] = sa.bindparam("before", type_=n.next_at.type)
    put_off = n.reason.in_((WINDOW, LIMIT, REPEAT, PRESSED, OVER_CAP))
    return sa.or_(n.next_at <= before, ~put_off & (n.due_at <= before))


@cache
def _late() -> sa.Select[Any]:
    n = notifications.c
    waits = (n.state == Delivery.WAITING, n.channel == sa.bindparam("by"), goes_on(n.scope))
    due = (*waits, n.next_at <= sa.bindparam("at"), n.person != "", _is_old())
    return sa.select(n.scope, n.person).where(*due).distinct()
