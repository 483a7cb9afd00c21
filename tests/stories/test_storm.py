"""A storm: nobody's phone is flooded, no red waits, and what was held back is told."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

from monitor.ingest.message import Message
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import LadderState
from tests.stories.harness import Story, edited, story

MINUTE = timedelta(minutes=1)


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
