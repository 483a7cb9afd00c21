"""The service stops in the middle and is started again: nothing lost, nothing doubled.

- an escalation goes on where it stood, also when the next step fell due meanwhile
- what was promised and not sent goes out once
- an edited policy does not change an escalation that runs
- a site that left `config/` closes its alert and tells those who were told
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.settings import Settings
from tests.stories.harness import NIGHT, edited, example, story


async def test_a_ladder_goes_on_where_it_stood(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        town.rang()
        await town.waits(minutes=10)
        phones = town.phones
    async with story(tmp_path, phones=phones) as town:
        town.nothing_rang()
        await town.waits(minutes=6)
        assert town.who_rang() == {"head-shiqiao"}
        assert await town.answers("head-shiqiao") == "heard"
        await town.keeps_reading(86.60, hours=1)
        assert len({n.promised.id for n in phones.shown}) == len(phones.shown)


async def test_after_an_hour_down_one_step_is_called_and_not_all_at_once(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        town.rang()
        phones = town.phones
    phones.clock.seconds += 3600
    async with story(tmp_path, phones=phones) as town:
        assert town.who_rang() == {"grid-shiqiao", "head-shiqiao"}
        await town.answers("grid-shiqiao")


async def test_what_was_promised_before_the_stop_is_sent_once_after_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        phones = town.phones
        town.delivers, delivers = [], town.delivers
        await town.reads(86.60)
        town.nothing_rang()
        town.delivers = delivers
    async with story(tmp_path, phones=phones) as town:
        assert "grid-shiqiao" in town.who_rang()
        await town.answers("grid-shiqiao")
    async with story(tmp_path, phones=phones) as town:
        await town.waits(minutes=30)


async def test_an_edited_policy_does_not_change_what_runs(tmp_path: Path) -> None:
    slower = (
        "policies.yaml",
        "      wait: 15 min\n      climb: roles\n      climb_roles: [village_head, village_cadre]\n"
        "      media: [sms, wechat]\n      media_by_role: { leader_on_duty: [sms]",
        "      wait: 45 min\n      climb: roles\n      climb_roles: [village_cadre]\n"
        "      media: [sms, wechat]\n      media_by_role: { leader_on_duty: [sms]",
    )
    async with story(tmp_path) as town:
        await town.reads(86.60)
        town.rang()
        phones = town.phones
    async with story(tmp_path, settings=edited(tmp_path, slower), phones=phones) as town:
        await town.waits(minutes=16)
        assert town.who_rang() == {"head-shiqiao"}
        await town.answers("head-shiqiao")


async def test_a_rule_taken_away_closes_its_alert_and_tells_those_who_were_told(
    tmp_path: Path,
) -> None:
    gone = (
        "rules.yaml",
        "  - id: manshui-level\n    kind: limit\n",
        "  - id: manshui-level\n    enabled: false\n    kind: limit\n",
    )
    async with story(tmp_path) as town:
        await town.reads(94.40, "manshui-level")
        told = town.who_rang()
        await town.waits(minutes=1)
        phones = town.phones
    phones.clock.seconds += timedelta(minutes=2).total_seconds()
    async with story(tmp_path, settings=edited(tmp_path, gone), phones=phones) as town:
        ended = {who: text for who, medium, text in town.rang() if medium == "sms"}
        assert set(ended) == told
        assert set(ended.values()) == {
            "【云溪镇政府】监测调整：漫水桥已停止监测，不再自动叫应。"
            "请按原安排值守，听值班室通知，不用回复。"
        }
        assert not (await town.the_alert()).is_active
        await town.waits(hours=1)


def without(site: str) -> Settings:
    """The example without that site, its sensors, its rules and its duties."""
    settings, known = example(), example().knowledge
    sites = {id: one for id, one in known.sites.items() if id != site}
    rules = {id: one for id, one in known.rules.items() if one.site.id != site}
    sensors = {id: one for id, one in known.sensors.items() if one.site != site}
    watching = {id: rules for id, rules in known.rules_by_sensor.items() if id in sensors}
    people = known.directory.people
    duties = {id: one for id, one in people.duties.items() if one.site != site}
    directory = replace(
        known.directory, sites=sites, sensors=sensors, people=replace(people, duties=duties)
    )
    knowledge = replace(
        known,
        sites=sites,
        rules=rules,
        sensors=sensors,
        rules_by_sensor=watching,
        directory=directory,
    )
    return replace(settings, knowledge=knowledge)


async def test_a_site_taken_away_tells_even_those_whose_duty_went_with_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(94.40, "manshui-level")
        told = town.who_rang()
        assert {"closure-a", "closure-b"} <= told
        phones = town.phones
    async with story(tmp_path, settings=without("manshui"), phones=phones) as town:
        await town.waits(minutes=1)
        assert told <= town.who_rang()
        assert not (await town.the_alert()).is_active
        await town.waits(hours=1)


async def test_a_clock_that_ran_ahead_before_the_restart_mutes_no_gauge_after_it(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, NIGHT + timedelta(days=30)) as town:
        await town.reads(85.0)
        await town.reads(86.3, "shangyou-level")
        town.told()
    async with story(tmp_path, NIGHT) as town:
        await town.reads(85.0)
        await town.waits(minutes=10)
        await town.reads(86.6)
        await town.waits(minutes=10)
        await town.reads(87.3)
        assert "head-shiqiao" in town.who_rang()
