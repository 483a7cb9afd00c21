"""A clock moved by hand: tests wait for nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class HandClock:
    """Time that passes only when somebody waits or moves it."""

    def __init__(self, start: datetime = datetime(2026, 7, 1, tzinfo=UTC)) -> None:
        self.start = start
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def elapsed(self) -> float:
        return self.seconds

    def wall_step(self) -> timedelta:
        return timedelta(0)

    async def wait(self, seconds: float) -> None:
        self.seconds += seconds

    async def wait_until(self, when: datetime) -> None:
        self.seconds = max(self.seconds, (when - self.start).total_seconds())
