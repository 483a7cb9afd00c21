"""How the store and the channels are doing, for `/readyz` and `/metrics`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.ingest.trusted_time import AHEAD, SLOW, UNSET
from monitor.notify.channel import SendOutcome
from monitor.notify.delivery import Delivery
from monitor.scope import Scope
from monitor.store import rollups
from monitor.store.columns import instant, micros, scope_text
from monitor.store.tables import attempts, meta, notifications, quarantine

PROBE = "last probe"


class Tried(NamedTuple):
    """What came of a channel's attempts in a stretch of time."""

    accepted: int
    failed: int
    """Refused, busy or unsure for a reason of the channel's own, not of the person's phone."""


def probe(conn: sa.Connection, now: datetime) -> None:
    """Write one row: a full or read-only disk is found before a reading needs it."""
    values = {"name": PROBE, "value": now.isoformat()}
    statement = insert(meta).values(values)
    conn.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def tried(conn: sa.Connection, since: datetime) -> dict[str, Tried]:
    """By channel, the attempts recorded from `since` on (included)."""
    accepted = attempts.c.outcome == SendOutcome.ACCEPTED
    failed = ~accepted & ~attempts.c.blames_person
    rows = (
        sa.select(
            notifications.c.channel,
            sa.func.sum(sa.cast(accepted, sa.Integer)),
            sa.func.sum(sa.cast(failed, sa.Integer)),
        )
        .join(attempts, attempts.c.notification == notifications.c.id)
        .where(attempts.c.recorded_at >= since)
        .group_by(notifications.c.channel)
    )
    return {channel: Tried(good, bad) for channel, good, bad in conn.execute(rows)}


def states(conn: sa.Connection) -> dict[Delivery, int]:
    """How many promises stand in each state."""
    rows = sa.select(notifications.c.state, sa.func.count()).group_by(notifications.c.state)
    return {row[0]: row[1] for row in conn.execute(rows)}


def quarantined_within(conn: sa.Connection, now: datetime, window: timedelta) -> int:
    """Messages of every scope that could not be used, received in the last `window`."""
    since = quarantine.c.received_at >= micros(now - window)
    rows = sa.select(sa.func.count()).select_from(quarantine).where(since)
    count: int = conn.execute(rows).scalar_one()
    return count


def skewed(conn: sa.Connection, scope: Scope, since: datetime) -> dict[str, float]:
    """Seconds that a device's clock is ahead of ours (behind: below 0), by sensor, of those whose
    newest reading from `since` on was taken for one of a wrong clock."""
    newest = (
        "SELECT sensor, (device_time - received_at) / 1e6, reasons, max(received_at)"
        " FROM observations WHERE scope = ? AND observed_at >= ? AND device_time IS NOT NULL"
        " AND NOT retained GROUP BY sensor"
    )
    rows = conn.exec_driver_sql(newest, (scope_text(scope), micros(since)))
    wrong = {AHEAD, UNSET, SLOW}
    return {sensor: skew for sensor, skew, why, _ in rows if wrong & set(why.split("|"))}


def uncounted_since(conn: sa.Connection) -> datetime | None:
    """The end of the last hour that was counted; None before the first."""
    until = rollups.told(conn, rollups.ROLLED_UNTIL)
    return None if until is None else instant(until)
