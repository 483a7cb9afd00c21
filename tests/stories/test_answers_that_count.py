"""Which ladder an answer holds, and which it must not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor import acts
from monitor.notify.channel import Reply
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import Ladder, LadderState
from tests.stories.harness import Story, story


async def _red(town: Story) -> list[Ladder]:
    ladders = await town.store.ladders_of((await town.the_alert()).id)
    return [one for one in ladders if one.severity == 4 and one.state is LadderState.HELD]


async def test_a_reply_that_the_provider_held_back_does_not_answer_a_later_alert(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        phone = town.settings.knowledge.directory.people.persons["head-shiqiao"].phone
        written = town.clock.now()
        await town.waits(hours=5)
        await town.reads(87.9)
        old = Reply(phone, "收到", written, "held-back")
        assert await acts.reply(town.desk, old, "sms") == "sent before the call was made"
        await town.settle()
        assert await _red(town) == []
        (shown,) = await town.store.unread_replies()
        assert shown.why == "sent before the call was made"
        town.told()


async def test_an_answer_to_the_lower_level_does_not_silence_the_call_for_the_higher(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.3)
        old = town.code_of("head-shiqiao")
        await town.waits(minutes=10)  # redialled by voice a moment ago: red must wait its minute
        await town.reads(87.9)
        alert = await town.the_alert()
        waiting = [
            call.notification.id
            for call in await town.store.calls(alert.id)
            if call.state is Delivery.WAITING and call.notification.severity == 4
        ]
        assert waiting
        for person in {one.who for one in town.phones.shown if one.promised.code == old}:
            phone = town.settings.knowledge.directory.people.persons[person].phone
            said = Reply(phone, old, town.clock.now(), person)
            assert await acts.reply(town.desk, said, "sms") != "heard"
        await town.settle()
        assert await _red(town) == []
        after = {c.notification.id: c.state for c in await town.store.calls(alert.id)}
        assert {after[id] for id in waiting} == {Delivery.WAITING}
        town.told()


async def test_who_rings_back_after_the_water_eased_holds_the_ladder_that_still_calls(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        await town.keeps_reading(86.6, minutes=30)
        alert = await town.the_alert()
        assert alert.severity < 4
        await acts.acknowledge(town.desk, alert.id, "head-shiqiao", "phone", "desk-2")
        await town.settle()
        assert {one.duty for one in await _red(town)} == {"head-shiqiao"}
        town.told()


async def test_a_key_answers_the_call_that_rang_though_two_matters_are_open(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        await acts.call_by_hand(town.desk, "longtan", "red", "坝体渗水", "村里", "desk-2")
        await town.settle()
        rang = [one.promised for one in town.phones.shown if one.promised.channel == "voice"]
        one = next(p for p in rang if p.code and p.person == "mayor")
        pressed = Reply(one.address, "1", town.clock.now(), "k", notification=one.id)
        assert await acts.reply(town.desk, pressed, "voice") == "heard"
        (given,) = await town.store.answers(one.subject)
        assert (given.person, given.via) == ("mayor", "voice")
        assert timedelta(0) == town.clock.now() - given.at
        town.told()


async def test_the_desk_reads_who_wants_support_and_not_who_only_heard_it_again(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        rang = {one.who: one.promised for one in town.phones.shown if one.promised.channel != "sms"}
        answered, told, weak = rang["mayor"], rang["police"], rang["head-shiqiao"]
        assert answered.code and not told.code
        await town.answers("mayor")
        for number, (promised, pressed) in enumerate([(answered, "1"), (told, "1"), (weak, "2")]):
            at = town.clock.now()
            said = Reply(promised.address, pressed, at, str(number), notification=promised.id)
            await acts.reply(town.desk, said, "voice")
        await town.answers("mayor", "收到")
        await town.answers("police", "收到")
        shown = [(reply.why, reply.channel) for reply in await town.store.unread_replies()]
        assert shown == [("asks for support", "voice")]
        given = await town.store.answers((await town.the_alert()).id)
        assert [answer.person for answer in given] == ["mayor"]
        town.told()


@pytest.mark.parametrize(
    ("village", "site"),
    [("hexi", "shiqiao"), ("shiqiao", "shiqiao"), ("qiaotou", "manshui"), ("lingxia", "beishan")],
)
async def test_a_village_is_called_at_one_site_and_everybody_once(
    tmp_path: Path, village: str, site: str
) -> None:
    async with story(tmp_path) as town:
        await acts.call_by_hand(town.desk, village, "red", "县里来电", "县防办", "desk-2")
        await town.settle()
        assert (await town.the_alert()).site == site
        called = [who for who, by, text in town.rang() if by == "voice"]
        assert f"head-{village}" in called and len(called) == len(set(called))
        town.told()
