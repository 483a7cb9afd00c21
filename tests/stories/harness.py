"""A township whose time is moved by hand, with phones that remember what they showed.

The real settings, pipeline, store and workers; only the last step is a channel of our own, and
what no story expected fails it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor import acts
from monitor.acts import Desk
from monitor.ingest.message import Message
from monitor.memory import Knowledge
from monitor.notify.channel import (
    Channel,
    ChannelKind,
    Medium,
    Notification,
    Receipt,
    Reply,
    SendOutcome,
)
from monitor.settings import Settings, load
from monitor.store.store import Store
from monitor.workers.deliver import Deliver
from monitor.workers.escalate import Escalate
from monitor.workers.ingest import Ingest
from monitor.workers.supervise import Board
from tests.clocks import HandClock

CONFIG = Path(__file__).parents[2] / "config"
ENVIRON = {"MONITOR_TOKEN": "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"}
STEP = timedelta(seconds=30)
"""The longest that time jumps without the workers looking."""


class NoParameters(BaseModel):
    pass


@dataclass
class Phones:
    """What every phone showed, and which are dead."""

    shown: list[Notification] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    """Persons whose number is out of service."""

    def channel(self, medium: Medium) -> Channel:
        """A channel that ends at these phones."""
        kind = ChannelKind(f"ear-{medium}", medium, NoParameters, (), self._send)
        return Channel(str(medium), kind, NoParameters())

    def _send(self, parameters: Any, secrets: Any, http: Any, promised: Notification) -> Receipt:
        if promised.person in self.dead:
            return Receipt(SendOutcome.REFUSED, "", "停机", True)
        self.shown.append(promised)
        return Receipt(SendOutcome.ACCEPTED, promised.id, "OK", False)


@dataclass
class Story:
    """One township, one night."""

    settings: Settings
    clock: HandClock
    store: Store
    phones: Phones
    ingest: Ingest
    escalate: Escalate
    delivers: list[Deliver]
    desk: Desk

    async def reads(
        self, sensor: str, value: float | None, quantity: str = "level", prefix: str = ""
    ) -> None:
        """The device says a value now."""
        now = self.clock.now()
        body = json.dumps({"value": value, "time": now.isoformat()}).encode()
        topic = f"{prefix}risk/yunxi/{sensor}/{quantity}"
        await self.hears(topic, body)

    async def hears(self, topic: str, body: bytes, *, retained: bool = False) -> None:
        """A message of any kind comes in now."""
        await self.ingest.take([Message(topic, body, self.clock.now(), retained)])
        await self.settle()

    async def settle(self) -> None:
        """Let the workers do all that can be done at this moment."""
        while sum([await w.step() for w in (self.escalate, *self.delivers)]):
            pass

    async def waits(self, *, minutes: float = 0, hours: float = 0) -> None:
        """Time passes; nothing is missed on the way."""
        end = self.clock.now() + timedelta(minutes=minutes, hours=hours)
        await self.settle()
        while (now := self.clock.now()) < end:
            due = [ladder.due_at for ladder in await self.store.calling_ladders()]
            later = [moment for moment in due if moment > now]
            await self.clock.wait_until(min([end, now + STEP, *later]))
            await self.ingest.take(tick=True)
            await self.settle()

    async def answers(self, person: str, text: str = "收到") -> None:
        """The person's phone sends a text back."""
        phone = self.settings.knowledge.directory.people.persons[person].phone
        await acts.reply(self.desk, Reply(phone, text, self.clock.now(), ""), "sms")
        await self.settle()

    async def answers_code(self, person: str) -> None:
        """The person sends back the digits of the last message that asked for them."""
        code = next(n.code for n in reversed(self.phones.shown) if n.person == person and n.code)
        await self.answers(person, code)

    def rang(
        self, person: str | None = None, medium: str | None = None
    ) -> list[tuple[str, str, str]]:
        """(person, medium, text) of what was shown and not looked at yet; looking takes it."""

        def wanted(n: Notification) -> bool:
            return (person is None or n.person == person) and (
                medium is None or n.channel == medium
            )

        seen = [n for n in self.phones.shown if wanted(n)]
        self.phones.shown = [n for n in self.phones.shown if not wanted(n)]
        return [(n.person, n.channel, n.text) for n in seen]

    def nothing_rang(self) -> None:
        """Fails on any message that nobody looked at."""
        assert [(n.person, n.channel, n.text) for n in self.phones.shown] == []


def knowledge_with(settings: Settings, phones: Phones) -> Knowledge:
    """The township's knowledge, with every medium ending at the phones."""
    media = (Medium.DESK, Medium.SMS, Medium.WECHAT, Medium.VOICE, Medium.GROUP)
    channels = tuple(phones.channel(medium) for medium in media)
    directory = replace(settings.knowledge.directory, channels=channels)
    return replace(settings.knowledge, directory=directory)


@asynccontextmanager
async def story(
    path: Path,
    start: datetime,
    config: Path = CONFIG,
    change: Callable[[Knowledge], Knowledge] = lambda known: known,
) -> AsyncIterator[Story]:
    """Open a township at `start` with its store at `path`; `change` betters what it knows."""
    settings, phones = load(config, ENVIRON), Phones()
    knowledge = change(knowledge_with(settings, phones))
    settings = replace(settings, knowledge=knowledge)
    clock, board = HandClock(start), Board()
    async with Store.opened(path / "story.sqlite") as store:

        def ring() -> None:
            """Stories step the workers themselves."""

        ingest = Ingest(knowledge, store, clock, board, ring)
        await ingest.open()
        yield Story(
            settings=settings,
            clock=clock,
            store=store,
            phones=phones,
            ingest=ingest,
            escalate=Escalate(knowledge, store, clock, board, ring),
            delivers=[
                Deliver(channel, {}, store, clock, board, ring)
                for channel in knowledge.directory.channels
            ],
            desk=Desk(knowledge, store, clock, ingest.order, ring),
        )
