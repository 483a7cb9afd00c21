"""One sensor's values of a span, as fine as a chart can use: each reading, hours, or days."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from monitor.scope import Scope
from monitor.store import rollups
from monitor.store.columns import instant, micros, scope_text
from monitor.store.rollups import HOUR

RAW_FOR = timedelta(hours=25)
"""Longest span of single readings: finding one sensor's passes over all others' of that time."""
HOURS_FOR = timedelta(days=62)


class By(StrEnum):
    """What one point is."""

    READING = "reading"
    HOUR = "hour"
    DAY = "day"


class Point(NamedTuple):
    """Of one reading all three numbers are its value."""

    at: datetime
    """When it was observed, or the start of the hour or of the township's day."""
    low: float | None
    """None where no reading of that time can be believed."""
    high: float | None
    mean: float | None
    total: float | None
    """What fell, where it is rain."""
    believed: int
    """Readings that the numbers come from (GOOD, UNKNOWN)."""
    doubted: int
    """Readings beside them: SUSPECT, FAIL, MISSING."""
    worst: int
    """QARTOD's flag, the worst of all of them."""


class Series(NamedTuple):
    """Oldest first."""

    by: By
    points: list[Point]


def series(
    conn: sa.Connection, scope: Scope, sensor: str, since: datetime, until: datetime
) -> Series:
    """Of one sensor, `since` included and `until` not. The hour that is not over is counted from
    its readings; the day that is not over holds the hours that are."""
    of, start, end = scope_text(scope), micros(since), micros(until)
    if until - since <= RAW_FOR and not rollups.is_thinned(conn, start):
        return Series(By.READING, _raw(conn, of, sensor, start, end))
    if until - since > HOURS_FOR:
        return Series(By.DAY, _rolled(conn, of, sensor, 24, start, end))
    points = _rolled(conn, of, sensor, 1, start, end)
    open_hours = max(rollups.told(conn, rollups.ROLLED_UNTIL) or end, start, end - 3 * HOUR)
    for hour in range(open_hours // HOUR * HOUR, end, HOUR):
        asked = rollups.Due(of, hour, sensor, 0, 0)
        points += [_point((hour, *one[1:])) for one in rollups.count(conn, asked)]
    return Series(By.HOUR, points)


def _rolled(
    conn: sa.Connection, scope: str, sensor: str, hours: int, start: int, end: int
) -> list[Point]:
    rows = (
        "SELECT start, low, high, total, count, doubted, worst FROM rollups"
        " WHERE scope = ? AND sensor = ? AND hours = ? AND start > ? AND start < ? ORDER BY start"
    )
    where = (scope, sensor, hours, start - hours * HOUR, end)
    return [_point(tuple(row)) for row in conn.exec_driver_sql(rows, where)]


def _raw(conn: sa.Connection, scope: str, sensor: str, start: int, end: int) -> list[Point]:
    # From the index alone first: SQLite would look up every sensor's row of that time, and only
    # then whose it is (25 hours of 100 sensors: 90 ms, so 15).
    rows = (
        "WITH mine AS MATERIALIZED (SELECT scope, key, sensor FROM observations"
        " WHERE scope = ? AND observed_at >= ? AND observed_at < ? AND sensor = ?)"
        " SELECT observed_at, CASE WHEN flag <= 2 THEN value END, flag"
        " FROM mine CROSS JOIN observations USING (scope, key, sensor)"
        " WHERE NOT retained ORDER BY observed_at, key"
    )
    found = conn.exec_driver_sql(rows, (scope, start, end, sensor))
    return [
        Point(instant(at), v, v, v, v, int(v is not None), int(v is None), flag)
        for at, v, flag in found
    ]


def _point(row: tuple[int, float | None, float | None, float | None, int, int, int]) -> Point:
    start, low, high, total, count, doubted, worst = row
    mean = total / count if count and total is not None else None
    return Point(instant(start), low, high, mean, total, count, doubted, worst)
