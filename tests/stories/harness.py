"""A township whose time is moved by hand, with phones that remember what they showed.

The real settings, pipeline, store and workers; only the last step is a channel of our own. A
story looks at each message with `rang` or `told`; what nobody looked at fails it at its end.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor import acts
from monitor.acts import Desk
from monitor.alerting.alerts import Alert
from monitor.app import facts_of, with_secrets
from monitor.ingest.message import Message
from monitor.judging.memory import Outcome
from monitor.notify.channel import (
    Channel,
    ChannelKind,
    Medium,
    Notification,
    Receipt,
    Reply,
    SendOutcome,
)
from monitor.readiness.sweep import Sweep
from monitor.settings import Settings, load
from monitor.store.store import Store
from monitor.workers.deliver import Deliver
from monitor.workers.escalate import Escalate
from monitor.workers.ingest import Ingest
from monitor.workers.schedule import Schedule
from monitor.workers.supervise import Board
from tests.clocks import HandClock

CONFIG = Path(__file__).parents[2] / "config"
ENVIRON = {"MONITOR_TOKEN": "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"}
STEP = timedelta(minutes=1)
"""The longest that time jumps without the workers looking."""
NIGHT = datetime(2026, 7, 14, 18, 0, tzinfo=UTC)
"""02:00 of 15 July in the township: area-west leads, desk-2 and desk-3 are on duty."""
DAY = datetime(2026, 7, 15, 2, 0, tzinfo=UTC)
"""10:00 of the same day, a Wednesday: deputy-mayor leads, desk-3 and desk-4 are on duty."""
MEDIA = (Medium.DESK, Medium.SMS, Medium.WECHAT, Medium.VOICE, Medium.GROUP)


class NoParameters(BaseModel):
    pass


@dataclass(frozen=True)
class Shown:
    """What one phone showed, or said."""

    at: datetime
    promised: Notification

    @property
    def who(self) -> str:
        return self.promised.person


@dataclass
class Phones:
    """What every phone showed, and which are dead. They outlive a restart of the service."""

    clock: HandClock
    shown: list[Shown] = field(default_factory=list)
    unseen: list[Shown] = field(default_factory=list)
    """Of those shown, what the story has not looked at yet."""
    dead: set[str] = field(default_factory=set)
    """Persons whose number is out of service."""
    silent: set[Medium] = field(default_factory=set)
    """Media whose provider is down: it takes nothing, and it is nobody's fault but ours."""

    def channel(self, medium: Medium) -> Channel:
        """A channel that ends at these phones."""

        def send(parameters: Any, secrets: Any, http: Any, promised: Notification) -> Receipt:
            if medium in self.silent:
                return Receipt(SendOutcome.REFUSED, "", "通道失败", False)
            if promised.person in self.dead and medium is not Medium.DESK:
                return Receipt(SendOutcome.REFUSED, "", "停机", True)
            seen = Shown(self.clock.now(), promised)
            self.shown.append(seen)
            self.unseen.append(seen)
            return Receipt(SendOutcome.ACCEPTED, promised.id, "OK", False)

        kind = ChannelKind(f"ear-{medium}", medium, NoParameters, (), send)
        return Channel(str(medium), kind, NoParameters())


@dataclass
class Story:
    """One township, one night."""

    settings: Settings
    clock: HandClock
    start: datetime
    store: Store
    phones: Phones
    ingest: Ingest
    escalate: Escalate
    delivers: list[Deliver]
    schedule: Schedule
    desk: Desk

    async def reads(
        self,
        value: float | None,
        at: str = "shiqiao-level",
        quantity: str = "level",
        *,
        prefix: str = "",
        ago: timedelta = timedelta(0),
    ) -> Outcome:
        """The device says a value, of now or of some time ago."""
        said = {"value": value, "time": (self.clock.now() - ago).isoformat()}
        return await self.hears(f"{prefix}risk/yunxi/{at}/{quantity}", json.dumps(said).encode())

    async def hears(self, topic: str, body: bytes, *, retained: bool = False) -> Outcome:
        """A message of any kind comes in now."""
        outcome = await self.ingest.take([Message(topic, body, self.clock.now(), retained)])
        await self.settle()
        return outcome

    async def settle(self) -> None:
        """Let the workers do all that can be done at this moment."""
        moved = 1
        while moved:
            moved = await self.escalate.step()
            for deliver in self.delivers:
                if await deliver.is_due():
                    moved += await deliver.step()

    async def waits(self, *, minutes: float = 0, hours: float = 0) -> None:
        """Time passes; nothing is missed on the way. The gauges say nothing meanwhile."""
        end = self.clock.now() + timedelta(minutes=minutes, hours=hours)
        await self.settle()
        while (now := self.clock.now()) < end:
            due = [ladder.due_at for ladder in await self.store.calling_ladders()]
            later = [moment for moment in due if moment > now]
            await self.clock.wait_until(min([end, now + STEP, *later]))
            await self.ingest.take(tick=True)
            await self.settle()

    async def keeps_reading(
        self, value: float, at: str = "shiqiao-level", *, minutes: float = 0, hours: float = 0
    ) -> None:
        """Time passes, and the gauge goes on saying the same, every five minutes."""
        end = self.clock.now() + timedelta(minutes=minutes, hours=hours)
        while (now := self.clock.now()) < end:
            await self.waits(minutes=min(5.0, (end - now) / timedelta(minutes=1)))
            await self.reads(value, at)

    async def answers(self, person: str, text: str | None = None) -> str:
        """The person's phone sends a text back; None: the digits it was last asked for."""
        if text is None:
            text = self.code_of(person)
        phone = self.settings.knowledge.directory.people.persons[person].phone
        said = await acts.reply(self.desk, Reply(phone, text, self.clock.now(), ""), "sms")
        await self.settle()
        return said

    def code_of(self, person: str) -> str:
        """The digits that the person was last asked for."""
        shown = (one.promised for one in reversed(self.phones.shown) if one.who == person)
        return next(promised.code for promised in shown if promised.code)

    async def sweeps(self) -> Sweep:
        """The scheduler rings now."""
        result = await self.schedule.sweep_now()
        await self.settle()
        return result

    async def the_alert(self) -> Alert:
        """The only one that there ever was in the real world."""
        (alert,) = await self.store.alerts(self.desk.actual)
        return alert

    async def events(self, subject: str, word: str = "") -> list[Mapping[str, Any]]:
        """The journal's entries about a subject whose event begins with `word`, oldest first."""
        lines = await self.store.journal(self.desk.actual)
        entries: list[Mapping[str, Any]] = [json.loads(line.text) for line in lines]
        return [e for e in entries if e["subject"] == subject and e["event"].startswith(word)]

    def rang(
        self, person: str | None = None, medium: str | None = None
    ) -> list[tuple[str, str, str]]:
        """(person, medium, text) of what was shown and not looked at yet; looking takes it."""

        def wanted(one: Shown) -> bool:
            return person in (None, one.who) and medium in (None, one.promised.channel)

        seen = [one for one in self.phones.unseen if wanted(one)]
        self.phones.unseen = [one for one in self.phones.unseen if not wanted(one)]
        return [(one.who, one.promised.channel, one.promised.text) for one in seen]

    def who_rang(self, medium: str = "sms") -> set[str]:
        """Everyone whose phone showed something that nobody looked at yet; takes all of it."""
        return {person for person, by, _ in self.rang() if by == medium}

    def told(self) -> str:
        """All that was not looked at yet, as one table: minute, medium, text; then who read it."""
        lines: dict[str, list[str]] = {}
        for one in self.phones.unseen:
            minute, second = divmod(int((one.at - self.start).total_seconds()), 60)
            head = f"+{minute:02}:{second:02} {one.promised.channel:6} {one.promised.text}"
            lines.setdefault(head, []).append(one.who)
        self.phones.unseen = []
        order = [str(medium) for medium in MEDIA]
        heads = sorted(lines, key=lambda head: (head[:6], order.index(head.split()[1])))
        return "\n".join(f"{head}\n    {' '.join(sorted(lines[head]))}" for head in heads)

    def nothing_rang(self) -> None:
        """Fails on any message that nobody looked at."""
        unseen = self.told()
        assert not unseen, unseen


@cache
def example() -> Settings:
    """The example township; nothing of it can change, so one is enough for all stories."""
    return load(CONFIG, ENVIRON)


def edited(folder: Path, *edits: tuple[str, str, str]) -> Settings:
    """The example as an officer edited it: (file, what stood there once, what stands there now)."""
    for file in CONFIG.rglob("*.yaml"):
        target = folder / "config" / file.relative_to(CONFIG)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    for name, old, new in edits:
        path = folder / "config" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
    return load(folder / "config", ENVIRON)


def with_phones(settings: Settings, phones: Phones) -> Settings:
    """The township with every medium ending at the phones."""
    channels = tuple(phones.channel(medium) for medium in MEDIA)
    directory = replace(settings.knowledge.directory, channels=channels)
    return replace(settings, knowledge=replace(settings.knowledge, directory=directory))


@asynccontextmanager
async def story(
    path: Path,
    start: datetime = NIGHT,
    *,
    settings: Settings | None = None,
    phones: Phones | None = None,
    wired: bool = False,
) -> AsyncIterator[Story]:
    """Open a township at `start` with its store in the folder `path`, and close it all.

    `settings` None: the example as it is. `phones` of an earlier story on the same path: the
    service is started again, at the time that their clock shows. `wired`: the channels are those
    of the settings, and lead out of the story.
    """
    phones = phones or Phones(HandClock(start))
    settings = settings or example()
    settings = settings if wired else with_phones(settings, phones)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store.opened(path / "story.sqlite"))
        town = _assembled(settings, phones, store)
        for deliver in town.delivers:
            stack.callback(deliver.close)
            await deliver.open()
        await town.ingest.open()
        await town.settle()
        yield town
        town.nothing_rang()


def _assembled(settings: Settings, phones: Phones, store: Store) -> Story:
    knowledge, clock, board = settings.knowledge, phones.clock, Board()

    def ring(*_: object) -> None:
        """Stories step the workers themselves."""

    async def look() -> None:
        while await escalate.step():
            pass

    ingest = Ingest(knowledge, store, clock, board, ring)
    escalate = Escalate(knowledge, store, clock, board, ring)
    desk = Desk(knowledge, store, clock, ingest.order, ring)
    return Story(
        settings=settings,
        clock=clock,
        start=clock.start,
        store=store,
        phones=phones,
        ingest=ingest,
        escalate=escalate,
        delivers=[
            Deliver(
                channel, secrets, store, clock, board, ring, look, knowledge.directory, desk.actual
            )
            for channel, secrets in with_secrets(settings)
        ],
        schedule=Schedule(
            scope=desk.actual,
            facts=facts_of(settings, clock.now()),
            checks=settings.checks,
            memory=lambda: ingest.memory,
            store=store,
            clock=clock,
            progress=board.of("schedule"),
            minute=settings.calendar.sweep_minute,
        ),
        desk=desk,
    )
