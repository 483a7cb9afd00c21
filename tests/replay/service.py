"""The running service under a clock that the replay drives, and all that it made of the record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from monitor.alerting.rule import Judgement
from monitor.alerting.severity import Severity
from monitor.app import Service, running, work
from monitor.broker import HOST
from monitor.clock import SystemClock
from monitor.ingest.message import Message
from monitor.ingest.observation import Observation
from monitor.judging.memory import Memory, Outcome
from monitor.pipeline import decide, hear
from monitor.settings import Settings
from simulators.publication import Publication, body, native_topic
from simulators.publisher import connected
from tests.replay.record import Said

WITHIN_S = 120
"""Only a broken test takes so long."""
Which = tuple[str, datetime]
"""A reading: its sensor, and the time that the device said."""


class ReplayClock:
    """`now` is the time of the reading that is being published; all else is real."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._real = SystemClock()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def move(self, to: datetime) -> None:
        """Everyone who waits for a time up to then wakes."""
        self._now = max(self._now, to)
        self._moved.set()
        self._moved = asyncio.Event()

    def elapsed(self) -> float:
        return self._real.elapsed()

    def wall_step(self) -> timedelta:
        return timedelta(0)

    async def wait(self, seconds: float) -> None:
        await self._real.wait(seconds)

    async def wait_until(self, when: datetime) -> None:
        while self._now < when:
            await self._moved.wait()


@dataclass
class Heard:
    """What came of every reading. Each gauge is watched by one rule."""

    observations: dict[Which, Observation] = field(default_factory=dict)
    judgements: dict[Which, Judgement] = field(default_factory=dict)
    paged: dict[Which, Severity] = field(default_factory=dict)
    """The worst that anybody was told on account of that reading."""
    quarantined: int = 0
    defects: int = 0
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, outcome: Outcome) -> None:
        newest: dict[str, Which] = {}
        for seen, judged in zip(outcome.observations, outcome.judgements, strict=True):
            assert seen.device_time is not None  # the record has times
            which = (seen.sensor, seen.device_time)
            self.observations[which], self.judgements[which] = seen, judged
            newest[seen.sensor] = which
        sensors = {t.alert.id: t.alert.site.replace("s", "g") for t in outcome.transitions}
        for notification in outcome.notifications:
            cause = newest.get(sensors.get(notification.subject, ""))
            if cause is not None:
                told = self.paged.get(cause, Severity.NORMAL)
                self.paged[cause] = max(told, notification.severity)
        self.quarantined += len(outcome.quarantined)
        self.defects += len(outcome.defects)
        self.more.set()

    async def until(self, count: int) -> None:
        """Return once so many messages are kept."""
        async with asyncio.timeout(WITHIN_S):
            while len(self.observations) + self.quarantined < count:
                self.more.clear()
                await self.more.wait()


def publication(one: Said) -> Publication:
    said = {"value": one.level, "time": one.at.isoformat()}
    return Publication(one.at, native_topic("yunxi", one.sensor, "level"), body(said))


@asynccontextmanager
async def served(
    settings: Settings, record: Iterable[Said], together: Callable[[datetime], object]
) -> AsyncIterator[tuple[Service, Heard]]:
    """The service after the whole record, published QoS 1 through its embedded broker.

    Readings whose times are the same to `together` come as fast as they can, under a clock that
    shows the last of them, and the next ones once these are kept.
    """
    readings, heard = list(record), Heard()
    clock = ReplayClock(readings[0].at)
    async with running(settings, clock) as service:
        service.ingest.listener = heard
        working = asyncio.create_task(work(service), name="workers")
        await service.subscriber.until_connected()
        with connected(HOST, service.broker_port) as publisher:
            for _, group in groupby(readings, key=lambda one: together(one.at)):
                burst = list(group)
                clock.move(burst[-1].at)
                for one in burst:
                    publisher.publish(publication(one))
                await heard.until(publisher.published)
        yield service, heard
        assert not working.done(), "a worker ended"
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


def judged(settings: Settings, record: Iterable[Said]) -> Heard:
    """The same record through the pipeline alone, message by message, as it comes."""
    heard, memory = Heard(), None
    for message in _messages(record):
        now = message.received_at
        memory = memory or Memory.empty("yunxi", now)
        outcome = decide(settings.knowledge, memory, hear(settings.knowledge, [message]), now)
        memory.swap(outcome)
        heard(outcome)
        ticked = decide(settings.knowledge, memory, hear(settings.knowledge, []), now, tick=True)
        memory.swap(ticked)
    return heard


def _messages(record: Iterable[Said]) -> Iterator[Message]:
    for one in record:
        at, topic, payload = publication(one)
        yield Message(topic, payload, at, False)
