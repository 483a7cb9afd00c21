"""Opens the real service and the stand-ins around it, and moves the story's clock.

One step: wait until nobody has anything left to do at this moment, let time pass for the eyes,
move the clock to the next thing that happens, and let it happen.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from monitor import acts
from monitor.app import Service, running, work
from monitor.clock import SystemClock
from monitor.notify.channel import Channel
from simulators.demo.clock import StoryClock
from simulators.demo.story import BEGINS, phones
from simulators.demo.township import HOOKS, settle_in, stand_ins
from simulators.gateways.gateway import Gateway
from simulators.gateways.messages import Accepted, Answer, Report
from simulators.phones import Phones
from simulators.publisher import Publisher, connected

QUIET_WITHIN_S = 30.0
"""Real seconds that the service may work on one moment of the story."""
PASSES = 12
"""Turns of the event loop in which nothing may stir before a moment counts as over."""


class Stuck(Exception):
    """The service did not get done with a moment; the message says who was still at work."""


@dataclass(slots=True)
class Stage:
    """All that runs, and what came of it so far."""

    service: Service
    clock: StoryClock
    gateway: Gateway
    phones: Phones
    publisher: Publisher
    rang: list[Accepted] = field(default_factory=list)
    """In order of time; within one moment in order of provider, text and number."""
    answered: list[Answer] = field(default_factory=list)
    _heard: list[Accepted] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def ring(self, message: Accepted) -> None:
        """From any thread."""
        with self._lock:
            self._heard.append(message)
        self.phones.ring(message)

    def new_messages(self) -> list[Accepted]:
        """What rang since the last look; taken once."""
        with self._lock:
            new, self._heard = self._heard, []
        new.sort(key=lambda m: (m.at, m.provider, m.text, m.to))
        self.rang += new
        return new

    @property
    def desk_duty(self) -> str:
        """The duty of the officers in the duty room."""
        return self.service.schedule.facts.desk()

    async def quiet(self) -> None:
        """Return when nothing is left to do at this moment. Raises Stuck."""
        began, still = self.clock.elapsed(), 0
        while still < PASSES:
            busy = self._busy()
            still = 0 if busy else still + 1
            await self.clock.wait(0.0 if not busy else 0.001)
            if self.clock.elapsed() - began > QUIET_WITHIN_S:
                raise Stuck(f"{self.clock.now():%H:%M:%S}: {', '.join(busy) or 'restless'}")

    def _busy(self) -> list[str]:
        service = self.service
        bells = {"escalate": service.escalate.bell}
        bells |= {deliver.channel: deliver.bell for deliver in service.delivers}
        busy = [name for name, bell in bells.items() if not bell.is_idle]
        if service.board.of("ingest").done < self.publisher.published:
            busy.append("ingest")
        if not self.clock.waits("tick"):
            busy.append("tick")
        wake = self.clock.next_wake()
        if wake is not None and wake <= self.clock.now():
            busy.append("timers")
        return busy

    async def people_act(self) -> list[Answer | Report]:
        """What phones do by now reaches the service; what they did."""
        done = sorted(self.phones.due(self.clock.now()), key=_order)
        for event in done:
            await self._post(event)
        self.answered += [event for event in done if isinstance(event, Answer)]
        return done

    async def _post(self, event: Answer | Report) -> None:
        provider = self.gateway.providers[event.message.provider]
        channel = self._hooks.get(provider.name)
        if channel is None:
            return  # WeCom's answers are encrypted XML, which is not built
        kind = channel.kind
        if isinstance(event, Answer) and kind.replies is not None:
            for reply in kind.replies(json.dumps(provider.reply_body(event)).encode()):
                await acts.reply(self.service.desk, reply, channel.id)
        elif isinstance(event, Report) and kind.receipts is not None:
            async with self.service.store.writing() as tx:
                for receipt in kind.receipts(json.dumps(provider.receipt_body(event)).encode()):
                    await tx.keep_receipt(channel.id, receipt)
            self.service.desk.wake()

    @property
    def _hooks(self) -> dict[str, Channel]:
        channels = {c.id: c for c in self.service.settings.knowledge.directory.channels}
        return {provider: channels[channel] for channel, provider in HOOKS.items()}


def _order(event: Answer | Report) -> tuple[datetime, str, str, str]:
    message = event.message
    return event.at, message.to, message.provider, message.text


@asynccontextmanager
async def open_stage(seed: int) -> AsyncIterator[Stage]:
    """Everything of the demo, on loopback and in a folder of its own; all ends with the block."""
    clock = StoryClock(BEGINS)
    found: list[Stage] = []

    def ring(message: Accepted) -> None:
        found[0].ring(message)

    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="monitor-demo-")))
        gateway = stack.enter_context(Gateway(stand_ins(), clock, ring=ring))
        minute = (SystemClock().now().minute + 29) % 60
        settings = settle_in(folder, gateway, minute if minute not in (0, 30) else minute + 1)
        service = await stack.enter_async_context(running(settings, clock))
        publisher = stack.enter_context(connected("127.0.0.1", service.broker_port))
        people = Phones(phones(settings), seed=seed, clock=clock, post=lambda event: None)
        stage = Stage(service, clock, gateway, people, publisher)
        found.append(stage)
        working = asyncio.create_task(work(service), name="workers")
        try:
            yield stage
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
