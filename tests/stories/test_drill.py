"""An exercise rings only those on its list, says 演练 first and last, and touches nothing real."""

from __future__ import annotations

from pathlib import Path

from monitor.notify.arranging import STOOD_STILL
from monitor.notify.escalation import LadderState
from monitor.scope import Scope, Status
from tests.stories.harness import story

DRILL = Scope("yunxi", Status.EXERCISE, "autumn-drill")


async def test_a_drill_rings_its_list_and_says_so_first_and_last(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(94.40, "manshui-level", prefix="exercise/autumn-drill/")
        told = town.rang()
        assert {who for who, _, _ in told} <= {"duty_officer", "desk-2", "head-qiaotou"}
        assert "head-qiaotou" in {who for who, _, _ in told}
        for _, medium, text in told:
            body = text.removeprefix("【云溪镇政府】")
            assert medium == "voice" or (body.startswith("演练！") and body.endswith("演练"))
        assert await town.store.alerts(town.desk.actual) == []
        (rehearsed,) = await town.store.alerts(DRILL)
        assert rehearsed.severity.name == "YELLOW"
        await town.waits(hours=1)
        assert all("演练" in text for _, _, text in town.rang())


async def test_the_real_flood_in_a_drill_is_called_whole_and_at_once(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.95, prefix="exercise/autumn-drill/")
        town.rang()
        await town.reads(87.90)
        texts = [(who, text) for who, medium, text in town.rang() if medium == "sms"]
        assert len({who for who, _ in texts}) > 15
        aborted = {who for who, text in texts if "演练中止" in text}
        assert aborted == {"desk-1", "desk-2", "head-qiaotou"}  # its list, whoever was told by then
        told = [(who, text) for who, text in texts if "演练中止" not in text]
        assert not [text for _, text in told if "演练" in text]
        real, drill = await town.the_alert(), (await town.store.alerts(DRILL))[0]
        codes = [
            {e.code for e in await town.store.escalations_of(alert.id)} for alert in (real, drill)
        ]
        assert not codes[0] & codes[1]
        assert await town.store.verify(DRILL) is None


async def test_an_exercise_that_nobody_named_rings_no_phone(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.95, prefix="exercise/unknown/")
        assert {who for who, _, _ in town.rang()} <= {"duty_officer"}


async def test_a_drill_stands_still_while_people_are_called_for_something_real(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.90)
        town.told()
        await town.reads(94.40, "manshui-level", prefix="exercise/autumn-drill/")
        await town.waits(hours=1)
        assert not [text for _, _, text in town.rang() if "演练" in text]


async def test_who_takes_part_is_told_that_now_it_is_real_before_the_call_and_the_drill_is_over(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(94.40, "manshui-level", prefix="exercise/autumn-drill/")
        town.told()
        await town.waits(minutes=5)
        await town.reads(94.40, "manshui-level")
        first, *then = [text for _, _, text in town.rang("head-qiaotou", "sms")]
        assert first == (
            "【云溪镇政府】演练中止，真实险情！本次演练停止，请原地待命、保持通话，"
            "按随后的叫应短信行动。"
        )
        assert then and not [text for text in then if "演练" in text]
        town.told()
        for drilled in await town.store.escalations_of((await town.store.alerts(DRILL))[0].id):
            assert {ladder.state for ladder in drilled.ladders} == {LadderState.CANCELLED}
        await town.waits(hours=1)
        await town.keeps_reading(93.0, "manshui-level", hours=1)
        assert not (await town.the_alert()).is_active
        assert not [text for _, _, text in town.rang() if "演练" in text]


async def test_what_a_drill_said_while_it_stood_still_is_not_told_an_hour_later(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.90)
        town.told()
        await town.reads(94.40, "manshui-level", prefix="exercise/autumn-drill/")
        await town.keeps_reading(84.0, hours=1)
        assert not (await town.the_alert()).is_active
        await town.waits(minutes=10)
        assert not [text for _, by, text in town.rang() if "补发" in text and "演练" in text]
        (drilled,) = await town.store.alerts(DRILL)
        calls = await town.store.calls(drilled.id)
        assert STOOD_STILL in {call.reason for call in calls if call.state.value == "superseded"}
        await town.reads(87.95, prefix="exercise/autumn-drill/")  # it goes on with something new
        assert "desk-2" in {who for who, _, text in town.rang() if "演练" in text}


async def test_a_sensor_that_never_spoke_in_a_drill_is_not_silent_in_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(85.0, prefix="exercise/autumn-drill/")
        await town.waits(minutes=30)
        watched = {key.sensor for key in town.ingest.memory.trails if key.scope == DRILL}
        assert watched == {"shiqiao-level"}
