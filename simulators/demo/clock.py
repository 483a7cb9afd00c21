"""The story's clock: its `now` moves only when the stage moves it.

A fast clock makes real work look slow: at 300 times real time, a commit of 50 ms would seem to
take fifteen seconds, and a busy machine would call the wrong people. This one stands still while
the service works, so that the same seed tells the same story on every machine, at every speed.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from monitor.clock import SystemClock


class StoryClock:
    """A Clock (monitor.clock). `elapsed` and `wait` are real: network limits are no story."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._real = SystemClock()
        self._sleepers: dict[asyncio.Future[None], tuple[datetime, str]] = {}

    def now(self) -> datetime:
        return self._now

    def elapsed(self) -> float:
        return self._real.elapsed()

    def wall_step(self) -> timedelta:
        return timedelta(0)

    async def wait(self, seconds: float) -> None:
        await self._real.wait(seconds)

    async def wait_until(self, when: datetime) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        while self._now < when:
            woken: asyncio.Future[None] = loop.create_future()
            self._sleepers[woken] = when, task.get_name() if task else ""
            try:
                await woken
            finally:
                del self._sleepers[woken]

    def advance(self, to: datetime, only: str = "") -> None:
        """Move on, never back, and wake whoever waited for it, or `only` the tasks whose name
        begins so."""
        self._now = max(self._now, to)
        for woken, (when, name) in self._sleepers.items():
            if when <= self._now and name.startswith(only) and not woken.done():
                woken.set_result(None)

    def next_wake(self, but: str = "") -> datetime | None:
        """The soonest moment that anybody waits for, `but` the task of that name."""
        return min((when for when, name in self._sleepers.values() if name != but), default=None)

    def waits(self, task: str) -> bool:
        """Whether the task of that name waits for a time to come."""
        return any(name == task and when > self._now for when, name in self._sleepers.values())
