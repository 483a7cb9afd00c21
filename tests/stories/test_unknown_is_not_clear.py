"""Line 1 of the promises: what is not known is never taken for calm, and told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor import acts
from monitor.alerting.alerts import Alert
from monitor.alerting.areas import AREA
from monitor.alerting.severity import Condition
from monitor.explaining import explain
from monitor.judging import sites
from monitor.settings import Settings
from tests.stories.harness import DAY, Story, edited, example, story

SECOND = (
    ("places.yaml",
     "  - id: manshui-level\n    name: 漫水桥水位计\n",
     "  - id: shiqiao-second\n    name: 石桥站二号水位计\n    site: shiqiao\n    quantity: level\n"
     "    unit: m\n    interval: 5 min\n  - id: manshui-level\n    name: 漫水桥水位计\n"),
    ("rules.yaml",
     "  - id: shiqiao-level\n    kind: limit\n    hazard: flood\n    sensors: [shiqiao-level]\n",
     "  - id: shiqiao-level\n    kind: limit\n    hazard: flood\n"
     "    sensors: [shiqiao-level, shiqiao-second]\n"),
    ("rules.yaml",
     "    hazard: flood\n    sensors: [shiqiao-level]\n    rising: 0.20\n",
     "    hazard: flood\n    sensors: [shiqiao-level, shiqiao-second]\n    rising: 0.20\n"),
)  # fmt: skip


def condition(town: Story, site: str = "shiqiao") -> Condition | None:
    knowledge, now = town.settings.knowledge, town.clock.now()
    here = knowledge.sites[site]
    return sites.standing(knowledge, town.ingest.memory, town.desk.actual, here, now).condition


async def rises(town: Story, *levels: float, at: str = "shiqiao-level") -> None:
    """Every five minutes a value; then the gauge says nothing more."""
    for level in levels:
        await town.reads(level, at)
        await town.waits(minutes=5)


async def test_a_gauge_that_dies_four_tenths_under_its_first_rung_while_rising_raises(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:  # the first rung is 86.20
        await rises(town, 85.60, 85.70, 85.80)
        await town.waits(minutes=10)
        alert = await town.the_alert()
        assert (alert.condition, alert.severity.name) == (Condition.SILENT_WHILE_RISING, "YELLOW")
        assert condition(town) is Condition.SILENT_WHILE_RISING
        assert town.who_rang() == {"desk-2", "desk-3", "grid-shiqiao"}  # no leader


async def test_a_neighbour_over_its_limit_is_the_second_sign_and_calls_as_real(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await rises(town, 85.60, 85.70, 85.80)
        await town.waits(minutes=10)
        town.rang()
        await town.reads(112.85, "shangyou-level")
        town.rang()  # that gauge's own
        await town.waits(minutes=1)
        alert = next(a for a in await town.store.alerts(town.desk.actual) if a.site == "shiqiao")
        assert (alert.condition, alert.severity.name) == (Condition.SILENT_WHILE_RISING, "ORANGE")
        assert alert.lead.sure and "佐证：准备转移" in alert.lead.basis
        town.rang()
        promised = [call.notification for call in await town.store.calls(alert.id)]
        texts = {one.text for one in promised if one.person == "head-shiqiao"}
        assert any("橙级叫应：石桥站，02:10失联前85.80米有佐证，准备转移。" in t for t in texts)


async def test_rain_at_the_site_is_a_second_sign_too(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        for level in (85.60, 85.70, 85.80):
            await town.reads(level)
            await town.reads(13.0, "shiqiao-rain", "rain")
            await town.waits(minutes=5)
        town.rang()
        for _ in range(2):
            await town.reads(0.0, "shiqiao-rain", "rain")
            await town.waits(minutes=5)
        alert = await town.the_alert()
        assert (alert.condition, alert.severity.name) == (Condition.SILENT_WHILE_RISING, "YELLOW")
        assert alert.lead.sure and "1小时雨量" in alert.lead.basis
        assert "deputy-mayor" in town.who_rang()  # told as yellow is, not as 失联


async def test_a_neighbour_that_is_itself_silent_is_no_sign(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(112.05, "shangyou-level")
        await rises(town, 85.60, 85.70, 85.80)
        await town.waits(minutes=30)
        town.rang()
        found = await town.store.alerts(town.desk.actual)
        assert not any(c.sure for a in found for c in a.contributions.values())


async def storm_takes_the_valley(town: Story) -> None:
    """Three gauges of the catchment, one of them rising, say their last words in three minutes."""
    for level in (85.60, 85.70):
        await town.reads(level)
        await town.reads(110.0, "shangyou-level")
        await town.reads(93.0, "manshui-level")
        await town.waits(minutes=5)
    await town.reads(93.0, "manshui-level")
    await town.waits(minutes=1)
    await town.reads(85.80)
    await town.waits(minutes=2)
    await town.reads(110.0, "shangyou-level")


async def test_three_silent_in_one_catchment_are_one_alert_that_names_each(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await storm_takes_the_valley(town)
        await town.waits(minutes=16)
        (alert,) = await town.store.alerts(town.desk.actual, active=True)
        assert alert.site == f"{AREA}yunxi"
        silent = {sensor for _, sensor in alert.contributions}
        assert silent == {"shiqiao-level", "shangyou-level", "manshui-level"}
        assert (alert.condition, alert.severity.name) == (Condition.SILENT_WHILE_RISING, "YELLOW")
        texts = {text.split("，收到")[0] for _, medium, text in town.rang() if medium == "sms"}
        assert len(texts) <= 2 and all("片区失联：" in text for text in texts)  # told, then worse
        assert condition(town) is Condition.SILENT_WHILE_RISING
        assert condition(town, "manshui") is Condition.SILENT


async def test_the_patrolmen_of_every_silent_site_are_asked_and_one_answer_is_enough(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await storm_takes_the_valley(town)
        await town.waits(minutes=16)
        asked = town.who_rang()
        assert {"desk-2", "desk-3", "grid-shiqiao", "grid-shangxi", "closure-a"} <= asked
        await town.answers("grid-shangxi")
        await town.waits(hours=2)
        town.nothing_rang()


async def test_when_they_speak_again_it_ends_and_who_is_still_silent_is_told_alone(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await storm_takes_the_valley(town)
        await town.waits(minutes=16)
        town.rang()
        for level, gauge in ((110.0, "shangyou-level"), (93.0, "manshui-level")):
            await town.reads(level, gauge)
        await town.waits(minutes=1)
        (alert,) = await town.store.alerts(town.desk.actual, active=True)
        assert (alert.site, alert.condition) == ("shiqiao", Condition.SILENT_WHILE_RISING)
        assert all("测站失联：石桥站" in text for _, _, text in town.rang())
        await town.reads(85.80)
        assert not await town.store.alerts(town.desk.actual, active=True)


async def test_gauges_that_fall_silent_an_hour_apart_are_no_area(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.keeps_reading(93.0, "manshui-level", minutes=5)
        await town.keeps_reading(110.0, "shangyou-level", hours=1)
        await town.keeps_reading(85.0, hours=1)
        await town.waits(hours=1)
        assert not await town.store.alerts(town.desk.actual)


async def test_count_and_window_are_settings(tmp_path: Path) -> None:
    settings = edited(tmp_path, ("service.yaml", "  silent: 3 #", "  silent: 4 #"))
    async with story(tmp_path, settings=settings) as town:
        await storm_takes_the_valley(town)
        await town.waits(minutes=16)
        (alert,) = await town.store.alerts(town.desk.actual, active=True)
        assert alert.site == "shiqiao"
        town.rang()


async def the_area(town: Story) -> Alert:
    (alert,) = await town.store.alerts(town.desk.actual, active=True)
    assert alert.site == f"{AREA}yunxi"
    return alert


async def test_a_restart_leaves_the_area_as_it_stood(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await storm_takes_the_valley(town)
        await town.waits(minutes=16)
        before = (await the_area(town)).contributions
        phones = town.phones
        town.rang()
    async with story(tmp_path, phones=phones) as town:
        await town.waits(minutes=9)
        assert (await the_area(town)).contributions == before
        town.nothing_rang()


async def test_rain_that_comes_late_tells_nobody_anew_of_a_silent_area(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(0.0, "shiqiao-rain", "rain")
        await storm_takes_the_valley(town)
        await town.waits(minutes=6)
        await town.reads(0.2, "shiqiao-rain", "rain")
        await town.waits(minutes=10)
        await the_area(town)
        town.rang()
        for ago in (7, 3, 0):
            await town.reads(0.1, "shiqiao-rain", "rain", ago=timedelta(minutes=ago))
            await town.waits(minutes=1)
        town.nothing_rang()
        await the_area(town)


async def test_a_late_value_leaves_a_silence_as_sure_as_it_was(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(0.0, "shiqiao-rain", "rain")
        await rises(town, 85.60, 85.70, 85.80)
        await town.reads(0.0, "shiqiao-rain", "rain")
        await town.waits(minutes=10)
        await town.reads(112.85, "shangyou-level")
        await town.waits(minutes=4)
        town.rang()
        for ago in (6, 0):
            await town.reads(0.1, "shiqiao-rain", "rain", ago=timedelta(minutes=ago))
            alerts = await town.store.alerts(town.desk.actual, active=True)
            alert = next(one for one in alerts if one.site == "shiqiao")
            assert (alert.severity.name, alert.lead.sure) == ("ORANGE", True)
        eased = await town.events(alert.id, "alert.eased")
        assert not eased
        town.rang()


async def test_a_doubt_and_a_silence_are_waited_for_a_quarter_of_an_hour_by_day(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, DAY) as town:
        await rises(town, 85.60, 85.70, 85.80)
        await town.waits(minutes=10)
        assert town.who_rang() == {"desk-3", "desk-4", "grid-shiqiao"}
        await town.waits(minutes=14)
        town.nothing_rang()
        await town.waits(minutes=1)
        assert "head-shiqiao" in town.who_rang()
        await town.answers("head-shiqiao")


async def test_an_area_whose_gauges_all_left_the_configuration_is_closed(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await storm_takes_the_valley(town)
        await town.waits(minutes=16)
        phones = town.phones
        town.rang()
    async with story(tmp_path, phones=phones, settings=without_levels(example())) as town:
        assert not await town.store.alerts(town.desk.actual, active=True)
        assert all("已停止监测" in text for _, _, text in town.rang())


def without_levels(settings: Settings) -> Settings:
    """The township as if its three rivers had never been gauged."""
    known = settings.knowledge
    gone = ("shiqiao-level", "shangyou-level", "manshui-level")
    sensors = {id: one for id, one in known.sensors.items() if id not in gone}
    rules = {id: one for id, one in known.rules.items() if not one.sensors.keys() & set(gone)}
    directory = replace(known.directory, sensors=sensors)
    fewer = replace(known, sensors=sensors, rules=rules, rules_by_sensor={}, directory=directory)
    return replace(settings, knowledge=fewer)


async def test_a_site_with_two_gauges_uses_the_healthy_one_and_says_so(tmp_path: Path) -> None:
    async with story(tmp_path, settings=edited(tmp_path, *SECOND)) as town:
        for level in (85.60, 85.70, 85.80):
            await town.reads(level)
            await town.reads(level, "shiqiao-second")
            await town.waits(minutes=5)
        await town.keeps_reading(85.80, "shiqiao-second", minutes=30)  # the first one is dead
        town.nothing_rang()
        await town.reads(0.0, "shiqiao-rain", "rain")
        assert condition(town) is Condition.OK
        (said,) = await town.events("shiqiao", "gauge.stands_in")
        assert said["facts"] == {
            "sensor": "shiqiao-level", "used": "shiqiao-second", "because": "SILENT",
        }  # fmt: skip
        await town.waits(minutes=5)
        await town.reads(86.60, "shiqiao-second")
        assert "grid-shiqiao" in town.who_rang()
        why = await explain(town.store, town.settings.knowledge, await town.the_alert())
        (used,) = why.gauges
        assert (used.sensor, used.used, used.because) == (
            "shiqiao-level",
            "shiqiao-second",
            "SILENT",
        )
        await town.reads(86.60)
        await town.waits(minutes=1)
        assert await town.events("shiqiao", "gauge.own_again")
        await town.answers("grid-shiqiao")


async def test_what_a_dead_gauge_held_is_let_go_by_the_healthy_one(tmp_path: Path) -> None:
    async with story(tmp_path, settings=edited(tmp_path, *SECOND)) as town:
        for gauge in ("shiqiao-level", "shiqiao-second"):
            await town.reads(86.60, gauge)
        town.rang()
        await town.answers("grid-shiqiao")
        await town.keeps_reading(86.60, "shiqiao-second", minutes=20)
        await town.keeps_reading(86.00, "shiqiao-second", minutes=10)
        assert not await town.store.alerts(town.desk.actual, active=True)
        town.nothing_rang()


async def test_a_staff_gauge_reading_ends_silence_whoever_enters_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await rises(town, 85.60, 85.70, 85.80)
        await town.waits(minutes=10)
        town.rang()
        await acts.read_gauge(town.desk, "shiqiao", 85.75, "desk-2")
        await town.reads(0.0, "shiqiao-rain", "rain")
        assert condition(town) is Condition.OK
        assert not (await town.the_alert()).is_active
