"""Quiet by order: nobody is called for what a silence covers, and nothing of it is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor import acts
from monitor.acts import quiet
from monitor.alerting.severity import Condition, Severity
from monitor.store.quiet import audible_now
from tests.stories.harness import Story, story

HOUR = timedelta(hours=1)
DRILL = "exercise/autumn-drill/"


async def _silenced(town: Story, place: str = "shiqiao", hours: float = 2, drill: str = "") -> str:
    said = await quiet.silence(
        town.desk, place, hours * HOUR, "清淤施工", "desk-2", owner="area-west", drill=drill
    )
    await town.settle()
    return said.rsplit(" ", 1)[1]


async def test_nobody_is_called_beneath_a_silence_and_the_board_still_sees_it(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await _silenced(town)
        await town.reads(87.3)
        await town.keeps_reading(87.3, minutes=30)
        alert = await town.the_alert()
        assert (alert.severity, alert.announced) == (Severity.ORANGE, Severity.NORMAL)
        (raised,) = await town.events(alert.id, "alert.")
        assert raised["facts"]["told"] is False
        (why,) = await town.events(alert.id, "route.not_told")
        assert "area-west" in why["facts"]["reason"] and "清淤施工" in why["facts"]["reason"]


@pytest.mark.parametrize(("level", "asked"), [(89.90, {"desk-2", "desk-3"}), (87.70, set())])
async def test_a_doubted_red_is_asked_beneath_a_silence_and_a_doubted_orange_after_it(
    tmp_path: Path, level: float, asked: set[str]
) -> None:
    async with story(tmp_path) as town:
        await town.keeps_reading(85.90, minutes=30)
        await _silenced(town)
        await town.waits(minutes=5)
        await town.reads(level)
        alert = await town.the_alert()
        assert (alert.condition, alert.severity) == (Condition.SUSPECT, Severity.YELLOW)
        assert town.who_rang() == asked
        assert (alert.asked is Severity.YELLOW) is bool(asked)


async def test_the_task_of_a_doubted_red_goes_on_beneath_a_silence(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.keeps_reading(85.90, minutes=30)
        await town.waits(minutes=5)
        await town.reads(89.90)
        town.rang()
        await _silenced(town)
        for _ in range(6):
            await town.waits(minutes=5)
            await town.reads(None)
        assert "grid-shiqiao" in town.who_rang()


async def test_another_site_is_not_covered(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, "shangyou")
        await town.reads(87.3)
        assert "mayor" in town.who_rang()


async def test_it_pages_at_once_when_it_ends_and_the_water_still_stands(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, hours=2)
        await town.reads(87.3)
        await town.keeps_reading(87.3, minutes=119)
        town.nothing_rang()
        await town.waits(minutes=1)
        assert {"head-hexi", "mayor"} <= town.who_rang()
        alert = await town.the_alert()
        assert alert.announced is Severity.ORANGE
        assert len(await town.events(alert.id, "alert.resumed")) == 1
        await town.keeps_reading(87.3, minutes=2)
        assert town.who_rang() <= {"desk-2", "desk-3"}  # the report to the county, a minute later
        await town.keeps_reading(87.3, minutes=5)
        town.nothing_rang()


async def test_it_pages_nobody_when_the_water_has_fallen_by_then(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, hours=2)
        await town.reads(87.3)
        await town.keeps_reading(85.0, minutes=60)
        alert = await town.the_alert()
        assert not alert.is_active and alert.id in await town.store.silenced([alert.id])
        await town.keeps_reading(85.0, minutes=65)
        town.nothing_rang()
        assert await town.store.silenced([alert.id]) == {}


async def test_its_end_survives_a_restart(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, hours=1)
        await town.reads(87.3)
    async with story(tmp_path, phones=town.phones) as again:
        await again.keeps_reading(87.3, minutes=55)
        again.nothing_rang()
        await again.waits(minutes=5)
        assert "mayor" in again.who_rang()


async def test_ended_early_by_hand_it_pages_at_once(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        named = await _silenced(town)
        await town.reads(87.3)
        await quiet.end(town.desk, named, "desk-3")
        await town.settle()
        assert "mayor" in town.who_rang()


async def test_worsening_to_red_calls_in_full(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town)
        await town.reads(87.3)
        await town.waits(minutes=5)
        await town.reads(87.9)
        rang = town.rang()
        assert {"mayor", "head-hexi", "patrol-shiqiao", "secretary"} & {one for one, _, _ in rang}
        assert all("红级" in text for who, by, text in rang if by == "sms" and who == "mayor")


async def test_red_that_was_told_before_the_silence_calls_anew_beneath_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        await town.keeps_reading(87.3, hours=1)
        town.told()
        assert (await town.the_alert()).severity is Severity.ORANGE
        await _silenced(town)
        await town.waits(minutes=5)
        await town.reads(87.9)
        assert "mayor" in town.who_rang()


async def test_a_gauge_that_falls_silent_while_rising_is_never_covered(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, hours=6)
        for value in (85.6, 85.8, 86.0, 86.1):
            await town.reads(value)
            await town.waits(minutes=5)
        town.nothing_rang()
        await town.waits(minutes=20)
        assert town.who_rang()


async def test_what_was_being_called_stops_and_comes_back(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.3)
        await town.waits(minutes=2)
        town.told()
        await _silenced(town, hours=1)
        await town.keeps_reading(87.3, minutes=59)
        town.nothing_rang()
        await town.waits(minutes=1)
        assert "mayor" in town.who_rang()


async def test_red_ladders_go_on_beneath_a_silence(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        await town.waits(minutes=5)
        await town.reads(87.3)
        assert (await town.the_alert()).severity is Severity.ORANGE
        town.told()
        await _silenced(town)
        await town.waits(minutes=6)
        assert town.rang()


async def test_a_silent_sensor_hides_no_other(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, "shiqiao-level")
        await town.reads(87.3)
        town.nothing_rang()
        await acts.call_by_hand(town.desk, "shiqiao", "yellow", "桥墩冲刷", "村里", "desk-2")
        await town.settle()
        rang = town.rang()
        assert rang and not any("橙级" in text for _, _, text in rang)


async def test_a_drills_silence_leaves_what_is_real_alone(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, "manshui", drill="autumn-drill")
        assert not (await town.reads(94.4, "manshui-level", prefix=DRILL)).notifications
        town.nothing_rang()
        assert (await town.reads(94.4, "manshui-level")).escalations
        town.told()


async def test_what_is_silenced_for_real_rings_in_a_drill(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, "manshui")
        assert not (await town.reads(94.4, "manshui-level")).escalations
        town.nothing_rang()
        assert (await town.reads(94.4, "manshui-level", prefix=DRILL)).notifications
        town.told()


async def test_more_than_a_day_takes_a_second_person_before_it_is_over(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        named = await _silenced(town, hours=48)
        (silence,) = await town.store.silences()
        assert silence.until == town.clock.now() + 24 * HOUR
        for same in ("desk-2", "area-west"):
            try:
                await quiet.agree(town.desk, named, same)
            except acts.ActRefused:
                continue
            raise AssertionError(same)
        await quiet.agree(town.desk, named, "desk-3")
        (silence,) = await town.store.silences()
        assert silence.until == town.clock.now() + 48 * HOUR


async def test_red_that_eased_beneath_a_silence_and_comes_back_calls_again(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, hours=6)
        await town.reads(87.9)
        await town.keeps_reading(87.3, hours=1)
        town.told()
        await town.waits(minutes=5)
        await town.reads(87.9)
        assert "mayor" in town.who_rang()


async def test_what_was_held_back_before_a_silence_is_not_told_beneath_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        await town.reads(94.50, "manshui-level")
        told = town.told()
        assert "deputy-mayor" in told
        await _silenced(town, "manshui")
        await town.waits(minutes=3)
        assert not [text for _, _, text in town.rang() if "漫水桥" in text]


async def test_an_alert_is_put_into_words_without_what_a_silence_covers(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _silenced(town, "shiqiao-level")
        await town.reads(87.3)
        await acts.call_by_hand(town.desk, "shiqiao", "yellow", "桥墩冲刷", "村里", "desk-2")
        await town.settle()
        town.told()
        alert = await town.the_alert()
        found = await town.store.run(lambda conn: audible_now(conn, {alert.id: alert}))
        assert (alert.severity, found[alert.id].severity) == (Severity.ORANGE, Severity.YELLOW)


async def test_nobody_lengthens_a_silence_alone_by_ordering_another(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        named = await _silenced(town, hours=24)
        await town.waits(minutes=1)
        for place in ("shiqiao", "shiqiao-level"):
            with pytest.raises(acts.ActRefused, match="已在暂停提醒"):
                await _silenced(town, place, hours=24)
        assert len(await town.store.silences()) == 1
        await _silenced(town, "manshui")
        await quiet.end(town.desk, named, "desk-2")
        await _silenced(town, "shiqiao-level")
