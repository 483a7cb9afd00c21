"""What a provider's caps put off: till when, given up for another way, or not true any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

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
    sent: dict[tuple[str, str], list[datetime]] = {}
    free_now = []
    for promised in due:
        whose = (promised.address, promised.use if any(c.by_template for c in caps) else "")
        if whose not in sent:
            sent[whose] = _sent(conn, promised.channel, *whose, caps, now)
        free = allowed(sent[whose], caps, now)
        if free == now:
            sent[whose].append(now)
            free_now.append(promised)
        elif patience is not None and (free - now > patience or promised.severity is Severity.RED):
            _becomes(conn, promised, state=Delivery.FAILED, next_at=now, reason=GIVING_UP)
        else:
            _becomes(conn, promised, next_at=free, reason=OVER_CAP)
    return free_now


def _becomes(conn: sa.Connection, promised: Notification, **values: object) -> None:
    mine = notifications.c.id == promised.id
    conn.execute(sa.update(notifications).where(mine).values(values))


def _sent(
    conn: sa.Connection,
    channel: str,
    address: str,
    use: str,
    caps: Sequence[Cap],
    now: datetime,
) -> list[datetime]:
    """When that address was tried, as far back as a cap looks; of one template where `use`."""
    n, longest = notifications.c, max(cap.within for cap in caps)
    tried = sa.select(attempts.c.claimed_at).join(notifications)
    tried = tried.where(n.address == address, n.channel == channel, *lately(now, longest))
    return list(conn.execute(tried.where(n.use == use) if use else tried).scalars())


def lately(now: datetime, within: timedelta) -> tuple[sa.ColumnElement[bool], ...]:
    """Attempts that count against a limit that looks back so far."""
    at = attempts.c.claimed_at
    return at > now - within, at <= now + AHEAD


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
