"""What waited in the broker while we were away, and when all of it is read.

A connection delivers its backlog first, in the order of arrival. It is read when a message that is
of now has come, or when the line has been quiet; at the latest after a minute, for a line that is
never quiet and whose devices name no time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from monitor.clock import Clock
from monitor.ingest.reading import Reading
from monitor.mqtt import Batch, Subscriber
from monitor.workers.bell import PAUSE_S

QUIET_S = 0.5
"""Longer than a broker takes to send on after an acknowledgement."""
OF_NOW = timedelta(seconds=10)
"""A device's time this close to its reception: the message did not wait."""
AT_MOST_S = 60.0
"""Nobody who is to be called waits for longer."""


class Backlog:
    """Of one subscriber, connection by connection."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._subscriber: Subscriber | None = None
        self._read = -1
        """The connection whose backlog was read last."""
        self._since: float | None = None
        """In elapsed seconds, while a backlog is being read."""
        self._of_now = False
        self._quiet = False

    def of(self, subscriber: Subscriber) -> None:
        self._subscriber = subscriber

    @property
    def _behind(self) -> bool:
        return self._subscriber is not None and self._subscriber.epoch != self._read

    @property
    def deaf(self) -> bool:
        """Whether sensors may speak that we do not hear: then nobody is silent."""
        subscriber = self._subscriber
        return subscriber is not None and (self._behind or not subscriber.connected)

    def waits(self, readings: Sequence[Reading]) -> bool:
        """Whether more waits behind these readings."""
        if not self._behind:
            return False
        self._of_now = self._of_now or any(
            abs(reading.received_at - reading.device_time) <= OF_NOW
            for reading in readings
            if reading.device_time is not None and not reading.retained
        )
        return not self._of_now

    async def batch(self) -> Batch | None:
        """The next batch; None where the line has been quiet for a while."""
        assert self._subscriber is not None
        self._of_now = self._quiet = False
        try:
            async with asyncio.timeout(QUIET_S if self._behind else PAUSE_S):
                return await self._subscriber.batch()
        except TimeoutError:
            self._quiet = self._subscriber.connected
            return None

    def ended(self) -> bool:
        """Whether the backlog has just been read; says so once for each connection."""
        if not self._behind:
            return False
        assert self._subscriber is not None
        if not self._subscriber.connected:
            self._since = None
            return False
        elapsed = self._clock.elapsed()
        self._since = elapsed if self._since is None else self._since
        if not (self._of_now or self._quiet or elapsed - self._since > AT_MOST_S):
            return False
        self._read, self._since = self._subscriber.epoch, None
        return True
