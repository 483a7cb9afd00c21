"""Tells the devices that keep a buffer what is kept here, once it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from monitor.ingest.committed import committed
from monitor.ingest.reading import Reading
from monitor.judging.memory import Knowledge
from monitor.mqtt import Subscriber


def confirming(knowledge: Knowledge, subscriber: Subscriber) -> Callable[[Iterable[Reading]], None]:
    """What hears of every reading that was kept. Where the word is lost the device sends the
    reading again, and is told again."""
    buffered = frozenset(id for id, sensor in knowledge.sensors.items() if sensor.buffered)

    def confirm(readings: Iterable[Reading]) -> None:
        for topic, payload in committed(readings, buffered) if buffered else ():
            subscriber.tell(topic, payload)

    return confirm
