"""What a provider's caps put off: till when, given up for another way, or not true any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from monitor.notify.channel import Notification
from monitor.notify.delivery import Delivery
from monitor.notify.limits import Cap, allowed
from monitor.store.alerts import some
from monitor.store.quiet import audible_now
from monitor.store.tables import alerts, attempts, notifications

OVER_CAP = "put off: the provider allows no more to this number now"
LAPSED = "no longer stands as it did when it was put off"
GIVING_UP = "giving up: the provider allows no more to this number for long"
GIVEN_UP = "given up: the provider allows no more to this number for long"
AHEAD = timedelta(minutes=2)
"""A send recorded so long after now counts; one beyond that was made while our clock ran ahead,
before it was set right at a restart, and would hold back what is to be told until then."""


def within(
    conn: sa.Connection,
    caps: Sequence[Cap],
    patience: timedelta | None,
    due: Sequence[Notification],
    now: datetime,
) -> list[Notification]:
    """Those that break no cap. The others are put off until they would break none, or given up
    where that is longer than `patience` (None: never); a red one does not wait at all."""
    by_template = any(cap.by_template for cap in caps)
    sent = _sent(conn, {(one.channel, one.address) for one in due}, caps, now)
    free_now, changed = [], []
    for promised in due:
        made = sent.setdefault((promised.address, promised.use if by_template else ""), [])
        free = allowed(made, caps, now)
        if free == now:
            made.append(now)
            free_now.append(promised)
        elif patience is not None and (free - now > patience or promised.severity is Severity.RED):
            gone = {"became": Delivery.FAILED, "when": now, "why": GIVING_UP}
            changed.append({"of": promised.id} | gone)
        else:
            later = {"became": Delivery.WAITING, "when": free, "why": OVER_CAP}
            changed.append({"of": promised.id} | later)
    if changed:
        conn.execute(_change(), changed)
    lost = {one["of"] for one in changed if one["became"] is Delivery.FAILED}
    if parts := [{"of": one.subject, "when": now} for one in due if one.id in lost]:
        conn.execute(_parts_fail(), parts)
    return free_now


@cache
def _parts_fail() -> sa.Update:
    """So does all that a message for several was to tell."""
    n = notifications.c
    when = sa.bindparam("when", type_=n.next_at.type)
    told = sa.update(notifications).where(n.told_by == sa.bindparam("of"))
    return told.values(state=Delivery.FAILED, next_at=when)


@cache
def _change() -> sa.Update:
    n = notifications.c
    became = {
        "state": sa.bindparam("became", type_=n.state.type),
        "next_at": sa.bindparam("when", type_=n.next_at.type),
        "reason": sa.bindparam("why"),
    }
    return sa.update(notifications).where(n.id == sa.bindparam("of")).values(became)


def _becomes(conn: sa.Connection, promised: Notification, **values: object) -> None:
    mine = notifications.c.id == promised.id
    conn.execute(sa.update(notifications).where(mine).values(values))


def _sent(
    conn: sa.Connection, whom: Collection[tuple[str, str]], caps: Sequence[Cap], now: datetime
) -> dict[tuple[str, str], list[datetime]]:
    """Address, template → when it was tried, as far back as a cap looks; template "" where no
    cap counts each apart. `whom`: channel and address of each."""
    sent: dict[tuple[str, str], list[datetime]] = {}
    longest = max(cap.within for cap in caps)
    channels, addresses = {by for by, _ in whom}, {address for _, address in whom}
    values: dict[str, object] = {"since": now - longest, "until": now + AHEAD}
    values |= {"to": [*addresses], "by": [*channels]}
    by_template = any(cap.by_template for cap in caps)
    for row in conn.execute(_tried(), values):
        sent.setdefault((row.address, row.use if by_template else ""), []).append(row.claimed_at)
    return sent


@cache
def _tried() -> sa.Select[Any]:
    n, at = notifications.c, attempts.c.claimed_at
    theirs = n.address.in_(sa.bindparam("to", expanding=True))
    by = n.channel.in_(sa.bindparam("by", expanding=True))
    lately = (at > sa.bindparam("since"), at <= sa.bindparam("until"))
    rows = sa.select(n.address, n.use, at).join_from(notifications, attempts)
    return rows.where(theirs, by, *lately)


def given_up(conn: sa.Connection, channel: str) -> list[Notification]:
    """What claims gave up since this was asked last: another way is to be taken. Each once."""
    n = notifications.c
    new = (n.channel == channel, n.state == Delivery.FAILED, n.reason == GIVING_UP)
    found = [_promise(row) for row in conn.execute(sa.select(notifications).where(*new)).mappings()]
    if found:
        conn.execute(sa.update(notifications).where(*new).values(reason=GIVEN_UP))
    return found


def outdated(conn: sa.Connection, channel: str, now: datetime) -> list[tuple[Notification, Alert]]:
    """What was put off, is due now, and speaks of a level at which its alert does not stand."""
    n, of = notifications.c, alerts.c
    rows = (
        sa.select(notifications)
        .join(alerts, of.id == n.subject)
        .where(
            n.channel == channel,
            n.state == Delivery.WAITING,
            n.next_at <= now,
            n.reason == OVER_CAP,
            of.severity != n.severity,
        )
    )
    found = [_promise(row) for row in conn.execute(rows).mappings()]
    matters = audible_now(conn, some(conn, {promised.subject for promised in found}))
    return [(one, matters[one.subject]) for one in found]


def reword(conn: sa.Connection, said: Sequence[Notification]) -> None:
    """Keep what a promise says now."""
    for one in said:
        _becomes(conn, one, use=one.use, variables=one.variables, text=one.text)


def lapse(conn: sa.Connection, gone: Sequence[Notification]) -> None:
    """Take back what nothing waits for any more."""
    for one in gone:
        why = {"withdrawn": LAPSED, "reason": LAPSED}
        _becomes(conn, one, state=Delivery.SUPERSEDED, **why)


def _promise(row: sa.RowMapping) -> Notification:
    return Notification(**{name: row[name] for name in Notification.__dataclass_fields__})
