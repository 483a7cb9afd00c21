"""What has arrived and is not taken yet: bounded, and handed over in batches."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from monitor.clock import Clock
from monitor.ingest.message import Message

MOST_BYTES = 16 * 1024 * 1024
"""Payload bytes the inbox holds before the socket is left unread."""


class Batch(NamedTuple):
    """Messages to keep in one transaction, in order of arrival."""

    messages: list[Message]
    epoch: int
    """The connection they came on; only there may they be acknowledged."""
    packet_ids: list[int]
    """What to acknowledge, in order of arrival; messages of QoS 0 have none."""


class Inbox:
    """Filled by one connection after another, emptied by one taker.

    A batch ends `linger` seconds after its first message came, at `most` messages, or when the
    broker's in-flight window is reached: then no more can come before an acknowledgement.
    """

    def __init__(
        self, clock: Clock, *, linger: float, most: int, in_flight: int, room: int
    ) -> None:
        self._clock = clock
        self._linger = linger
        self._most = most
        self._in_flight = in_flight
        self.room = room
        self._waiting: deque[tuple[Message, int]] = deque()
        self._bytes = 0
        self._since = 0.0  # when the oldest waiting message came, in clock.elapsed
        self._unacknowledged = 0  # of this epoch, taken or not
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        self._room_again = asyncio.Event()
        self._room_again.set()
        self.epoch = 0
        self.received = 0
        self.on_room: Callable[[], None] | None = None
        """Called once when a full inbox is half empty again."""

    @property
    def waiting(self) -> int:
        """Messages that came and are not taken yet."""
        return len(self._waiting)

    @property
    def oldest(self) -> datetime | None:
        """When the oldest of them came; None where none waits."""
        return self._waiting[0][0].received_at if self._waiting else None

    @property
    def full(self) -> bool:
        return len(self._waiting) >= self.room or self._bytes >= MOST_BYTES

    def put(self, message: Message, packet_id: int) -> None:
        """Keep a message; packet id 0 is QoS 0. Call `arrived` after a burst of these."""
        self._waiting.append((message, packet_id))
        self._bytes += len(message.payload)
        self.received += 1
        if packet_id:
            self._unacknowledged += 1

    def arrived(self) -> None:
        """Wake the taker if there is reason to."""
        if self._waiting and not self._some.is_set():
            self._since = self._clock.elapsed()
            self._some.set()
        if self._is_enough():
            self._enough.set()
        if self.full:
            self._room_again.clear()

    async def until_room(self) -> None:
        """Return at once, unless the inbox was full and is not half empty yet."""
        await self._room_again.wait()

    def _is_enough(self) -> bool:
        return len(self._waiting) >= self._most or self._unacknowledged >= self._in_flight

    def _half_empty(self) -> bool:
        return len(self._waiting) <= self.room // 2 and self._bytes <= MOST_BYTES // 2

    def acknowledged(self, count: int) -> None:
        self._unacknowledged -= count

    def new_epoch(self) -> None:
        """The connection is gone. What it delivered is kept, and can no longer be acknowledged:
        the broker sends it again, and the store tells a repetition by its key."""
        self.epoch += 1
        self._unacknowledged = 0
        self._waiting = deque((message, 0) for message, _ in self._waiting)

    async def take(self) -> Batch:
        """The next batch, at least one message. Cancelling it loses nothing."""
        await self._some.wait()
        left = self._since + self._linger - self._clock.elapsed()
        if left > 0 and not self._is_enough():
            self._enough.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._enough.wait()
        return self._cut()

    def _cut(self) -> Batch:
        waiting = self._waiting
        taken = [waiting.popleft() for _ in range(min(len(waiting), self._most))]
        messages = [message for message, _ in taken]
        self._bytes -= sum(len(message.payload) for message in messages)
        if not waiting:
            self._some.clear()
        if not self._room_again.is_set() and self._half_empty():
            self._room_again.set()
            if self.on_room is not None:
                self.on_room()
        return Batch(messages, self.epoch, [packet_id for _, packet_id in taken if packet_id])
