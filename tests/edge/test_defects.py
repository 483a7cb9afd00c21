"""A defect of ours costs its own share and no more: the rest is judged, told and kept.

The defects are put in through the doors that extensions have: a format, a rule kind, a template,
a channel.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.alerting.severity import Severity
from monitor.ingest.message import Message
from monitor.ingest.reading import Source
from monitor.judging.memory import Knowledge
from monitor.notify.channel import Channel, Medium
from monitor.notify.delivery import Delivery
from monitor.settings import Settings
from tests.clocks import HandClock
from tests.stories.harness import NIGHT, Phones, Story, example, story

POISON = b"poison"


class Bug(Exception):
    """Nobody expected this one."""


def changed(change: Callable[[Knowledge], Knowledge]) -> Settings:
    return replace(example(), knowledge=change(example().knowledge))


def reading(value: float, minute: int, sensor: str = "shiqiao-level") -> Message:
    at = NIGHT.replace(minute=minute)
    body = json.dumps({"value": value, "time": at.isoformat()}).encode()
    return Message(f"risk/yunxi/{sensor}/level", body, at, False)


def with_poisoned_format(known: Knowledge) -> Knowledge:
    native = next(source for source in known.sources if source.format.name == "native")

    def read(scope: Any, topic: str, message: Message, parameters: Any) -> Any:
        if message.payload == POISON:
            raise Bug
        return native.format.read(scope, topic, message, parameters)

    sick: Source = replace(native, format=replace(native.format, read=read))
    return replace(known, sources=(sick, *known.sources))


async def test_a_poison_message_is_set_aside_and_the_batch_around_it_is_judged(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, settings=changed(with_poisoned_format)) as town:
        poison, other = (reading(0, n)._replace(payload=POISON) for n in (6, 12))
        rises = [reading(86.0 + n / 10, n) for n in range(20)]
        await town.ingest.accept([*rises[:7], poison, *rises[7:13], other, *rises[13:]])
        kept = await town.store.tally(town.desk.actual)
        assert kept == {"observations": 20, "quarantine": 2}
        quarantined = await town.store.quarantined(town.desk.actual, 1000)
        assert {(q.reason, q.detail, q.message.payload) for q in quarantined} == {
            ("defect", "Bug", POISON)
        }
        (alert,) = await town.store.alerts(town.desk.actual)
        assert alert.severity is Severity.RED


def with_sick_rule(known: Knowledge) -> Knowledge:
    """The first rule that is asked about the town's gauge raises on every value and every tick."""

    def sick(*_: object) -> Any:
        raise Bug

    first, *others = known.rules_by_sensor["shiqiao-level"]
    broken = replace(first, id="sick", kind=replace(first.kind, fold=sick, tick=sick))
    watching = {**known.rules_by_sensor, "shiqiao-level": (broken, first, *others)}
    rules: Mapping[str, Any] = {"sick": broken, **known.rules}
    return replace(known, rules=rules, rules_by_sensor=watching)


async def test_a_rule_that_raises_neither_blinds_nor_deafens_the_others(tmp_path: Path) -> None:
    async with story(tmp_path, settings=changed(with_sick_rule)) as town:
        await town.reads(87.3)
        (alert,) = await town.store.alerts(town.desk.actual)
        assert alert.severity is Severity.ORANGE
        await town.waits(minutes=16)  # three intervals without a word, and it was over its limit
        (alert,) = await town.store.alerts(town.desk.actual)
        assert alert.contributions["shiqiao-silence", "shiqiao-level"]
        assert town.rang()


@contextmanager
def unroutable(town: Story) -> Iterator[None]:
    """The policies cannot be read while this lasts."""

    class Sick(dict[str, Any]):
        def get(self, *_: object) -> Any:
            raise Bug

    known: Knowledge = town.ingest._knowledge
    sick = replace(known, directory=replace(known.directory, policies=Sick()))
    town.ingest._knowledge = sick
    yield
    town.ingest._knowledge = known


async def test_where_routing_fails_the_desk_is_told_to_call_by_hand(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        with unroutable(town):
            await town.reads(87.9)
        assert town.rang() == [
            (
                "duty_officer",
                "desk",
                "程序故障，未能自动叫应：石桥站为红级。请立即按责任清单人工叫应。",
            )
        ]
        (alert,) = await town.store.alerts(town.desk.actual)
        assert alert.severity is Severity.RED
        await town.reads(113.6, "shangyou-level")  # the next alert is none the worse for it
        assert "mayor" in town.who_rang()


@pytest.mark.parametrize("broken", ["${nobody}", "$", "", "${site}$$$"])
async def test_a_bettered_template_with_a_fault_stops_no_call(tmp_path: Path, broken: str) -> None:
    def bettered(known: Knowledge) -> Knowledge:
        texts = dict.fromkeys(known.directory.templates, broken)
        return replace(known, directory=replace(known.directory, templates=texts))

    async with story(tmp_path, settings=changed(bettered)) as town:
        await town.reads(87.9)
        rang = {(person, medium) for person, medium, _ in town.rang()}
        assert rang >= {("mayor", "sms"), ("head-shiqiao", "voice"), ("duty_officer", "desk")}


class SickPhones(Phones):
    """Every SMS that is sent raises."""

    def channel(self, medium: Medium) -> Channel:
        def broken(*_: object) -> Any:
            raise Bug

        sound = super().channel(medium)
        if medium is not Medium.SMS:
            return sound
        return replace(sound, kind=replace(sound.kind, send=broken))


async def test_a_channel_with_a_defect_stops_no_other_channel(tmp_path: Path) -> None:
    async with story(tmp_path, phones=SickPhones(HandClock(NIGHT))) as town:
        await town.reads(87.9)
        await town.waits(minutes=1)
        rang = {(person, medium) for person, medium, _ in town.rang()}
        assert rang >= {("mayor", "voice"), ("duty_officer", "desk")}
        assert "sms" not in {medium for _, medium in rang}
        (alert,) = await town.store.alerts(town.desk.actual)
        silent = [c for c in await town.store.calls(alert.id) if c.notification.channel == "sms"]
        # tried in vain, or not begun any more once the channel was known to be dead
        assert {call.state for call in silent} <= {Delivery.UNSURE, Delivery.FAILED}
        assert {len(call.attempts) for call in silent} <= {0, 1, 2}
