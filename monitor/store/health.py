"""How the store and the channels are doing, for `/readyz` and `/metrics`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.notify.channel import SendOutcome
from monitor.store.columns import micros
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


def quarantined_within(conn: sa.Connection, now: datetime, window: timedelta) -> int:
    """Messages of every scope that could not be used, received in the last `window`."""
    since = quarantine.c.received_at >= micros(now - window)
    rows = sa.select(sa.func.count()).select_from(quarantine).where(since)
    count: int = conn.execute(rows).scalar_one()
    return count
