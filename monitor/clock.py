"""The only source of time.

`now()` is what people's timers and judging use; `elapsed()` is what leases, network time
limits, linger and heartbeats use. A demo speeds up `now()` alone.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where `now` and `elapsed` come from."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        ...

    def elapsed(self) -> float:
        """Real seconds on a monotonic scale; only differences mean anything."""
        ...

    def wall_step(self) -> timedelta:
        """How far the machine's wall clock has been stepped away from `now`; 0 where time is
        not the machine's own."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return after that many seconds of `elapsed`."""
        ...

    async def wait_until(self, when: datetime) -> None:
        """Return once `now` has reached `when`; at once if it has already."""
        ...


class SystemClock:
    """Real time. `now` is anchored at start and runs on the monotonic clock, so that a
    stepped wall clock moves no timer; `wall_step` tells how far they have come apart."""

    def __init__(self) -> None:
        self._anchor = datetime.now(UTC)
        self._started = time.monotonic()

    def now(self) -> datetime:
        return self._anchor + timedelta(seconds=time.monotonic() - self._started)

    def elapsed(self) -> float:
        return time.monotonic()

    def wall_step(self) -> timedelta:
        """Wall clock minus `now`: beyond two seconds it is a finding."""
        return datetime.now(UTC) - self.now()

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))

    async def wait_until(self, when: datetime) -> None:
        while (left := (when - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - a clock
            await asyncio.sleep(min(left, 3600.0))


class FastClock:
    """A clock whose `now` starts at `start` and runs `speed` times as fast as `elapsed`."""

    def __init__(self, start: datetime, speed: float) -> None:
        if start.tzinfo is None or speed <= 0:
            raise ValueError("FastClock needs an aware start and a speed above zero")
        self._start = start
        self._speed = speed
        self._started = time.monotonic()

    def now(self) -> datetime:
        run = (time.monotonic() - self._started) * self._speed
        return self._start + timedelta(seconds=run)

    def leap(self, to: datetime) -> None:
        """Jump ahead: the demo sleeps until the next morning. Never back."""
        if to > self.now():
            self._start, self._started = to, time.monotonic()

    def elapsed(self) -> float:
        return time.monotonic()

    def wall_step(self) -> timedelta:
        return timedelta(0)

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))

    async def wait_until(self, when: datetime) -> None:
        # in short slices, so that a leap is noticed
        while (left := (when - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - a clock
            await asyncio.sleep(min(left / self._speed, 0.1))
