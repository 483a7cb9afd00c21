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


FLAPS = 2
FLAPS_WITHIN = timedelta(hours=2)
QUIET = timedelta(minutes=30)
"""A value that has swung below its limit more than FLAPS times within that span is flapping: what
stands is held until it has stayed below for so long. A swing slower than an hour is no flapping,
as it stays below for half of it."""


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
    falling: bool = False
    """Whether `held` last fell: a recession through several rungs is one swing."""
    swings: tuple[datetime, ...] = ()
    """When it last turned from rising to falling, the newest FLAPS + 1."""

    @property
    def flaps(self) -> bool:
        """Whether it swings so fast that what stands is held."""
        swings = self.swings
        return len(swings) > FLAPS and swings[-1] - swings[0] <= FLAPS_WITHIN


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
    if held is not latch.held:
        latch = _swung(latch, held < latch.held, at)
    if held is latch.standing:
        return latch if held is latch.held else latch._replace(held=held, crossed=(), seen=None)
    rising = held > latch.standing
    crossed = latch.crossed if rising == (latch.held > latch.standing) else ()
    if latch.seen is not None and at - latch.seen > delays.gap:
        crossed = ()
    depth = abs(held - latch.standing)
    crossed = (*crossed[:depth], *(at,) * (depth - len(crossed)))
    delay = delays.on if rising else max(delays.off, QUIET) if latch.flaps else delays.off
    ripe = sum(at - moment >= delay for moment in crossed)
    if not ripe:
        return latch._replace(held=held, crossed=crossed, seen=at)
    standing = SEVERITIES[latch.standing + (ripe if rising else -ripe)]
    pending = crossed[ripe:]
    swings = () if latch.flaps and not rising and not pending else latch.swings
    return Latch(standing, at, held, pending, at if pending else None, latch.falling, swings)


def _swung(latch: Latch, falls: bool, at: datetime) -> Latch:
    swings = latch.swings
    if falls and not latch.falling:
        swings = (*swings[-FLAPS:], at)
    return latch._replace(falling=falls, swings=swings)


def settle(latch: Latch, severity: Severity, at: datetime) -> Latch:
    """At least `severity` stands from now, with no delay: a doubt was confirmed."""
    if severity <= latch.standing:
        return latch
    return Latch(severity, at, severity, (), None, swings=latch.swings)


def without_pending(latch: Latch) -> Latch:
    """The latch as changed parameters find it: what stands is judged again, no candidate is."""
    return Latch(latch.standing, latch.since, latch.standing, (), None)


def dump(latch: Latch) -> Any:
    """As JSON."""
    times = [moment.isoformat() for moment in latch.crossed]
    seen = latch.seen and latch.seen.isoformat()
    swings = [latch.falling, *(moment.isoformat() for moment in latch.swings)]
    return [int(latch.standing), latch.since.isoformat(), int(latch.held), times, seen, swings]


def load(row: Any) -> Latch:
    """What `dump` wrote."""
    standing, since, held, times, seen, *more = row  # a row of the first release ends here
    falling, *swings = more[0] if more else (False,)
    return Latch(
        SEVERITIES[standing],
        datetime.fromisoformat(since),
        SEVERITIES[held],
        tuple(map(datetime.fromisoformat, times)),
        seen and datetime.fromisoformat(seen),
        falling,
        tuple(map(datetime.fromisoformat, swings)),
    )
