"""Readings by the hour and the day, kept in step with late and corrected ones, and what is left of
the raw ones.

An hour is counted once it is over (`rolled until`); whatever arrives for it later marks it as due
again, in the transaction that keeps the reading. Counting reads beside the writer and then writes a
few rows; the mark is taken away only if nothing arrived meanwhile. Times are microseconds of UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

import sqlalchemy as sa

from monitor.ingest.observation import Observation
from monitor.store.columns import instant, micros

HOUR = 3_600_000_000
ROLLED_UNTIL = "rolled until"
RAW_SINCE = "raw since"
"""Names in `meta`. Before `raw since` raw readings have gone, or go; save those of alerts."""
EVERY_SENSOR = ""

_GET = "SELECT value FROM meta WHERE name = ?"
_PUT = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"
_MARK = (
    "INSERT INTO rollups_due (scope, start, sensor, since, marks) VALUES (?,?,?,?,1)"
    " ON CONFLICT DO UPDATE SET marks = marks + 1, since = min(since, excluded.since)"
)
_COUNT = (
    "SELECT sensor, min(value) FILTER (WHERE flag <= 2), max(value) FILTER (WHERE flag <= 2),"
    " sum(value) FILTER (WHERE flag <= 2), count(value) FILTER (WHERE flag <= 2),"
    " count(*) - count(value) FILTER (WHERE flag <= 2), max(flag)"
    " FROM observations WHERE scope = ? AND observed_at >= ? AND observed_at < ?"
    " AND (? = '' OR sensor = ?) AND received_at >= ? AND NOT retained GROUP BY sensor"
)
_KEEP = (
    "INSERT OR REPLACE INTO rollups"
    " (scope, sensor, hours, start, low, high, total, count, doubted, worst)"
    " VALUES (?,?,1,?,?,?,?,?,?,?)"
)
_MERGE = (
    "INSERT INTO rollups (scope, sensor, hours, start, low, high, total, count, doubted, worst)"
    " VALUES (?,?,1,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET"
    " low = min(coalesce(low, excluded.low), coalesce(excluded.low, low)),"
    " high = max(coalesce(high, excluded.high), coalesce(excluded.high, high)),"
    " total = coalesce(total + excluded.total, total, excluded.total),"
    " count = count + excluded.count, doubted = doubted + excluded.doubted,"
    " worst = max(worst, excluded.worst)"
)
_DAY = (
    "INSERT OR REPLACE INTO rollups"
    " (scope, sensor, hours, start, low, high, total, count, doubted, worst)"
    " SELECT scope, sensor, 24, ?, min(low), max(high), sum(total), sum(count), sum(doubted),"
    " max(worst) FROM rollups WHERE scope = ? AND sensor = ? AND hours = 1"
    " AND start >= ? AND start < ? GROUP BY scope, sensor"
)


class Due(NamedTuple):
    """An hour that is to be counted (again)."""

    scope: str
    start: int
    sensor: str
    """EVERY_SENSOR: all that have readings in it."""
    since: int
    """Where the raw readings had gone before: those received from then on are added."""
    marks: int


class Counted(NamedTuple):
    """A sensor's readings of an hour. Those that judge (GOOD, UNKNOWN) make the numbers."""

    sensor: str
    low: float | None
    high: float | None
    total: float | None
    believed: int
    doubted: int
    """SUSPECT, FAIL, MISSING, or without a value."""
    worst: int


def told(conn: sa.Connection, name: str) -> int | None:
    """A time in `meta`; None before it was first written."""
    row = conn.exec_driver_sql(_GET, (name,)).first()
    return None if row is None else int(row[0])


def mark(conn: sa.Connection, changed: Sequence[Observation], *, corrected: bool = False) -> None:
    """Make the hours due that were counted without these. `corrected`: they were kept before, and
    where the raw readings have gone around them their hour stays as it was."""
    if (until := told(conn, ROLLED_UNTIL)) is None:
        return
    since = told(conn, RAW_SINCE) if corrected else None
    before, after = instant(until), None if since is None else instant(since)
    rows: dict[tuple[str, int, str], int] = {}
    for o in changed:
        if o.observed_at < before and (after is None or o.observed_at >= after):
            key = ("/".join(o.scope), micros(o.observed_at) // HOUR * HOUR, o.sensor)
            rows[key] = min(micros(o.received_at), rows.get(key, micros(o.received_at)))
    if rows:
        conn.exec_driver_sql(_MARK, [(*key, since) for key, since in rows.items()])


def scopes(conn: sa.Connection) -> list[str]:
    """Every scope with a reading, without passing over them all."""
    following = "SELECT min(scope) FROM observations WHERE scope > ?"
    found = [""]
    while (scope := conn.exec_driver_sql(following, (found[-1],)).scalar()) is not None:
        found.append(scope)
    return found[1:]


def close_hour(conn: sa.Connection, now: datetime) -> bool:
    """Make the next hour that is over and holds readings due; False: none is."""
    end = micros(now) // HOUR * HOUR
    until = told(conn, ROLLED_UNTIL)
    first = "SELECT min(observed_at) FROM observations WHERE scope = ? AND observed_at >= ?"
    found = {s: conn.exec_driver_sql(first, (s, until or 0)).scalar() for s in scopes(conn)}
    soonest = min((at for at in found.values() if at is not None), default=end) // HOUR * HOUR
    if soonest >= end:
        if until is not None and until < end:
            conn.exec_driver_sql(_PUT, (ROLLED_UNTIL, str(end)))
        return False
    for scope, at in found.items():
        if at is not None and at // HOUR * HOUR == soonest:
            conn.exec_driver_sql(_MARK, (scope, soonest, EVERY_SENSOR, 0))
    conn.exec_driver_sql(_PUT, (ROLLED_UNTIL, str(soonest + HOUR)))
    return True


def due(conn: sa.Connection, limit: int) -> list[Due]:
    """What is to be counted, oldest first."""
    rows = "SELECT scope, start, sensor, since, marks FROM rollups_due ORDER BY start LIMIT ?"
    return [Due(*row) for row in conn.exec_driver_sql(rows, (limit,))]


def is_thinned(conn: sa.Connection, start: int) -> bool:
    """Whether the hour's raw readings have gone."""
    return start < (told(conn, RAW_SINCE) or 0)


def count(conn: sa.Connection, one: Due) -> list[Counted]:
    """What the raw readings say of that hour; of one whose raw ones have gone, what is new."""
    since = one.since if is_thinned(conn, one.start) else -(2**62)
    where = (one.scope, one.start, one.start + HOUR, one.sensor, one.sensor, since)
    return [Counted(*row) for row in conn.exec_driver_sql(_COUNT, where)]


def keep(conn: sa.Connection, one: Due, counted: Sequence[Counted], zone: tzinfo) -> bool:
    """Keep it, unless something arrived since it was read: then False, and it is due as before."""
    taken = "DELETE FROM rollups_due WHERE scope = ? AND start = ? AND sensor = ? AND marks = ?"
    gone = conn.exec_driver_sql(taken, (one.scope, one.start, one.sensor, one.marks))
    if gone.rowcount == 0 or not counted:
        return gone.rowcount > 0
    write = _MERGE if is_thinned(conn, one.start) else _KEEP
    rows = [(one.scope, c.sensor, one.start, *c[1:]) for c in counted]
    conn.exec_driver_sql(write, rows)
    since, until = day(instant(one.start), zone)
    days = [(since, one.scope, c.sensor, since, until) for c in counted]
    conn.exec_driver_sql(_DAY, days)
    return True


def day(at: datetime, zone: tzinfo) -> tuple[int, int]:
    """The township's day that holds `at`: its start and its end, which is not included."""
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return micros(midnight), micros(midnight + timedelta(days=1))


def thin_before(conn: sa.Connection, before: datetime) -> int | None:
    """Say that raw readings before that hour go; its hour. None while some are not counted yet."""
    hour = micros(before) // HOUR * HOUR
    if (told(conn, ROLLED_UNTIL) or 0) < hour:
        return None
    waits = "SELECT 1 FROM rollups_due WHERE start < ? LIMIT 1"
    if conn.exec_driver_sql(waits, (hour,)).first() is not None:
        return None
    if (told(conn, RAW_SINCE) or 0) < hour:
        conn.exec_driver_sql(_PUT, (RAW_SINCE, str(hour)))
    return hour


class Raw(NamedTuple):
    """Where a raw reading lies."""

    observed_at: int
    sensor: str
    key: str


def oldest(conn: sa.Connection, scope: str, after: Raw, before: int, limit: int) -> list[Raw]:
    """The raw readings behind `after` and before that hour, in the order of time."""
    rows = (
        "SELECT observed_at, sensor, key FROM observations WHERE scope = ?"
        " AND (observed_at, sensor, key) > (?, ?, ?) AND observed_at < ?"
        " ORDER BY observed_at, sensor, key LIMIT ?"
    )
    return [Raw(*row) for row in conn.exec_driver_sql(rows, (scope, *after, before, limit))]


def delete(conn: sa.Connection, scope: str, gone: Iterable[Raw]) -> None:
    """Delete raw readings; not those of an hour that is due."""
    rows = [
        (scope, raw.key, raw.sensor, scope, raw.observed_at // HOUR * HOUR, raw.sensor)
        for raw in gone
    ]
    if rows:
        conn.exec_driver_sql(
            "DELETE FROM observations WHERE scope = ? AND key = ? AND sensor = ? AND NOT EXISTS"
            " (SELECT 1 FROM rollups_due d WHERE d.scope = ? AND d.start = ?"
            " AND d.sensor IN (?, ''))",
            rows,
        )


def alert_spans(
    conn: sa.Connection, scope: str, since: datetime
) -> list[tuple[str, datetime, datetime | None]]:
    """Site, beginning and end (None: it stands) of the alerts that ended after `since`."""
    rows = (
        "SELECT site, opened_at, cleared_at FROM alerts WHERE scope = ?"
        " AND (cleared_at IS NULL OR cleared_at >= ?)"
    )
    return [
        (site, instant(begun), None if ended is None else instant(ended))
        for site, begun, ended in conn.exec_driver_sql(rows, (scope, micros(since)))
    ]
