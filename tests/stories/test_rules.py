"""Item 4, each rule kind where people feel it.

- limit: ladder, date ranges, on-delay, off-delay, deadband
- rate: per hour, however often the gauge speaks
- accumulation: sliding windows of rain
- detection: only under water or while closed; one alert per occupation
- silence: see the night of that name
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor import acts
from simulators.cameras import Visit, events
from tests.stories.harness import NIGHT, Story, edited, story


async def severities(town: Story) -> list[str]:
    """Of every alert that stands, worst first."""
    standing = await town.store.alerts(town.desk.actual, active=True)
    return sorted((alert.severity.name for alert in standing), reverse=True)


async def test_a_value_on_the_limit_trips_and_the_deadband_holds_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.50)
        assert "grid-shiqiao" in town.who_rang()
        await town.answers("grid-shiqiao")
        for level, stands in ((86.41, ["YELLOW"]), (86.40, ["YELLOW"]), (86.39, ["BLUE"])):
            await town.waits(minutes=5)
            await town.reads(level)
            assert await severities(town) == stands


async def test_the_flood_limit_of_a_reservoir_is_that_of_the_day(tmp_path: Path) -> None:
    for day, stands in ((15, ["BLUE"]), (16, [])):
        folder = tmp_path / f"{day}"
        folder.mkdir()
        async with story(folder, datetime(2026, 10, day, 4, tzinfo=UTC)) as town:
            await town.reads(148.70, "longtan-level")
            assert await severities(town) == stands
            town.rang()


async def test_delays_are_waited_for_before_anybody_is_called(tmp_path: Path) -> None:
    delayed = (
        "rules.yaml",
        "    sensors: [shiqiao-level]\n    deadband: 0.10\n",
        "    sensors: [shiqiao-level]\n    deadband: 0.10\n    on_delay: 10 min\n"
        "    off_delay: 10 min\n",
    )
    async with story(tmp_path, settings=edited(tmp_path, delayed)) as town:
        await town.reads(86.60)
        await town.keeps_reading(86.60, minutes=5)
        town.nothing_rang()
        await town.keeps_reading(86.60, minutes=5)
        assert "grid-shiqiao" in town.who_rang()
        await town.answers("grid-shiqiao")
        await town.keeps_reading(86.00, minutes=10)
        assert await severities(town) == ["YELLOW"]
        await town.keeps_reading(86.00, minutes=5)
        assert await severities(town) == []


async def test_a_rise_is_told_per_hour_long_before_the_limit(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        for step in range(13):
            await town.reads(110.00 + 0.09 * step, "shangyou-level")
            await town.waits(minutes=5)
        alert = await town.the_alert()
        assert (alert.lead.rule, alert.severity.name) == ("shangyou-rise", "YELLOW")
        assert alert.lead.rate is not None and round(alert.lead.rate, 2) == 1.08
        assert "grid-shangxi" in town.who_rang()


async def test_rain_is_summed_over_a_sliding_window(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        for _ in range(5):
            await town.reads(8.0, "beishan-rain", "rain")
            await town.waits(minutes=5)
        texts = {text for _, _, text in town.rang("duty_officer")}
        assert texts == {
            "【云溪镇政府】蓝级关注：北山坡，02:20，1小时雨量达40毫米。请留意、保持手机畅通，收到回949。"
        }
        town.rang()
        for _ in range(13):
            await town.reads(0.0, "beishan-rain", "rain")
            await town.waits(minutes=5)
        assert await severities(town) == []


async def visits(town: Story, lasts: timedelta, label: str = "person") -> None:
    """Somebody is on the ford from now on; the camera tells all of it as it happens."""
    visit = Visit("manshui", "bridge", town.clock.now(), lasts, label)
    for said in events(visit):
        minutes = (said.at - town.clock.now()) / timedelta(minutes=1)
        await town.waits(minutes=max(0.0, minutes))
        await town.hears(said.topic, said.payload)


async def test_people_on_a_dry_bridge_are_nobodys_business(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(93.0, "manshui-level")
        await visits(town, timedelta(seconds=40))
        assert await severities(town) == []


async def test_one_crossing_under_water_is_one_alert_and_rings_both_ends(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(94.35, "manshui-level")
        await town.answers("closure-a")
        town.rang()
        await visits(town, timedelta(seconds=40))
        assert town.who_rang("voice") == {
            "closure-a", "closure-b", "head-qiaotou", "desk-2", "desk-3",
        }  # fmt: skip
        crossings = [
            alert
            for alert in await town.store.alerts(town.desk.actual)
            if alert.hazard == "ford_person"
        ]
        assert len(crossings) == 1 and not crossings[0].is_active


async def test_nobody_answers_for_the_bridge_and_the_police_are_called_in_three_minutes(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await acts.close_site(town.desk, "manshui", True, "desk-2")
        visit = Visit("manshui", "bridge", town.clock.now(), timedelta(minutes=4))
        await town.hears("frigate/events", next(iter(events(visit))).payload)
        first = town.rang("closure-a", "sms")
        assert [text.split("，收到")[0] for _, _, text in first] == [
            "【云溪镇政府】有人上桥：漫水桥，02:00桥面过水，画面有人。请马上喊话劝离、两头封桥，不得下水"
        ]
        town.rang()
        await town.waits(minutes=3)
        called = {who: text for who, medium, text in town.rang() if medium == "sms"}
        assert called["police"] == called["cadre-qiaotou"]
        assert called["police"].startswith("【云溪镇政府】叫应上提：漫水桥有人上桥，")
        await town.answers("police")
        await town.waits(minutes=9)
        town.nothing_rang()


async def test_a_camera_repeats_itself_and_calls_once(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await acts.close_site(town.desk, "manshui", True, "desk-2")
        visit = Visit("manshui", "bridge", NIGHT, timedelta(minutes=1))
        new = json.loads(next(iter(events(visit))).payload)
        body = json.dumps(new).encode()
        for _ in range(3):
            await town.hears("frigate/events", body)
        assert len(town.rang("closure-a", "voice")) == 1
        town.rang()
