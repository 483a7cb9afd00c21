"""The service as `make run` starts it, on a township of any size, counted from outside.

`python -m benchmarks.service FOLDER COUNT [ages]`: FOLDER holds `config/` and will hold the store;
ends after COUNT messages were acknowledged and what is due was sent.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import cast

from benchmarks.figures import Figures, Stopwatch, ready, tell
from monitor.app import Service, running, spare_the_collector, work
from monitor.clock import SystemClock
from monitor.ingest.message import Message
from monitor.mqtt import Batch, Subscriber
from monitor.pipeline import Intake, decide
from monitor.settings import load
from simulators.gateways.township import ENVIRONMENT

DRAIN_S = 15.0


class Counted:
    """The service's subscriber; each acknowledgement, which follows the commit, is noted down."""

    def __init__(self, subscriber: Subscriber, count: int, *, ages: bool) -> None:
        self._subscriber = subscriber
        self._left = count
        self._takes_ages = ages
        self.batch = subscriber.batch
        self.ages: list[float] = []
        """Milliseconds from the making of each message to its commit."""
        self.done = asyncio.Event()

    def acknowledge(self, batch: Batch) -> None:
        if self._takes_ages:
            self.ages += _ages(batch.messages)
        self._subscriber.acknowledge(batch)
        self._left -= len(batch.messages)
        if self._left <= 0:
            self.done.set()


def _ages(messages: Sequence[Message]) -> list[float]:
    now = time.time_ns() / 1e6
    return [now - json.loads(message.payload)["time"] for message in messages]


async def _measured(folder: Path, count: int, ages: bool) -> Figures:
    settings = load(folder / "config", {**ENVIRONMENT, "MONITOR_TOKEN": secrets.token_urlsafe(32)})
    async with running(settings, SystemClock()) as service:
        spare_the_collector()
        await service.subscriber.until_connected()
        counted = Counted(service.subscriber, count, ages=ages)
        watched = replace(service, subscriber=cast(Subscriber, counted))
        working = asyncio.create_task(work(watched))
        ready()
        watch = Stopwatch()
        await counted.done.wait()
        figures = watch.figures(count)
        await _all_sent(service)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        kept = (await service.store.tally(next(iter(service.ingest.memory.scopes))))["observations"]
        if kept != count:
            raise SystemExit(f"{count} messages, {kept} observations kept")
        return replace(figures, milliseconds=sorted(counted.ages), tick_ms=_tick_ms(service))


async def _all_sent(service: Service) -> None:
    """Return once nothing is due on any channel."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            while await _is_due(service):
                await service.clock.wait(0.1)


async def _is_due(service: Service) -> bool:
    dues = [await service.store.next_due(deliver.channel) for deliver in service.delivers]
    return any(due is not None and due <= service.clock.now() for due in dues)


def _tick_ms(service: Service) -> float:
    """How long the ten-second look at every sensor keeps the loop."""
    started = time.perf_counter()
    knowledge, now = service.settings.knowledge, service.clock.now()
    decide(knowledge, service.ingest.memory, Intake((), (), 0), now, tick=True)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    folder, count, *rest = sys.argv[1:]
    tell(asyncio.run(_measured(Path(folder), int(count), rest == ["ages"])))
