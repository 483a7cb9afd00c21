"""Line 10: all gateways are dead, and the desk has the list of whom to dial, in order."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import acts
from monitor.hand_dial import HandDial, hand_dial
from monitor.notify.channel import Medium
from tests.stories.harness import Story, story

OUTSIDE = {Medium.SMS, Medium.VOICE, Medium.WECHAT}
RED_TOLD = [
    "area-east",
    "emergency-office",
    "water-office",
    "land-office",
    "police",
    "clinic",
    "fire-team",
    "shelter",
]
"""Who is told of red, and need not answer, in the order of the policy."""


async def the_list(town: Story) -> HandDial:
    return await hand_dial(town.store, town.settings.knowledge, town.clock.now())


def people(found: HandDial, severity: str, mark: str) -> list[str]:
    """In order; `mark`: the step of the ladder that waits for them, or "told"."""
    firsts = [(line.person, line.matters[0]) for line in found.lines]
    return [
        person
        for person, matter in firsts
        if matter.severity.name == severity
        and (str(matter.step) if matter.must_answer else "told") == mark
    ]


async def an_hour(town: Story, level: float) -> None:
    """It passes; the river says how high it is four times."""
    for _ in range(4):
        await town.clock.wait_until(town.clock.now() + timedelta(minutes=15))
        await town.reads(level)


async def test_six_hours_without_any_channel_the_list_is_right_at_each_hour(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answer = [
        "head-shiqiao",
        "head-hexi",
        "grid-hexi",
        "area-west",
        "deputy-mayor",
        "mayor",
        "secretary",
    ]
    async with story(tmp_path) as town:
        town.phones.silent = set(OUTSIDE)
        await town.reads(87.9)
        found = await the_list(town)
        assert found.all_dead and people(found, "RED", "0") == answer
        told = ["grid-shiqiao", "cadre-shiqiao", "cadre-hexi", *RED_TOLD]
        assert people(found, "RED", "told") == told

        await an_hour(town, 87.9)  # 1: the ladders climbed, and ring nobody
        found = await the_list(town)
        assert people(found, "RED", "0") == answer
        assert people(found, "RED", "1") == ["cadre-shiqiao", "grid-shiqiao", "cadre-hexi"]
        assert people(found, "RED", "told") == RED_TOLD

        id = (await town.the_alert()).id
        await acts.acknowledge(town.desk, id, "head-shiqiao", "phone", "desk-2")
        at_once = await the_list(town)  # before the escalation has looked
        answer.remove("head-shiqiao")
        assert people(at_once, "RED", "0") == answer
        assert people(at_once, "RED", "1") == ["cadre-hexi"], "nobody climbs above who answered"
        assert people(at_once, "RED", "told") == ["grid-shiqiao", "cadre-shiqiao", *RED_TOLD]
        await acts.acknowledge(town.desk, id, "police", "phone", "desk-2")

        await an_hour(town, 87.9)  # 2
        at_two = await the_list(town)
        assert people(at_two, "RED", "0") == answer
        assert "police" not in {line.person for line in at_two.lines}

        await acts.call_by_hand(town.desk, "longtan", "yellow", "坝脚渗水", "村民", "desk-2")
        await an_hour(town, 87.9)  # 3: another matter, less bad
        found = await the_list(town)
        assert people(found, "RED", "0") == answer
        assert people(found, "YELLOW", "0") == ["grid-zhukeng"]
        assert people(found, "YELLOW", "1") == ["head-zhukeng"]
        west = next(line for line in found.lines if line.person == "area-west")
        assert [one.site for one in west.matters] == ["石桥站", "龙潭水库"], "one call says both"
        assert [line.person for line in found.lines].count("area-west") == 1

        for hour in (4, 5, 6):  # the river eases: whom nobody found at red must still be found
            await an_hour(town, 86.6)
            found = await the_list(town)
            first = [line.person for line in found.lines][: len(answer)]
            assert (hour, sorted(first)) == (hour, sorted(answer))
            assert people(found, "RED", "0") == []
            assert all("黄级" in line.matters[0].say for line in found.lines[:3])

        logged = [one.getMessage() for one in caplog.records if one.levelno == logging.CRITICAL]
        assert [text.count("/hand-dial") for text in logged] == [1], "said once where the list is"
        town.phones.silent = set()
        await an_hour(town, 86.6)
        found = await the_list(town)
        assert not found.all_dead and people(found, "YELLOW", "told") == []
        assert set(answer) <= {line.person for line in found.lines}, "nobody has answered yet"
        town.rang()


async def test_what_is_to_be_said_says_the_level_now_and_asks_for_no_digits(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        town.phones.silent = set(OUTSIDE)
        await town.reads(87.9)
        await an_hour(town, 88.1)
        found = await the_list(town)
        said = {line.person: line.matters[0].say for line in found.lines}
        assert said["head-hexi"] == (
            "红级叫应：石桥站，03:00水位88.10米，达立即转移！请马上转移河西组群众并报人数。"
        )
        assert said["cadre-hexi"] == (
            "叫应上提：石桥站为红级，河西村村级责任人打不通。请您接手或派人到场。"
        )
        assert not any("回" in text or "$" in text for text in said.values())
        town.rang()


async def test_an_exercise_is_dialled_by_nobody(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        town.phones.silent = set(OUTSIDE)
        await town.reads(87.9, prefix="exercise/autumn-drill/")
        assert (await the_list(town)).lines == ()
        town.rang()


async def test_who_was_told_before_the_channels_died_is_not_dialled_to_be_told(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.6)
        await town.waits(minutes=1)
        town.phones.silent = set(OUTSIDE)
        await acts.call_by_hand(town.desk, "longtan", "red", "溃坝", "县防办", "desk-2")
        await town.settle()
        found = await the_list(town)
        assert found.all_dead
        told = {m.alert for line in found.lines for m in line.matters if not m.must_answer}
        assert len(told) == 1
        waiting = {m.site for line in found.lines for m in line.matters if m.must_answer}
        assert waiting == {"石桥站", "龙潭水库"}, "who has not answered is still to be found"
        town.rang()


async def test_who_could_not_be_told_that_it_is_over_is_dialled_last(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        town.phones.dead = {"shelter"}
        await acts.stand_down(town.desk, "shiqiao", "mayor", "水已退", "desk-2")
        await town.settle()
        found = await the_list(town)
        assert not found.all_dead and [line.person for line in found.lines] == ["shelter"]
        (matter,) = found.lines[0].matters
        assert matter.say == (
            "处置解除：石桥站，02:00经镇长（示例）同意解除红级处置。查房查路、清点人数后返回。"
        )
        await acts.call_by_hand(town.desk, "longtan", "blue", "渗水", "村民", "desk-2")
        await acts.acknowledge(town.desk, (await an_end(town)), "shelter", "phone", "desk-2")
        assert (await the_list(town)).lines == (), "once they heard it"
        town.rang()


async def test_where_no_channel_lives_everybody_is_told_by_hand_that_it_is_over(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        town.phones.silent = set(OUTSIDE)
        await acts.stand_down(town.desk, "shiqiao", "mayor", "水已退", "desk-2")
        await town.waits(minutes=2)
        found = await the_list(town)
        assert {"shelter", "head-shiqiao"} <= {line.person for line in found.lines}
        assert {matter.severity.name for line in found.lines for matter in line.matters} == {
            "NORMAL"
        }
        town.phones.silent = set()
        await town.reads(89.0)
        await town.waits(minutes=3)
        names = {m.severity.name for line in (await the_list(town)).lines for m in line.matters}
        assert "NORMAL" not in names, "it is a matter again"
        town.rang()


async def an_end(town: Story) -> str:
    """The id of what was stood down."""
    alerts = await town.store.alerts(town.desk.actual)
    return next(one.id for one in alerts if one.site == "shiqiao")
