"""Since when: deadband, on-delay and off-delay, one pure machine for every rule.

Two stages. `Ladder.hold` turns a value into the rung that it holds, with the deadband; it
knows no time. `step` lets what stands follow what is held once that has lasted.
Because the deadband works before the delay, it also holds a pending candidate: a level that
hovers at the limit does alarm.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from monitor.alerting.severity import SEVERITIES, Severity
from monitor.reference.places import Sensor

GAP = 3
"""Intervals: a longer pause between two observations proves no duration."""


AT_LEAST = timedelta(minutes=10)
"""A sensor that speaks every minute may lose a few words."""


def silent_after(sensor: Sensor) -> timedelta:
    """How long a sensor may say nothing."""
    return max(GAP * sensor.interval, AT_LEAST)


class Latch(NamedTuple):
    """What stands, and what is on its way. The same object as long as nothing changes."""

    standing: Severity
    since: datetime
    held: Severity
    """What the last value holds, deadband applied; differs from `standing` while pending."""
    crossed: tuple[datetime, ...]
    """For each severity from `standing` towards `held`: since when it has been passed."""
    seen: datetime | None
    """The last observation while something is pending; None while nothing is."""


def start(at: datetime) -> Latch:
    """Nothing stands and nothing is pending."""
    return Latch(Severity.NORMAL, at, Severity.NORMAL, (), None)


class Delays(NamedTuple):
    """How long a rung must be held before it stands, or left before it falls."""

    on: timedelta
    off: timedelta
    gap: timedelta
    """A longer pause starts every pending duration anew."""


def step(latch: Latch, held: Severity, at: datetime, delays: Delays) -> Latch:
    """The latch after an observation at `at` that holds `held`. Both delays include their end."""
    if held is latch.standing:
        return latch if held is latch.held else Latch(held, latch.since, held, (), None)
    rising = held > latch.standing
    crossed = latch.crossed if rising == (latch.held > latch.standing) else ()
    if latch.seen is not None and at - latch.seen > delays.gap:
        crossed = ()
    depth = abs(held - latch.standing)
    crossed = (*crossed[:depth], *(at,) * (depth - len(crossed)))
    delay = delays.on if rising else delays.off
    ripe = sum(at - moment >= delay for moment in crossed)
    if not ripe:
        return Latch(latch.standing, latch.since, held, crossed, at)
    standing = SEVERITIES[latch.standing + (ripe if rising else -ripe)]
    return Latch(standing, at, held, crossed[ripe:], at if crossed[ripe:] else None)


def settle(latch: Latch, severity: Severity, at: datetime) -> Latch:
    """At least `severity` stands from now, with no delay: a doubt was confirmed."""
    if severity <= latch.standing:
        return latch
    return Latch(severity, at, severity, (), None)


def without_pending(latch: Latch) -> Latch:
    """The latch as changed parameters find it: what stands is judged again, no candidate is."""
    return Latch(latch.standing, latch.since, latch.standing, (), None)


def dump(latch: Latch) -> Any:
    """As JSON."""
    times = [moment.isoformat() for moment in latch.crossed]
    seen = latch.seen and latch.seen.isoformat()
    return [int(latch.standing), latch.since.isoformat(), int(latch.held), times, seen]


def load(row: Any) -> Latch:
    """What `dump` wrote."""
    standing, since, held, times, seen = row
    return Latch(
        SEVERITIES[standing],
        datetime.fromisoformat(since),
        SEVERITIES[held],
        tuple(map(datetime.fromisoformat, times)),
        seen and datetime.fromisoformat(seen),
    )
