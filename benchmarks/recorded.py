"""A recorded flood as a storm: what a file holds, passing over as many gauges as are wanted.

Each gauge reads one of the file's series from its beginning to its highest value, a little later
than its neighbour; its yellow, orange and red stand at half, 70 and 90 % of that rise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from random import Random

from benchmarks.valley import Station, stations
from simulators.replay import Columns, Row, rows

LEAST_M = 0.2
"""A series that rises by less is no flood."""
_RUNGS = {"yellow": 0.5, "orange": 0.7, "red": 0.9}


def recorded(
    path: Path, columns: Columns, gauges: int, seconds: float, seed: int
) -> tuple[list[Station], list[Row], float]:
    """The gauges, what they read, and how much faster than it happened: the longest series passes
    within `seconds`. Raises ValueError where nothing in the file rises."""
    series = [rise for rise in _rises(rows(path, columns)) if _height(rise) >= LEAST_M]
    if not series:
        raise ValueError(f"nothing in {path.name} rises by {LEAST_M} m")
    speed = max((rise[-1].at - rise[0].at).total_seconds() for rise in series) / (0.8 * seconds)
    dice, known, read = Random(seed), [], []
    begun = min(rise[0].at for rise in series)
    for number, gauge in enumerate(stations(gauges)):
        rise = series[number % len(series)]
        low, high = rise[0].value or 0.0, rise[-1].value or 0.0
        rungs = {name: round(low + part * (high - low), 2) for name, part in _RUNGS.items()}
        known.append(gauge._replace(rungs=rungs))
        ahead = begun - rise[0].at + timedelta(seconds=dice.uniform(0, 0.2 * seconds) * speed)
        read += [row._replace(at=row.at + ahead, sensor=gauge.sensor) for row in rise]
    return known, sorted(read, key=lambda row: row.at), speed


def _rises(read: Iterable[Row]) -> Iterable[list[Row]]:
    """Of each series what leads from its lowest value to its highest one after it."""
    by_sensor = sorted(read, key=lambda row: (row.sensor, row.at))
    for _, of_one in groupby(by_sensor, key=lambda row: row.sensor):
        known = [row for row in of_one if row.value is not None]
        top = max(range(len(known)), key=lambda n: known[n].value or 0.0, default=0)
        foot = min(range(top + 1), key=lambda n: known[n].value or 0.0) if known else 0
        yield known[foot : top + 1]


def _height(rise: list[Row]) -> float:
    return (rise[-1].value or 0.0) - (rise[0].value or 0.0) if rise else 0.0
