"""The store was put back from a backup while people were being called for what stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor import acts
from monitor.hand_dial import HandDial, hand_dial
from monitor.store.backup import backup, restore
from tests.stories.harness import Phones, Story, story

RED = 87.9


async def put_back(folder: Path, *, by_hand: bool = False) -> Phones:
    """Red is called for and nobody has answered; then the machine is gone. Twenty minutes later
    `folder` holds what was put back."""
    lost = folder / "lost"
    lost.mkdir()
    async with story(lost) as town:
        if by_hand:
            await acts.call_by_hand(town.desk, "longtan", "red", "坝脚渗水", "县防办", "desk-2")
        else:
            await town.reads(RED)
        await town.waits(minutes=2)
        backup(lost / "story.sqlite", folder / "copy.sqlite")
        town.told()
        phones = town.phones
    (folder / "story.key").write_bytes((lost / "story.key").read_bytes())
    restore(folder / "copy.sqlite", folder / "story.sqlite")
    await phones.clock.wait_until(phones.clock.now() + timedelta(minutes=20))
    return phones


async def the_list(town: Story) -> HandDial:
    return await hand_dial(town.store, town.settings.knowledge, town.clock.now())


async def test_red_of_a_gauge_that_is_silent_since_is_called_anew_by_time_alone(
    tmp_path: Path,
) -> None:
    phones = await put_back(tmp_path)
    before = {(one.who, one.promised.text) for one in phones.shown}
    async with story(tmp_path, phones=phones) as town:
        await town.waits(minutes=4)
        town.nothing_rang()  # a gauge that lives would have spoken by the next minute
        assert "head-shiqiao" in {line.person for line in (await the_list(town)).lines}
        await town.waits(minutes=1)
        anew = town.rang()
        assert {"head-shiqiao", "mayor"} <= {who for who, medium, _ in anew if medium == "voice"}
        texts = {text for who, medium, text in anew if (who, medium) == ("shelter", "sms")}
        assert texts == {
            "【云溪镇政府】红级叫应：石桥站，02:00水位87.90米，后无数据，立即转移！"
            "请马上转移沿河组群众，不用回复。"
        }
        assert not before & {(who, text) for who, medium, text in anew if medium == "sms"}
        assert (await the_list(town)).lines == (), "the phones ring: nobody is dialled by hand"
        await town.answers("head-shiqiao")
        town.told()


async def test_a_restart_between_the_restore_and_the_call_loses_neither(tmp_path: Path) -> None:
    phones = await put_back(tmp_path)
    async with story(tmp_path, phones=phones) as town:
        await town.waits(minutes=3)
    async with story(tmp_path, phones=phones) as town:
        await town.waits(minutes=2)
        assert "head-shiqiao" in town.who_rang()
    async with story(tmp_path, phones=phones) as town:
        await town.waits(minutes=1)
        assert "shelter" not in town.who_rang(), "once"


async def test_what_a_person_called_for_is_called_anew_at_once(tmp_path: Path) -> None:
    phones = await put_back(tmp_path, by_hand=True)
    async with story(tmp_path, phones=phones) as town:
        await town.waits(minutes=1)
        texts = [text for who, _, text in town.rang() if who == "area-west"]
        assert any("02:00起县防办报" in text for text in texts)


async def test_a_gauge_that_speaks_calls_at_once_and_once(tmp_path: Path) -> None:
    phones = await put_back(tmp_path)
    async with story(tmp_path, phones=phones) as town:
        await town.waits(minutes=1)
        await town.reads(RED + 0.2)
        texts = [text for who, _, text in town.rang() if who == "shelter"]
        assert any("02:23水位88.10米" in text for text in texts)
        await town.waits(minutes=8)
        assert "shelter" not in town.who_rang()


async def test_who_stands_it_down_meanwhile_spares_the_call(tmp_path: Path) -> None:
    phones = await put_back(tmp_path)
    async with story(tmp_path, phones=phones) as town:
        alert = await town.the_alert()
        await acts.stand_down(town.desk, alert.id, "mayor", "已转移", "desk-2")
        await town.settle()
        town.told()
        assert (await the_list(town)).lines == ()
        await town.waits(minutes=6)
        await town.reads(RED)
        assert not [text for _, _, text in town.rang() if "红级叫应" in text]
