"""Items 5 and 6: replies from phones, acts of the desk, and what the journal can tell.

- an SMS reply: the code; 1 or 收到 where one call is open; anything else to the desk
- the report to the county is answered by its digits, a stand-down too
- monitor call / read / close
- a suspect reading asks yes or no; real pages, false closes
- a late block judges the past and pages nobody
- alerts and journal: the chain verifies; why and why not for each person
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor import acts
from monitor.alerting.severity import Condition, Severity
from monitor.errors import ActRefused
from monitor.reference.people import DUTY_DESK
from tests.stories.harness import story


async def test_digits_answer_wherever_the_person_has_several_calls(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.90)
        await town.reads(113.60, "shangyou-level")
        town.rang()
        assert await town.answers("head-hexi", "收到") == "more than one open call"
        assert await town.answers("head-hexi", "１") == "more than one open call"
        assert await town.answers("head-hexi", "我在外地") == "no digits of an open call"
        assert await town.answers("head-hexi") == "heard"
        assert await town.answers("head-hexi", "收到。") == "heard"
        waiting = await town.store.unread_replies()
        assert [one.text for one in waiting] == ["收到", "１", "我在外地"]


async def test_a_stranger_and_one_who_was_not_asked_reach_the_desk(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        town.rang()
        assert await town.answers("head-lingxia", "收到") == "no open call to this number"
        assert await town.answers("deputy-mayor", "收到") == "nothing waits for it"
        assert await town.answers("deputy-mayor", "水到桥面了") == "no open call to this number"
        assert len(await town.store.unread_replies()) == 2
        await town.answers("grid-shiqiao")


async def test_the_county_was_told_is_said_by_its_own_digits(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.30)
        await town.waits(minutes=1)
        town.rang()
        heard = await town.answers("desk-2", "收到")
        assert heard == "a report to the county is answered by its digits"
        assert await town.answers("desk-2") == "heard"
        alert = await town.the_alert()
        (said,) = await town.store.answers(alert.id)
        assert (said.person, said.word) == ("desk-2", "reported")


async def test_the_county_rings_and_the_chain_starts_by_hand(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await acts.call_by_hand(
            town.desk, "beishan", "orange", "山体裂缝", "县防办", "desk-2", "landslide"
        )
        await town.settle()
        assert (
            "【云溪镇政府】橙级叫应：北山坡，02:00接县防办报：山体裂缝。请到村到组，老弱先转，"
            in town.rang("head-lingxia", "sms")[0][2]
        )
        for person in ("head-lingxia", "grid-lingxia", "area-west"):
            await town.answers(person)
        town.rang()
        alert = await town.the_alert()
        await acts.stand_down(town.desk, alert.id, "deputy-mayor")
        await town.settle()
        assert not (await town.the_alert()).is_active
        assert all(text.startswith("【云溪镇政府】处置解除") for _, _, text in town.rang())


async def test_a_staff_gauge_is_read_by_a_person_and_judged(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await acts.read_gauge(town.desk, "shangyou", 112.10, "desk-2")
        await town.settle()
        assert "grid-shangxi" in town.who_rang()
        (entry,) = await town.events("shangyou-level", "order.")
        assert (entry["person"], entry["facts"]["value"]) == ("desk-2", 112.10)
        await town.answers("grid-shangxi")


async def test_a_staff_gauge_entered_without_its_point_is_asked_about_and_a_record_flood_is_not(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        with pytest.raises(ActRefused, match="小数点"):
            await acts.read_gauge(town.desk, "shiqiao", 8730, "desk-2")
        assert await town.events("shiqiao-level") == []
        await acts.read_gauge(town.desk, "shiqiao", 94.10, "desk-2")  # the instrument ends at 93
        assert (await town.the_alert()).severity is Severity.RED
        await town.settle()
        town.told()


async def test_a_doubtful_leap_asks_yes_or_no_and_real_pages(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.keeps_reading(85.90, minutes=30)
        await town.reads(85.90)
        await town.waits(minutes=5)
        await town.reads(89.90)
        alert = await town.the_alert()
        assert (alert.condition, alert.severity.name) == (Condition.SUSPECT, "YELLOW")
        asked = {who: text for who, medium, text in town.rang() if medium == "sms"}
        assert set(asked) == {"desk-2", "desk-3"}
        assert "疑设备故障。请先看视频或问村里，属实回" in asked["desk-2"]
        assert await town.answers("desk-2", "收到") == "the question was yes or no"
        assert await town.answers("desk-2") == "real"
        told = {who: text for who, medium, text in town.rang() if medium == "sms"}
        assert "红级" in told["mayor"] and "水位89.90米" in told["mayor"]


async def test_a_false_alarm_closes_and_pages_nobody(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.keeps_reading(85.90, minutes=30)
        await town.waits(minutes=5)
        await town.reads(89.90)
        (escalation,) = await town.store.escalations_of((await town.the_alert()).id)
        town.rang()
        assert await town.answers("desk-3", escalation.no_code) == "false"
        assert not (await town.the_alert()).is_active
        await town.keeps_reading(85.90, hours=1)


async def test_a_late_block_is_written_down_and_pages_nobody(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.00, ago=timedelta(minutes=90))
        for ago in range(60, 30, -5):
            await town.reads(87.90, ago=timedelta(minutes=ago))
        await town.reads(86.00)
        alert = await town.the_alert()
        assert not alert.is_active and alert.worst.name == "RED"
        (raised,) = await town.events(alert.id, "alert.raised")
        assert raised["facts"]["told"] is False
        ((who, medium, text),) = town.rang()  # the screen in the duty room, and no page
        assert (who, medium) == (DUTY_DESK, "desk") and text.startswith("补判：石桥站")


async def test_the_record_says_for_each_person_who_was_called_why_and_why_not(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        town.phones.dead.add("head-hexi")
        await town.reads(87.90)
        await town.answers("mayor")
        alert = await town.the_alert()
        calls = await town.store.calls(alert.id)
        dead = {(c.state.value, c.reason) for c in calls if c.notification.person == "head-hexi"}
        assert dead == {("failed", "停机")}
        mayor = [c for c in calls if c.notification.person == "mayor"]
        assert all(c.answer and c.answer.via == "sms" for c in mayor)
        assert await town.store.verify(town.desk.actual) is None
        words = {e["event"] for e in await town.events(alert.id)}
        assert {"alert.raised", "call.step", "call.unreachable", "answer", "call.held"} <= words
        town.rang()
