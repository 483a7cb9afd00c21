"""Wakes a worker: at once when it is rung, else when its time has come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from monitor.clock import Clock

Wake = Callable[[Iterable[str]], None]
"""Says that something was promised on these channels."""

PAUSE_S = 5.0
"""Whatever was or was not rung, a worker looks again after so many real seconds."""


class Bell:
    """Rung by whoever left work; a ring while nobody waits is not lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._waits = False

    def ring(self) -> None:
        self._rung.set()

    async def rung(self) -> None:
        """Return when rung; the ring is heard by that."""
        await self._rung.wait()
        self._rung.clear()

    @property
    def is_idle(self) -> bool:
        """Its worker waits, and nobody has rung since."""
        return self._waits and not self._rung.is_set()

    async def wait(self, clock: Clock, until: datetime | None) -> bool:
        """Return when rung, at `until` (None: no time is set), or after a pause; the first.
        Whether it was rung."""
        task = asyncio.current_task()
        whose = task.get_name() if task else ""
        ends = [
            asyncio.create_task(self._rung.wait(), name="bell"),
            asyncio.create_task(clock.wait(PAUSE_S), name="bell pause"),
        ]
        if until is not None:
            ends.append(asyncio.create_task(clock.wait_until(until), name=f"{whose} due"))
        self._waits = True
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return self._rung.is_set()
        finally:
            self._waits = False
            for task in ends:
                task.cancel()
            self._rung.clear()
