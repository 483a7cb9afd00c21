"""Opens the real service and the stand-ins around it, and moves the story's clock.

One step: wait until nobody has anything left to do at this moment, let time pass for the eyes,
move the clock to the next thing that happens, and let it happen.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import requests

from monitor.app import Service, running, work
from monitor.clock import SystemClock
from monitor.web import create, serve
from simulators.demo.clock import StoryClock
from simulators.demo.story import STARTS, phones
from simulators.demo.township import HOOKS, settle_in, stand_ins
from simulators.gateways.gateway import Gateway, Hooks
from simulators.gateways.messages import Accepted, Answer, Report
from simulators.phones import Phones
from simulators.publication import Publication
from simulators.publisher import Publisher, connected

QUIET_WITHIN_S = 30.0
"""Real seconds that the service may work on one moment of the story."""
OPEN_WITHIN_S = 20.0
"""Real seconds until the web listens."""
FLOW = ("tick", "escalate")
"""The tasks whose timers ring before all others', in this order."""
PASSES = 12
"""Turns of the event loop in which nothing may stir before a moment counts as over."""


class Stuck(Exception):
    """The service did not get done with a moment; the message says who was still at work."""


class Refused(Exception):
    """The service did not take what a person or a provider sent; the message says what."""


@dataclass(slots=True)
class Heard:
    """What phones show, from any thread."""

    phones: Phones = field(init=False)
    _new: list[Accepted] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def ring(self, message: Accepted) -> None:
        with self._lock:
            self._new.append(message)
        self.phones.ring(message)

    def take(self) -> list[Accepted]:
        """What rang since the last look, in an order that threads do not make."""
        with self._lock:
            new, self._new = self._new, []
        return sorted(new, key=lambda m: (m.at, m.provider, m.text, m.to))


@dataclass(slots=True)
class Stage:
    """All that runs, and what came of it so far."""

    service: Service
    clock: StoryClock
    gateway: Gateway
    heard: Heard
    publisher: Publisher
    page: str
    """Where the desk's pages and the API are."""
    rang: list[Accepted] = field(default_factory=list)
    """In order of time; within one moment in order of provider, text and number."""
    answered: list[Answer] = field(default_factory=list)

    @property
    def phones(self) -> Phones:
        return self.heard.phones

    def new_messages(self) -> list[Accepted]:
        """What rang since the last look; taken once."""
        new = self.heard.take()
        self.rang += new
        return new

    @property
    def desk_duty(self) -> str:
        """The duty of the officers in the duty room."""
        return self.service.schedule.facts.desk()

    async def moves_on(self, to: datetime) -> None:
        """The clock shows `to`, and what was due by then is done in the order of the flow: what
        is judged, who climbs, what is sent. Side by side, their order would be the machine's."""
        for worker in FLOW:
            self.clock.advance(to, only=worker)
            await self.quiet(with_timers=False)
        self.clock.advance(to)
        await self.quiet()

    async def publishes(self, message: Publication) -> None:
        """A device speaks, and all that comes of it is done before the next one does."""
        self.publisher.publish(message)
        await self.quiet()

    async def quiet(self, *, with_timers: bool = True) -> None:
        """Return when nothing is left to do at this moment. Raises Stuck."""
        began, still = self.clock.elapsed(), 0
        while still < PASSES:
            busy = self._busy(with_timers)
            still = 0 if busy else still + 1
            await self.clock.wait(0.0 if not busy else 0.001)
            if self.clock.elapsed() - began > QUIET_WITHIN_S:
                raise Stuck(f"{self.clock.now():%H:%M:%S}: {', '.join(busy) or 'restless'}")

    def _busy(self, with_timers: bool) -> list[str]:
        service = self.service
        bells = {"escalate": service.escalate.bell}
        bells |= {deliver.channel: deliver.bell for deliver in service.delivers}
        busy = [name for name, bell in bells.items() if not bell.is_idle]
        if service.board.of("ingest").done < self.publisher.published:
            busy.append("ingest")
        if not self.clock.waits("tick"):
            busy.append("tick")
        wake = self.clock.next_wake()
        if with_timers and wake is not None and wake <= self.clock.now():
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
        if event.message.provider not in HOOKS.values():
            return  # WeCom's answers are encrypted XML, which is not built
        if not await asyncio.to_thread(self.gateway.post, event):
            raise Refused(f"the hook of {event.message.provider} did not take {event}")

    async def presses(self, alert: str, button: str, body: dict[str, str]) -> None:
        """The officer in the duty room uses the API, as the desk's pages do. Raises Refused."""
        url = f"{self.page}/api/v1/alerts/{alert}/{button}"
        (token,) = self.service.settings.door.tokens
        answer = await asyncio.to_thread(
            requests.post, url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        if answer.status_code != 200:
            raise Refused(f"{button}: {answer.status_code} {answer.text}")


def _order(event: Answer | Report) -> tuple[datetime, str, str, str]:
    message = event.message
    return event.at, message.to, message.provider, message.text


@asynccontextmanager
async def open_stage(seed: int) -> AsyncIterator[Stage]:
    """Everything of the demo, on loopback and in a folder of its own; all ends with the block."""
    clock = StoryClock(STARTS)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="monitor-demo-")))
        heard = Heard()
        gateway = stack.enter_context(Gateway(stand_ins(), clock, ring=heard.ring))
        settings = settle_in(folder, gateway, _far_minute())
        service = await stack.enter_async_context(running(settings, clock))
        publisher = stack.enter_context(connected("127.0.0.1", service.broker_port))
        heard.phones = Phones(phones(settings), seed=seed, clock=clock, post=gateway.post)
        page: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        serving = partial(serve, create(service), settings.door.host, 0, page.set_result)
        working = asyncio.create_task(work(service, ("web", serving)), name="workers")
        stack.push_async_callback(_ended, working)
        address = f"http://{settings.door.host}:{await asyncio.wait_for(page, OPEN_WITHIN_S)}"
        gateway.post_to(
            {
                HOOKS[hook.channel]: Hooks(*[f"{address}/hooks/{hook.path}"] * 2)
                for hook in settings.door.hooks
            }
        )
        yield Stage(service, clock, gateway, heard, publisher, address)


def _far_minute() -> int:
    """Of the real hour, about half an hour away: the hourly ring is real, and the story short."""
    minute = (SystemClock().now().minute + 29) % 60
    return minute if minute not in (0, 30) else minute + 1


async def _ended(working: asyncio.Task[None]) -> None:
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
