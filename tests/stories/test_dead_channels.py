"""Line 10: what waits on a dead channel takes another way; where all are dead nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor import acts
from monitor.ingest.message import Message
from monitor.notify.bundling import PRESSED
from monitor.notify.channel import Medium
from monitor.notify.delivery import Delivery
from monitor.notify.instead import by
from monitor.store.tables import notifications
from tests.stories.harness import Story, edited, story
from tests.stories.test_storm import ONE_PATROL

OUTSIDE = {Medium.SMS, Medium.VOICE, Medium.WECHAT}


async def unsent(town: Story, value: float) -> None:
    """A reading is kept and everything promised; then the power goes before anything is sent."""
    body = json.dumps({"value": value, "time": town.clock.now().isoformat()}).encode()
    message = Message("risk/yunxi/shiqiao-level/level", body, town.clock.now(), False)
    await town.ingest.take([message])


async def names(town: Story) -> dict[str, str]:
    known = await town.store.channel_health()
    return {id: "dead" if one.is_down else one.state.value for id, one in known.items()}


async def waiting(town: Story) -> set[str]:
    """Everybody for whom something is still to go out, by itself or told with others."""
    unsent = notifications.c.state.in_((Delivery.HELD, Delivery.WAITING))
    rows = sa.select(notifications.c.person).where(unsent)
    return await town.store.run(lambda conn: set(conn.execute(rows).scalars()))


async def test_who_would_have_been_texted_is_told_another_way_at_once(tmp_path: Path) -> None:
    for name in ("sound", "silent"):
        (tmp_path / name).mkdir()
    async with story(tmp_path / "sound") as town:
        await town.reads(87.9)
        wanted = {person for person, medium, _ in town.rang() if medium == "sms"}
    async with story(tmp_path / "silent") as town:
        town.phones.silent = {Medium.SMS}
        await town.reads(87.9)
        rang = town.rang()
        assert {person for person, medium, _ in rang if medium in ("voice", "wechat")} >= wanted
        assert (await names(town))["sms"] == "dead"
        assert [e["facts"] for e in await town.events("sms")] == [{"reason": "通道失败"}]


async def test_a_message_moves_in_the_words_of_its_new_medium(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        town.phones.silent = {Medium.SMS, Medium.WECHAT}
        await town.reads(87.9)
        spoken = [text for _, medium, text in town.rang() if medium == "voice"]
        assert spoken and not any("【" in text for text in spoken)


async def test_when_all_are_dead_for_six_hours_nothing_expires_and_it_goes_out_after(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        town.phones.silent = set(OUTSIDE)
        await town.reads(87.9)
        town.rang("duty_officer")
        town.nothing_rang()
        assert set((await names(town)).values()) == {"dead"}
        said = [event for by in OUTSIDE for event in await town.events(by, "channel.none_left")]
        assert len(said) == 1
        held = await waiting(town)
        assert held >= set(town.settings.knowledge.directory.people.persons) & {"mayor", "desk-3"}
        await town.keeps_reading(87.9, hours=6)
        town.rang("duty_officer")
        town.nothing_rang()
        still = await waiting(town)
        assert still >= held, "who waited waits"
        town.phones.silent = set()
        await town.keeps_reading(87.9, hours=1)  # a phone that was tried in vain may ring hourly
        rang = town.rang()
        assert {person for person, _, _ in rang} >= still
        read = [(who, text) for who, by, text in rang if by != "voice"]
        assert all(
            "补发" in text and "现为红级" in text for who, text in read if "报县" not in text
        )
        assert await town.store.held_promises() == []
        assert "ok" in (await names(town)).values()


async def test_what_is_over_the_limit_of_texts_is_not_handed_to_a_dead_phone_and_back_for_ever(
    tmp_path: Path,
) -> None:
    few = ("service.yaml", "per_hour: 6", "per_hour: 1")
    async with story(tmp_path, settings=edited(tmp_path, *ONE_PATROL, few)) as town:
        town.phones.silent = {Medium.VOICE}
        await town.reads(86.60)
        await town.reads(94.50, "manshui-level")
        await town.waits(minutes=10)
        assert (await names(town))["voice"] == "dead"
        mine = sa.select(notifications.c.reason).where(notifications.c.person == "grid-shiqiao")
        reasons = await town.store.run(lambda conn: list(conn.execute(mine).scalars()))
        assert PRESSED in reasons, "the next is called"
        assert len(reasons) < 12
        town.told()


@pytest.mark.parametrize("left", [Medium.SMS, Medium.VOICE])
async def test_what_waits_for_a_channel_that_left_the_settings_takes_another_way(
    tmp_path: Path, left: Medium
) -> None:
    async with story(tmp_path) as town:
        await unsent(town, 87.9)
    known = town.settings.knowledge
    rest = tuple(one for one in known.directory.channels if one.medium is not left)
    fewer = replace(known, directory=replace(known.directory, channels=rest))
    async with story(
        tmp_path, settings=replace(town.settings, knowledge=fewer), phones=town.phones, wired=True
    ) as town:
        rang = town.rang()
        assert "mayor" in {person for person, _, _ in rang}
        assert not any("【" in text for _, by, text in rang if by == "voice")
        gone = sa.select(notifications.c.state).where(notifications.c.channel == str(left))
        states = await town.store.run(lambda conn: set(conn.execute(gone).scalars()))
        assert Delivery.WAITING not in states


async def test_a_call_for_a_channel_that_left_the_settings_is_written_where_it_is_read(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        town.told()
        call = next(s.promised for s in town.phones.shown if s.promised.channel == "voice")
        known = town.settings.knowledge.directory
        without = replace(known, channels=tuple(c for c in known.channels if c.id != call.channel))
        sms, alert = without.channel(Medium.SMS), await town.the_alert()
        assert sms is not None
        text = by(without, call, sms, alert, town.clock.now())
        assert text is not None and text.text.startswith("【云溪镇政府】")


async def test_a_dead_channel_is_dead_after_a_restart_and_asked_at_once(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        town.phones.silent = set(OUTSIDE)
        await town.reads(87.9)
        phones = town.phones
        town.rang("duty_officer")
    phones.silent = set()
    async with story(tmp_path, phones=phones) as town:
        assert town.rang()
        # a number that was rung in vain a moment ago is rung again when its minute is over
        assert {one.channel for one in await town.store.held_promises()} <= {"voice"}
        await town.waits(minutes=1)
        assert await town.store.held_promises() == [] and town.rang()


async def test_that_it_is_over_is_never_spoken_as_a_call(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        town.rang()
        town.phones.silent = {Medium.SMS, Medium.WECHAT}
        await acts.stand_down(town.desk, "shiqiao", "mayor", "水已退", "desk-2")
        await town.waits(minutes=2)
        spoken = {text for _, medium, text in town.rang() if medium == "voice"}
        assert spoken == {
            "云溪镇防指通知。石桥站二点整，红级处置已解除。请看短信，或打值班室电话。"
            "听清按1，要支援按2，重听按3。"
        }
