"""The whole story with its workers, the power cut at every database call and at every send.

    a reading → the patrolman is called → silence → his superior → the answer → the water falls
    → it ends in a person's name

The story runs once. At every call the file is copied as it lies on the disk, together with what
the world outside knows by then: what the phones showed, which messages were acknowledged, what
time it is. From each copy the service is started again and the story goes on to its end.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from monitor import acts
from monitor.errors import ActRefused
from monitor.ingest.message import Message
from monitor.notify.channel import Channel, Medium, Notification, Receipt
from monitor.notify.delivery import Delivery
from monitor.settings import Settings
from tests.clocks import HandClock
from tests.crash.plug import copied, plugged
from tests.stories.harness import NIGHT, Phones, Shown, Story, example, story

Event = Callable[[Story], Awaitable[object]]


def two_are_called() -> Settings:
    """The example, with nobody told but the patrolman and those above him, by SMS."""
    settings = example()
    directory = settings.knowledge.directory
    policy = directory.policies["flood"]
    assert policy.yellow is not None
    yellow = policy.yellow.model_copy(update={"tell": (), "media": (Medium.SMS,)})
    policies = {"flood": policy.model_copy(update={"yellow": yellow})}
    directory = replace(directory, policies=policies)
    return replace(settings, knowledge=replace(settings.knowledge, directory=directory))


def reads(value: float, minute: float) -> Event:
    """A message that the broker delivers until it is acknowledged."""
    at = NIGHT + timedelta(minutes=minute)
    body = json.dumps({"value": value, "time": at.isoformat()}).encode()
    message = Message("risk/yunxi/shiqiao-level/level", body, at, False)

    async def come(town: Story) -> None:
        await town.ingest.accept([message])
        await town.settle()

    return come


def until(minute: float) -> Event:
    async def pass_by(town: Story) -> None:
        await town.clock.wait_until(NIGHT + timedelta(minutes=minute))
        await town.ingest.take(tick=True)
        await town.settle()

    return pass_by


async def answer(town: Story) -> None:
    """The provider posts it again until it is told that we have it."""
    await town.answers("head-shiqiao", town.code_of("head-shiqiao"))


async def stand_down(town: Story) -> None:
    """The leader presses again where the screen did not say that it was done."""
    (alert,) = await town.store.alerts(town.desk.actual)
    try:
        await acts.stand_down(town.desk, alert.id, "mayor")
    except ActRefused:
        assert await town.store.stood_down(alert.id)
    await town.settle()


NIGHT_LONG: tuple[Event, ...] = (
    *(reads(86.6, 0), until(5), reads(86.6, 5), until(10), reads(86.6, 10), until(15)),
    *(reads(86.6, 15), until(16), answer, stand_down, until(17)),
)


class Exchange(Phones):
    """Phones whose every send is announced before and after."""

    announce: Callable[[str], None] = staticmethod(lambda what: None)

    def channel(self, medium: Medium) -> Channel:
        sound = super().channel(medium)

        def send(parameters: Any, secrets: Any, http: Any, promised: Notification) -> Receipt:
            self.announce("send, before")
            receipt = sound.kind.send(parameters, secrets, http, promised)
            self.announce("send, after")
            return receipt

        return replace(sound, kind=replace(sound.kind, send=send))


@dataclass
class World:
    """What is not in the file: the phones, the time, and what was acknowledged."""

    phones: Exchange = field(default_factory=lambda: Exchange(HandClock(NIGHT)))
    done: int = 0
    """Events that were acknowledged."""

    def copy(self) -> World:
        clock = HandClock(NIGHT)
        clock.seconds = self.phones.clock.seconds
        return World(Exchange(clock, shown=list(self.phones.shown)), self.done)


@dataclass
class Witness:
    """Keeps what a power cut at each call would leave; like states once."""

    path: Path
    folder: Path
    world: World
    calls: int = 0
    left: dict[tuple[bytes, int, int, float], tuple[str, Path, World]] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    def call(self, what: str) -> None:
        with self._turn:
            self.calls += 1
            world = self.world.copy()
            state = (
                self._on_disk(),
                world.done,
                len(world.phones.shown),
                world.phones.clock.seconds,
            )
            if state not in self.left:
                place = self.folder / f"left-{len(self.left)}" / "story.sqlite"
                copied(self.path, place)
                self.left[state] = (what, place.parent, world)

    def _on_disk(self) -> bytes:
        digest = hashlib.sha256()
        for suffix in ("", "-wal"):
            file = self.path.with_name(self.path.name + suffix)
            digest.update(file.read_bytes() if file.exists() else b"")
        return digest.digest()


async def live(folder: Path, world: World, settings: Settings) -> dict[str, Any]:
    """The story from where the world stands to its end, and all that is kept then."""
    async with story(folder, settings=settings, phones=world.phones) as town:
        while world.done < len(NIGHT_LONG):
            await NIGHT_LONG[world.done](town)
            world.done += 1
        world.phones.unseen.clear()
        return await kept(town)


async def kept(town: Story) -> dict[str, Any]:
    store, actual = town.store, town.desk.actual
    alerts = await store.alerts(actual)
    calls = [call for alert in alerts for call in await store.calls(alert.id)]
    return {
        "tally": await store.tally(actual),
        "alerts": alerts,
        "ladders": [ladder for alert in alerts for ladder in await store.ladders_of(alert.id)],
        "answers": [
            (a.person, a.severity, a.word)
            for alert in alerts
            for a in await store.answers(alert.id)
        ],
        "calls": [(call.notification.id, call.notification.text, call.state) for call in calls],
        "journal": [json.loads(line.text) for line in await store.journal(actual)],
        "broken": await store.verify(actual),
    }


def copies(shown: list[Shown]) -> Counter[str]:
    return Counter(one.promised.id for one in shown)


async def test_wherever_the_power_goes_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    settings, world = two_are_called(), World()
    witness = Witness(tmp_path / "story.sqlite", tmp_path, world)
    world.phones.announce = witness.call
    with plugged(witness):
        expected = await live(tmp_path, world, settings)
    assert expected["broken"] is None
    # a reminder that the hour held back is withdrawn where somebody answers meanwhile
    states = {state for _, _, state in expected["calls"]}
    assert states == {Delivery.ACCEPTED, Delivery.SUPERSEDED}
    assert {one.who for one in world.phones.shown} >= {"grid-shiqiao", "head-shiqiao"}
    assert set(copies(world.phones.shown).values()) == {1}

    doubled = 0
    for what, folder, then in witness.left.values():
        found = await live(folder, then, settings)
        assert found == expected, what
        times = copies(then.phones.shown)
        assert times.keys() == copies(world.phones.shown).keys(), what
        assert max(times.values()) <= 2, what
        doubled += sum(times.values()) - len(times)
    states = len(witness.left)
    print(f"{witness.calls} calls and sends left {states} states; {doubled} second copies")
    assert witness.calls > 300 and states > 40, "too few calls to be believed"
    assert doubled, "a send whose result was not kept must have gone out again"
