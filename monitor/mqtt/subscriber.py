"""A session that outlives its connections."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self

from monitor.clock import Clock
from monitor.mqtt.address import BrokerAddress
from monitor.mqtt.connection import Connection, connect
from monitor.mqtt.inbox import Batch, Inbox

_log = logging.getLogger(__name__)


class Subscriber:
    """Takes messages in batches and acknowledges them when told; reconnects by itself.

    Delivery is at least once: what was not acknowledged comes again. Entering does not wait for
    the broker, so a service starts while it is down; `until_connected` does.

    linger: seconds a message may wait for company. most: messages in a batch.
    room: messages held before the socket is left unread, so that the broker keeps the rest.
    back_off: seconds before the second attempt to connect, and at most.
    """

    def __init__(
        self,
        address: BrokerAddress,
        filters: Sequence[str],
        clock: Clock,
        *,
        linger: float = 0.02,
        most: int = 500,
        room: int = 2000,
        back_off: tuple[float, float] = (0.5, 30.0),
    ) -> None:
        self._address = address
        self._filters = tuple(filters)
        self._clock = clock
        self._back_off = back_off
        self._inbox = Inbox(clock, linger=linger, most=most, in_flight=address.in_flight, room=room)
        self._connection: Connection | None = None
        self._open = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._last_heard = clock.elapsed()
        self.last_tried = clock.elapsed()
        """When it last began to connect, in `clock.elapsed`."""

    async def __aenter__(self) -> Self:
        name = f"mqtt {self._address.client_id}"
        self._task = asyncio.create_task(self._stay_connected(), name=name)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.wait({self._task})

    @property
    def connected(self) -> bool:
        """Whether the session is open and the subscriptions are in force."""
        return self._open.is_set()

    @property
    def epoch(self) -> int:
        """How many connections have been lost."""
        return self._inbox.epoch

    @property
    def received(self) -> int:
        """Messages that came, repetitions included."""
        return self._inbox.received

    @property
    def waiting(self) -> int:
        """Messages that came and are not taken yet."""
        return self._inbox.waiting

    @property
    def oldest(self) -> datetime | None:
        """When the oldest of them came; None where none waits."""
        return self._inbox.oldest

    @property
    def last_heard(self) -> float:
        """When the broker last sent anything, in `clock.elapsed`; the start before it ever did."""
        return self._connection.last_heard if self._connection else self._last_heard

    def give_up(self, reason: str) -> None:
        """Take the connection for dead, whatever its socket says, and connect anew."""
        if self._connection is not None:
            self._connection.give_up(reason)

    async def until_connected(self) -> None:
        await self._open.wait()

    async def batch(self) -> Batch:
        """The next batch, at least one message, in order of arrival. Cancelling loses nothing."""
        return await self._inbox.take()

    def acknowledge(self, batch: Batch) -> None:
        """Tell the broker that the batch is durable. Batches in the order they were taken.

        Nothing is sent where its connection is gone: on the next one the same packet ids belong
        to other messages.
        """
        if self._connection is not None and batch.epoch == self._inbox.epoch:
            self._connection.acknowledge(batch.packet_ids)
            self._inbox.acknowledged(len(batch.packet_ids))

    async def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Return once the broker has it, however many connections that takes: bound the call by
        a timeout. At least once for QoS 1. Raises PublishRefused."""
        while True:
            await self._open.wait()
            assert self._connection is not None
            with suppress(ConnectionError):
                return await self._connection.publish(topic, payload, qos, retain)

    def tell(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 0 where there is a connection; else nobody hears of it."""
        if self._connection is not None:
            self._connection.tell(topic, payload)

    async def _stay_connected(self) -> None:
        first, longest = self._back_off
        delay = first
        while True:
            await self._inbox.until_room()
            self.last_tried = self._clock.elapsed()
            try:
                async with connect(self._address, self._inbox, self._clock) as connection:
                    await self._use(connection)
                delay = first
            except OSError as error:
                _log.warning("broker %s: %s", self._name, error or "no answer in time")
            except Exception:  # noqa: BLE001 - ingest waits for us: say it and try again
                _log.exception("broker %s", self._name)
            await self._clock.wait(delay)
            delay = min(2 * delay, longest)

    async def _use(self, connection: Connection) -> None:
        # Before the subscriptions: the session's backlog comes first and wants acknowledging.
        self._connection = connection
        try:
            await connection.subscribe(self._filters)
            self._open.set()
            _log.info("broker %s: connected", self._name)
            reason = await connection.until_lost()
            _log.warning("broker %s: connection lost: %s", self._name, reason)
        finally:
            self._open.clear()
            self._last_heard = connection.last_heard
            self._connection = None
            self._inbox.new_epoch()

    @property
    def _name(self) -> str:
        return f"{self._address.host}:{self._address.port}"
