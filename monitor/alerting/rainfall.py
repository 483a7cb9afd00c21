"""What fell when: sums over any window ending at the newest reading, without adding up anew.

Each drop keeps the total before it, in whole micrometres so that no sum drifts; a window's sum
is a difference of two totals, found by bisection. Drops lie in chunks, so that a new one copies
one chunk and shares the others.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

CHUNK = 32


class Drop(NamedTuple):
    """One reading: the rain since the one before it."""

    at: datetime
    amount: int
    """µm."""
    total: int
    """µm, this one included, since the gauge was first heard of."""
    readings: int
    """This one included."""


Rainfall = tuple[tuple[Drop, ...], ...]
"""Chunks of drops by time. () is a gauge not heard of."""


class Sum(NamedTuple):
    """Over (newest − window, newest]: a drop on the window's start fell before it."""

    millimetres: float
    readings: int


def with_drop(rain: Rainfall, at: datetime, millimetres: float, keep: timedelta) -> Rainfall:
    """With one more reading, wherever in time it belongs, and without what is older than `keep`."""
    amount = round(millimetres * 1000)
    if rain and at < rain[-1][-1].at:
        return rain if at <= rain[-1][-1].at - keep else _inserted(rain, at, amount)
    last = rain[-1][-1] if rain else Drop(at, 0, 0, 0)
    new = Drop(at, amount, last.total + amount, last.readings + 1)
    full = not rain or len(rain[-1]) >= CHUNK
    rain = (*rain, (new,)) if full else (*rain[:-1], (*rain[-1], new))
    # One whole chunk more than the window is kept: the total at its start stands in there.
    return rain[1:] if len(rain) > 2 and rain[1][-1].at <= at - keep else rain


def _inserted(rain: Rainfall, at: datetime, amount: int) -> Rainfall:
    drops = list(chain.from_iterable(rain))
    total, readings = drops[0].total - drops[0].amount, drops[0].readings - 1
    insort(drops, Drop(at, amount, 0, 0), key=lambda drop: drop.at)
    return tuple(_chunks(drops, total, readings))


def _chunks(drops: list[Drop], total: int, readings: int) -> Iterator[tuple[Drop, ...]]:
    summed = []
    for drop in drops:
        total, readings = total + drop.amount, readings + 1
        summed.append(Drop(drop.at, drop.amount, total, readings))
    for start in range(0, len(summed), CHUNK):
        yield tuple(summed[start : start + CHUNK])


def over(rain: Rainfall, window: timedelta) -> Sum:
    """What fell in the window that ends with the newest reading, which is included."""
    newest = rain[-1][-1]
    start = newest.at - window
    chunk = rain[max(0, bisect_right(rain, start, key=lambda drops: drops[0].at) - 1)]
    place = bisect_right(chunk, start, key=lambda drop: drop.at)
    first = chunk[max(0, place - 1)]
    total, readings = first.total, first.readings
    if place == 0:
        total, readings = total - first.amount, readings - 1
    return Sum((newest.total - total) / 1000, newest.readings - readings)
