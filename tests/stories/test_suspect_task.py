"""A doubtful reading is a task: the desk first, then the patrolman, then the leader as 未核实.

MESSAGES.md gives the minutes, 15 by day and 30 at night; a site may say its own.
"""

from __future__ import annotations

import json
from pathlib import Path

from monitor import acts
from monitor.alerting.severity import Condition
from tests.stories.harness import DAY, Story, edited, story

MINUTES = (
    "places.yaml",
    "    voice_name: 石桥站\n",
    "    voice_name: 石桥站\n    look_within: 5 min\n    look_within_night: 10 min\n",
)


async def leaps(town: Story) -> None:
    """The gauge jumps four metres from one reading to the next."""
    await town.keeps_reading(85.90, minutes=30)
    await town.waits(minutes=5)
    await town.reads(89.90)
    assert (await town.the_alert()).condition is Condition.SUSPECT


async def keeps_doubting(town: Story, minutes: int) -> None:
    """Time passes, and the device goes on speaking without a value that could settle anything."""
    for _ in range(minutes // 5):
        await town.waits(minutes=5)
        await town.reads(None)


def who(town: Story, medium: str = "sms") -> dict[str, str]:
    """Person → text of all that rang and was not looked at."""
    return {person: text for person, by, text in town.rang() if by == medium}


async def test_the_desk_is_asked_first_and_nobody_else(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await leaps(town)
        asked = who(town)
        assert set(asked) == {"desk-2", "desk-3"}
        assert "请先看视频或问村里，属实回" in asked["desk-2"]
        await town.answers("desk-2", (await no_code(town)))


async def no_code(town: Story) -> str:
    (escalation,) = await town.store.escalations_of((await town.the_alert()).id)
    return escalation.no_code


async def test_at_night_the_patrolman_is_asked_after_half_an_hour_and_then_the_leader(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await leaps(town)
        town.rang()
        await keeps_doubting(town, 25)
        town.nothing_rang()
        await keeps_doubting(town, 5)
        asked = who(town)
        assert "grid-shiqiao" in asked and "area-west" not in asked
        assert "未核实。请安全处看水尺，不得涉水，属实回" in asked["grid-shiqiao"]
        await keeps_doubting(town, 30)
        rang = town.rang()
        said = {person: text for person, medium, text in rang if medium == "sms"}
        heard = {person: text for person, medium, text in rang if medium == "voice"}
        assert said["area-west"].startswith("【云溪镇政府】未核实：石桥站，")
        assert set(heard) == {"area-west"} and "未核实" in heard["area-west"]
        assert not {"mayor", "secretary", "deputy-mayor"} & said.keys()
        await town.answers("area-west", (await no_code(town)))


async def test_by_day_it_is_a_quarter_of_an_hour(tmp_path: Path) -> None:
    async with story(tmp_path, DAY) as town:
        await leaps(town)
        town.rang()
        await keeps_doubting(town, 10)
        town.nothing_rang()
        await keeps_doubting(town, 5)
        assert "grid-shiqiao" in who(town)
        await town.answers("grid-shiqiao", (await no_code(town)))


async def test_a_site_sets_minutes_of_its_own(tmp_path: Path) -> None:
    for start, minutes in ((None, 10), (DAY, 5)):
        folder = tmp_path / f"{minutes}"
        folder.mkdir()
        settings = edited(folder, MINUTES)
        begun = (
            story(folder, settings=settings)
            if start is None
            else story(folder, start, settings=settings)
        )
        async with begun as town:
            await leaps(town)
            town.rang()
            await town.waits(minutes=minutes - 1)
            town.nothing_rang()
            await town.waits(minutes=1)
            assert "grid-shiqiao" in who(town)
            await town.answers("grid-shiqiao", (await no_code(town)))


async def test_that_somebody_is_looking_does_not_end_the_task(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await leaps(town)
        alert = await town.the_alert()
        town.rang()
        await acts.acknowledge(town.desk, alert.id, "desk-2", "phone", "desk-3")
        await keeps_doubting(town, 30)
        assert "grid-shiqiao" in who(town)
        await acts.judge_suspect(town.desk, alert.id, False, "grid-shiqiao", "水尺没淹")
        await keeps_doubting(town, 60)


async def test_the_red_list_is_called_only_when_it_becomes_real(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await leaps(town)
        await keeps_doubting(town, 30)
        assert not {"mayor", "secretary", "head-hexi"} & who(town).keys()
        assert await town.answers("grid-shiqiao") == "real"
        told = who(town)
        assert "红级" in told["mayor"] and "水位89.90米" in told["mayor"]


async def test_verified_false_closes_it_and_marks_the_readings_with_who_and_why(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await leaps(town)
        alert = await town.the_alert()
        town.rang()
        await acts.judge_suspect(town.desk, alert.id, False, "desk-2", "视频里水位正常")
        assert not (await town.the_alert()).is_active
        (mark,) = await town.store.marked(town.desk.actual)
        assert (mark.sensor, mark.value, mark.real) == ("shiqiao-level", 89.90, False)
        assert (mark.by, mark.why) == ("desk-2", "视频里水位正常")
        (entry,) = await town.events("shiqiao", "order.suspect_judged")
        assert (entry["person"], entry["facts"]["why"]) == ("desk-2", "视频里水位正常")
        await town.keeps_reading(85.90, hours=1)


async def test_a_doubt_without_any_reading_before_it_is_closed_by_a_persons_word_too(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        said = {"value": 89.9, "time": town.clock.now().isoformat(), "quality": "suspect"}
        await town.hears("risk/yunxi/shiqiao-level/level", json.dumps(said).encode())
        alert = await town.the_alert()
        town.rang()
        await acts.judge_suspect(town.desk, alert.id, False, "desk-2", "村里说没水")
        assert not (await town.the_alert()).is_active
        seen = await town.store.observations(
            town.desk.actual, "shiqiao-level", town.start, town.clock.now().replace(year=2027)
        )
        assert [o.value for o in seen if o.judges] == []  # no value was made up in its place
