"""Wakes a worker: at once when it is rung, else when its time has come."""

from __future__ import annotations

import asyncio
from datetime import datetime

from monitor.clock import Clock


class Bell:
    """Rung by whoever left work; a ring while nobody waits is not lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, clock: Clock, until: datetime) -> None:
        """Return when rung, or at `until`, whichever comes first."""
        rung = asyncio.create_task(self._rung.wait(), name="bell")
        due = asyncio.create_task(clock.wait_until(until), name="bell due")
        try:
            await asyncio.wait((rung, due), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (rung, due):
                task.cancel()
            self._rung.clear()
