"""A storm: nobody's phone is flooded, no red waits, and what was held back is told."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

from monitor import acts
from monitor.alerting.alerts import Alert
from monitor.explaining import Contact, explain
from monitor.ingest.message import Message
from monitor.notify.bundling import PRESSED, WINDOW
from monitor.notify.channel import Medium
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import LadderState
from monitor.store.texts import HIDDEN
from tests.stories.harness import Story, edited, story


async def _unsent(town: Story, value: float, at: str) -> None:
    """A reading is kept and everything promised; then the power goes before anything is sent."""
    body = json.dumps({"value": value, "time": town.clock.now().isoformat()}).encode()
    await town.ingest.take([Message(f"risk/yunxi/{at}/level", body, town.clock.now(), False)])


async def test_the_first_goes_at_once_and_what_follows_in_the_catchment_is_told_together(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        assert "黄级叫应：石桥站" in town.rang("deputy-mayor", "sms")[0][2]
        await town.reads(94.50, "manshui-level")
        await town.reads(112.50, "shangyou-level")
        assert not town.rang("deputy-mayor", "sms")
        await town.waits(minutes=2)
        (bundle,) = [text for _, _, text in town.rang("deputy-mayor", "sms")]
        assert (
            bundle
            == (
                "【云溪镇政府】合并叫应：02:00至02:02共2条，上游站、漫水桥最高黄级，现为黄级。"
                "请按最高级别到岗处置，不用回复。"
            )
            or "漫水桥、上游站" in bundle
        )
        town.told()


POSTS = "site: manshui, person: closure-a, substitute: closure-b, superior: head-qiaotou }"
ONE_PATROL = (
    (
        "people.yaml",
        f"{POSTS}\n  - {{ id: patrol-l",
        "site: manshui, person: grid-shiqiao, superior: head-qiaotou }\n  - { id: patrol-l",
    ),
    (
        "people.yaml",
        "site: shangyou, person: grid-shangxi, substitute: head-shangxi",
        "site: shangyou, person: grid-shiqiao",
    ),
)
"""One person patrols three sites of the catchment, and has no WeCom."""


async def test_what_is_held_back_stands_on_the_alert_with_its_count_and_its_reason(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        await town.reads(94.50, "manshui-level")
        await town.reads(112.50, "shangyou-level")
        held, told = await _of_deputy(town), town.told()
        assert "deputy-mayor" in told
        assert held.result == "待发" and held.reason == WINDOW and held.held_at
        bridge = await _alert_at(town, "manshui")
        before = [call.is_held_back for call in await town.store.calls(bridge.id)]
        assert sum(before) >= 2
        await town.waits(minutes=2)
        town.told()
        held = await _of_deputy(town)
        assert held.result == "已发出" and held.told_with == 1 and held.tries
        assert not any(call.is_held_back for call in await town.store.calls(bridge.id))
        lines = [json.loads(line.text) for line in await town.store.journal(town.desk.actual)]
        told_of = [one for one in lines if one["event"] == "call.together"]
        assert "deputy-mayor" in {
            one["person"] for one in told_of if bridge.id in one["facts"]["alerts"]
        }


async def _alert_at(town: Story, site: str) -> Alert:
    return next(one for one in await town.store.alerts(town.desk.actual) if one.site == site)


async def _of_deputy(town: Story) -> Contact:
    """What explain says of the SMS to the deputy mayor about the bridge."""
    alert, knowledge = await _alert_at(town, "manshui"), town.settings.knowledge
    (part,) = (await explain(town.store, knowledge, alert, "deputy-mayor")).people
    return next(call for call in part.calls if call.medium == "短信")


async def test_one_answer_answers_all_that_one_message_told(tmp_path: Path) -> None:
    async with story(tmp_path, settings=edited(tmp_path, *ONE_PATROL)) as town:
        await town.reads(86.60)
        await town.answers("grid-shiqiao")
        await town.reads(94.50, "manshui-level")
        await town.reads(112.50, "shangyou-level")
        town.told()
        await town.waits(minutes=2)
        (bundle,) = [text for _, _, text in town.rang("grid-shiqiao", "sms") if "收到回" in text]
        assert bundle.startswith("【云溪镇政府】合并叫应：02:00至02:02共2条，")
        assert await town.answers("grid-shiqiao") == "heard"
        for alert in await town.store.alerts(town.desk.actual):
            states = {one.state for one in await town.store.ladders_of(alert.id)}
            assert states == {LadderState.HELD}, alert.site
        town.told()


async def test_the_wait_of_a_ladder_counts_from_when_the_person_was_told(tmp_path: Path) -> None:
    async with story(tmp_path, settings=edited(tmp_path, *ONE_PATROL)) as town:
        await town.reads(86.60)
        await town.answers("grid-shiqiao")
        await town.reads(94.50, "manshui-level")
        await town.reads(112.50, "shangyou-level")
        await town.waits(minutes=16)
        assert not [text for _, _, text in town.rang("head-qiaotou") if "叫应上提" in text]
        await town.waits(minutes=2)
        assert [text for _, _, text in town.rang("head-qiaotou") if "叫应上提" in text]
        town.told()


async def test_what_was_due_long_ago_is_one_message_with_the_level_now(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        phones = town.phones
        await _unsent(town, 86.60, "shiqiao-level")
        await _unsent(town, 94.50, "manshui-level")
    phones.clock.seconds += 1800
    async with story(tmp_path, phones=phones) as town:
        late = [text for _, _, text in town.rang("deputy-mayor")]
        assert len(late) == 1 and late[0].startswith(
            "【云溪镇政府】补发：02:00至02:30短信中断，期间"
        )
        assert late[0].endswith("最高黄级，现为黄级。请核对已办事项，不用回复。")
        (alert, _) = await town.store.alerts(town.desk.actual)
        (told,) = [
            call
            for call in await town.store.calls(alert.id)
            if call.notification.person == "deputy-mayor"
        ]
        assert told.state is Delivery.ACCEPTED and told.told_with == 1 and told.attempts
        assert await town.events(alert.id, "call.late")
        assert await town.answers("grid-shiqiao") == "heard"
        await town.waits(minutes=1)
        again = Counter(one.who for one in phones.shown if "补发" in one.promised.text)
        assert set(again.values()) == {1}
        town.told()


async def test_a_past_that_is_over_says_so(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        phones = town.phones
        await _unsent(town, 87.40, "shiqiao-level")
        town.clock.seconds += 60
        await _unsent(town, 86.00, "shiqiao-level")
        town.clock.seconds += 60
        await _unsent(town, 85.90, "shiqiao-level")
    phones.clock.seconds += 3600
    async with story(tmp_path, phones=phones) as town:
        (text,) = [text for _, _, text in town.rang("secretary")]
        assert text == (
            "【云溪镇政府】补发：02:00至03:02短信中断，期间石桥站最高橙级，现已回落。"
            "请核对已办事项，不用回复。"
        )
        reports = [text for _, _, text in town.rang("desk-2") if "补发" not in text]
        assert reports and all("电话首报县防办" in text for text in reports)
        town.told()
        await town.waits(minutes=2)
        town.told()


async def _calls(town: Story, site: str, level: str) -> None:
    """The desk calls by hand: no reading is doubted."""
    await acts.call_by_hand(town.desk, site, level, "县防办通知", "县防办", "desk-2")
    await town.settle()


async def test_a_red_hides_the_yellow_of_its_own_place_that_was_not_sent_yet(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        await town.reads(112.50, "shangyou-level")
        await town.waits(minutes=1)
        await _calls(town, "shangyou", "red")
        of_deputy = [text for _, _, text in town.rang("deputy-mayor", "sms")]
        assert len(of_deputy) == 2 and "红级" in of_deputy[1]
        alert = await _alert_at(town, "shangyou")
        (part,) = (await explain(town.store, town.settings.knowledge, alert, "deputy-mayor")).people
        (hidden,) = [call for call in part.calls if call.result == "已撤回"]
        assert hidden.reason == HIDDEN and not hidden.tries
        town.told()
        await town.waits(minutes=4)
        assert not town.rang("deputy-mayor", "sms")
        town.told()


async def test_no_red_waits_for_a_limit(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        await _calls(town, "shiqiao", "red")
        await _calls(town, "shangyou", "red")
        texts = [text for _, _, text in town.rang("mayor", "sms")]
        assert [text for text in texts if "石桥站" in text and "红级" in text]
        assert [text for text in texts if "上游站" in text and "红级" in text]
        town.told()


ALSO_LONGTAN = (
    "people.yaml",
    "site: longtan, person: grid-zhukeng, substitute: head-zhukeng",
    "site: longtan, person: grid-shiqiao",
)
ONE_AN_HOUR = ("service.yaml", "per_hour: 6", "per_hour: 1")


async def test_an_ask_that_would_wait_too_long_rings_instead_and_the_answer_counts(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, settings=edited(tmp_path, *ONE_PATROL, ONE_AN_HOUR)) as town:
        await town.reads(86.60)
        await town.reads(94.50, "manshui-level")
        rings = [text for _, _, text in town.rang("grid-shiqiao", "voice")]
        assert len(rings) == 1 and "漫水桥" in rings[0]
        alert = await _alert_at(town, "manshui")
        moved = {one["person"] for one in await town.events(alert.id, "call.moved")}
        assert "grid-shiqiao" in moved
        assert await town.answers("grid-shiqiao") == "heard"
        states = {one.state for one in await town.store.ladders_of(alert.id)}
        assert LadderState.HELD in states
        town.told()


async def test_where_there_is_no_other_way_the_next_is_called_at_once_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    edits = (*ONE_PATROL, ALSO_LONGTAN, ("service.yaml", "per_hour: 6", "per_hour: 2"))
    async with story(tmp_path, settings=edited(tmp_path, *edits)) as town:
        for deliver in town.delivers:
            known = deliver._directory
            mute = tuple(c for c in known.channels if c.medium is not Medium.VOICE)
            deliver._directory = replace(known, channels=mute)
        await town.reads(86.60)
        await town.reads(94.50, "manshui-level")
        await town.waits(minutes=2)
        await _calls(town, "longtan", "yellow")
        await town.waits(minutes=1)
        assert [text for _, _, text in town.rang("head-zhukeng", "sms") if "叫应上提" in text]
        alert = await _alert_at(town, "longtan")
        calls = await town.store.calls(alert.id)
        (waits,) = [c for c in calls if c.notification.person == "grid-shiqiao"]
        assert waits.is_held_back and waits.reason == PRESSED
        await town.answers("head-zhukeng")
        await town.waits(minutes=61)
        assert [text for _, _, text in town.rang("grid-shiqiao", "sms")]
        town.told()


async def test_what_is_real_and_what_is_rehearsed_are_never_in_one_message(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        for level, at in ((86.60, "shiqiao"), (94.50, "manshui"), (112.50, "shangyou")):
            await town.reads(level, f"{at}-level", prefix="exercise/autumn-drill/")
        drill = [text for _, _, text in town.rang("desk-2", "sms")]
        assert len(drill) == 1 and drill[0].count("演练") == 2
        await town.reads(86.60)
        aborted, *real = [text for _, _, text in town.rang("desk-2", "sms")]
        assert "演练中止" in aborted
        assert len(real) == 1 and "演练" not in real[0], "a drill's text used up no limit"
        await town.reads(94.50, "manshui-level")
        await town.reads(112.50, "shangyou-level")
        await town.waits(minutes=3)
        (bundle,) = [text for _, _, text in town.rang("desk-2", "sms")]
        assert "共2条" in bundle and "演练" not in bundle
        town.told()
