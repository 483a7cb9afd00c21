"""A batch held against what each device may say (see `ingest/quota.py`), before it is judged."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from monitor.ingest.message import Message, Quarantined
from monitor.ingest.quota import FLOOD, Counting, Device, Meter
from monitor.ingest.reading import Reading
from monitor.ingest.track import EMPTY
from monitor.ingest.trusted_time import trusted_time
from monitor.judging.memory import Knowledge, Memory, SensorKey


class Gate:
    """Whom a batch is let through for."""

    def __init__(self, knowledge: Knowledge, memory: Memory, now: datetime) -> None:
        self._knowledge = knowledge
        self._memory = memory
        self._now = now
        self._counting = Counting(memory.meter, now, knowledge.quota.at_most)
        self._over: Counter[Device] = Counter()

    @property
    def meter(self) -> Meter:
        """What the batch has counted."""
        return self._counting.meter

    def readings(self, said: tuple[Reading, ...]) -> tuple[Reading, ...]:
        """Those to be judged, in their order: within the quota, and the newest beyond it."""
        newest: dict[Device, int] = {}
        admitted = []
        for n, reading in enumerate(said):
            device = Device(reading.scope, reading.sensor)
            if self._counting.admits(device, self._quota(device), self._at, reading):
                admitted.append(n)
            else:
                self._over[device] += 1
                newest[device] = n
        if not newest:
            return said
        self._over.subtract(newest.keys())
        return tuple(said[n] for n in sorted([*admitted, *newest.values()]))

    def unreadable(self, found: tuple[Quarantined, ...]) -> tuple[Quarantined, ...]:
        """Those to be kept one by one."""
        admitted = []
        for one in found:
            device = Device(one.scope, self._speaker(one.message.topic))
            if self._counting.admits(device, self._quota(device), self._heard_at, one):
                admitted.append(one)
            else:
                self._over[device] += 1
        return tuple(admitted)

    def floods(self) -> tuple[Quarantined, ...]:
        """One row for each device that said more: how much of this minute was not judged."""
        rows = []
        for device, count in self._over.items():
            if count:
                since, total = self._counting.cut(device, self._now, count)
                row = Message(device.name, b"", since, False)
                rows.append(Quarantined(device.scope, row, FLOOD, str(total)))
        return tuple(rows)

    def _quota(self, device: Device) -> int:
        sensor = self._knowledge.sensors.get(device.name)
        quota = self._knowledge.quota
        return quota.of(sensor.interval) if sensor else quota.per_minute

    def _heard_at(self, _: Quarantined) -> datetime:
        return self._now

    def _at(self, reading: Reading) -> datetime:
        sensor = self._knowledge.sensors.get(reading.sensor)
        if sensor is None:
            return reading.received_at
        track = self._memory.tracks.get(SensorKey(reading.scope, reading.sensor)) or EMPTY
        return trusted_time(reading, sensor, track)[0]

    def _speaker(self, topic: str) -> str:
        """The sensor that the topic names, else the topic."""
        return next((n for n in topic.split("/") if n in self._knowledge.sensors), topic)
