"""Sends publications to a broker over MQTT 5, QoS 1, each at its time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from monitor.clock import Clock
from simulators.publication import Publication

CONNECT_WITHIN = 10.0
"""Real seconds."""


@dataclass(slots=True)
class Publisher:
    """A connected client. `published` counts what was handed over, `unacknowledged` waits."""

    client: Client
    published: int = 0
    _open: list[MQTTMessageInfo] = field(default_factory=list)

    def publish(self, publication: Publication) -> None:
        """Queue it; returns at once."""
        self._open.append(self.client.publish(publication.topic, publication.payload, qos=1))
        self.published += 1
        if len(self._open) >= 1000:
            self._open = [info for info in self._open if not info.is_published()]

    def settle(self, within: float) -> int:
        """Wait up to so many real seconds for each PUBACK; how many are still missing."""
        for info in self._open:
            info.wait_for_publish(within)
        self._open = [info for info in self._open if not info.is_published()]
        return len(self._open)


@contextmanager
def connected(host: str, port: int, client_id: str = "simulators") -> Iterator[Publisher]:
    """A publisher on that broker. Raises OSError where none answers, or it refuses."""
    client = Client(
        CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5
    )
    up = threading.Event()

    def on_connect(_client: Client, _user: Any, _flags: Any, reason: Any, _props: Any) -> None:
        if not reason.is_failure:
            up.set()

    client.on_connect = on_connect
    client.connect(host, port)
    client.loop_start()
    try:
        if not up.wait(CONNECT_WITHIN):
            raise ConnectionError(f"the broker at {host}:{port} did not let us in")
        yield Publisher(client)
    finally:
        client.disconnect()
        client.loop_stop()


async def play(publications: Iterable[Publication], publisher: Publisher, clock: Clock) -> None:
    """Each at its time by `clock`; what is already past goes out at once, in order."""
    for publication in publications:
        await clock.wait_until(publication.at)
        publisher.publish(publication)
