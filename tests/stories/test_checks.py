"""Item 8: the scheduled checks, as their owners meet them.

- first start lists and sends nothing; afterwards one bundle an owner, in office hours
- not while an orange or red alert is open, except what makes a red alert unreachable
- a weekly reminder; it closes itself when the cause is gone
- each check: quarter's drill, season's drill, drill due, plan expired, plan expiring, letter or
  confirmation, duty without a person, person without a channel, roster gap, sensor silent
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.settings import Settings
from tests.stories.harness import Story, edited, example, story

ZONE = ZoneInfo("Asia/Shanghai")
THURSDAY = datetime(2026, 7, 16, 10, 10, tzinfo=ZONE)


def expired(settings: Settings) -> Settings:
    """The flood plan ran out the day before."""
    plans = tuple(
        plan.model_copy(update={"expires": date(2026, 7, 15)}) if plan.id == "flood-2025" else plan
        for plan in settings.plans
    )
    return replace(settings, plans=plans)


async def listed(town: Story) -> set[tuple[str, str]]:
    """(check, subject) of what stands."""
    found = await town.store.open_findings(town.desk.actual)
    return {(one.finding.check, one.finding.subject) for one in found}


async def listens(town: Story) -> None:
    """Every sensor has just spoken, so that none is silent."""
    for sensor, quantity, value in (
        ("shangyou-level", "level", 110.0), ("shiqiao-level", "level", 85.0),
        ("manshui-level", "level", 93.0), ("longtan-level", "level", 147.0),
        ("shangyou-rain", "rain", 0.0), ("shiqiao-rain", "rain", 0.0),
        ("longtan-rain", "rain", 0.0), ("beishan-rain", "rain", 0.0),
        ("beishan-move", "displacement", 1.0),
    ):  # fmt: skip
        await town.reads(value, sensor, quantity)


async def jumps(town: Story, when: datetime) -> None:
    """Nothing happens until then, and all sensors speak."""
    await town.clock.wait_until(when)
    await listens(town)


async def test_the_first_start_lists_and_a_week_later_the_owner_is_told(tmp_path: Path) -> None:
    async with story(tmp_path, THURSDAY, settings=expired(example())) as town:
        assert (await town.sweeps()).first
        assert ("plan_expired", "flood-2025") in await listed(town)
        town.nothing_rang()
        await jumps(town, THURSDAY + timedelta(days=7))
        await town.sweeps()
        assert ("emergency-office", "sms") in {(who, by) for who, by, _ in town.rang()}


async def test_news_waits_for_office_hours_and_goes_once_in_one_bundle(tmp_path: Path) -> None:
    evening = THURSDAY.replace(hour=20)
    async with story(tmp_path, evening) as town:
        await town.sweeps()
        phones = town.phones
    async with story(tmp_path, phones=phones, settings=expired(example())) as town:
        await town.sweeps()
        town.nothing_rang()
        await jumps(town, THURSDAY + timedelta(days=1))
        await town.sweeps()
        told = [text for _, _, text in town.rang("emergency-office", "sms")]
        assert told == [
            "【云溪镇政府】预案提醒：防汛防台风预案已于7月15日到期，请应急站于8月14日前修订报批备案。"
            "新案印发前仍按原案执行。"
        ]
        await town.sweeps()
        town.nothing_rang()
    async with story(tmp_path, phones=phones) as town:
        await jumps(town, THURSDAY + timedelta(days=4))
        await town.sweeps()
        assert ("plan_expired", "flood-2025") not in await listed(town)


async def test_nobody_is_reminded_while_orange_stands(tmp_path: Path) -> None:
    async with story(tmp_path, THURSDAY) as town:
        await town.sweeps()
        phones = town.phones
    async with story(tmp_path, phones=phones, settings=expired(example())) as town:
        await town.reads(87.30)
        for person in ("head-shiqiao", "head-hexi", "grid-hexi", "deputy-mayor"):
            await town.answers(person)
        town.rang()
        await town.sweeps()
        town.nothing_rang()


async def test_what_makes_a_red_alert_unreachable_is_told_at_night_and_in_the_flood(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, THURSDAY.replace(hour=2)) as town:
        await town.sweeps()
        town.phones.dead.add("mayor")
        await town.reads(87.90)
        town.rang()
        await town.sweeps()
        assert ("person_unreachable", "mayor") in await listed(town)
        assert {who for who, _, _ in town.rang()} == {"desk-3"}
        await town.sweeps()
        town.nothing_rang()


async def test_a_dead_phone_found_by_a_call_is_its_owners_finding(tmp_path: Path) -> None:
    async with story(tmp_path, THURSDAY) as town:
        await town.sweeps()
        town.phones.dead.add("head-hexi")
        await town.reads(86.60)
        await town.answers("grid-shiqiao")
        town.rang()
        await town.sweeps()
        assert ("person_unreachable", "head-hexi") in await listed(town)
        await town.waits(minutes=1)
        assert any("河西村" in text for _, _, text in town.rang())


async def test_a_silent_sensor_closes_itself_when_it_speaks(tmp_path: Path) -> None:
    async with story(tmp_path, THURSDAY) as town:
        await town.waits(minutes=40)
        await town.sweeps()
        assert ("sensor_silent", "shiqiao-level") in await listed(town)
        await town.reads(85.0)
        await town.sweeps()
        assert ("sensor_silent", "shiqiao-level") not in await listed(town)
        town.rang()


OTHER, FLOOD, PEOPLE = "plans/other.yaml", "plans/flood.yaml", "people.yaml"
NO_DRILL_IN_Q3 = (OTHER, "day: 2026-08-27", "day: 2025-08-27")
NO_FLOOD_DRILL_SINCE = (FLOOD, "day: 2026-11-05", "day: 2025-11-05")
NOBODY_IN_THE_CLINIC = (PEOPLE, "title: 卫生院, person: clinic,", "title: 卫生院,")
CAUSES = {
    "quarter_drill": (datetime(2026, 9, 20, 10, tzinfo=ZONE), NO_DRILL_IN_Q3),
    "season_drill": (datetime(2027, 4, 10, 10, tzinfo=ZONE), NO_FLOOD_DRILL_SINCE),
    "drill_due": (datetime(2027, 5, 1, 10, tzinfo=ZONE), None),
    "plan_expiring": (datetime(2027, 8, 10, 10, tzinfo=ZONE), None),
    "plan_expired": (datetime(2027, 9, 2, 10, tzinfo=ZONE), None),
    "letter": (datetime(2027, 4, 1, 10, tzinfo=ZONE), None),
    "duty_vacant": (datetime(2026, 7, 16, 10, tzinfo=ZONE), NOBODY_IN_THE_CLINIC),
    "roster_gap": (datetime(2025, 12, 31, 20, tzinfo=ZONE), None),
}


@pytest.mark.parametrize("check", CAUSES)
async def test_each_check_finds_its_fault(tmp_path: Path, check: str) -> None:
    day, edit = CAUSES[check]
    settings = edited(tmp_path, edit) if edit else None
    async with story(tmp_path, day, settings=settings) as town:
        await town.sweeps()
        assert check in {name for name, _ in await listed(town)}
