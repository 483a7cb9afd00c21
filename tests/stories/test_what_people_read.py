"""What people read is true, short and said once."""

from __future__ import annotations

from pathlib import Path

from monitor import acts
from monitor.alerting.severity import Severity
from monitor.notify.escalation import LadderState
from tests.stories.harness import edited, story


async def test_after_a_lull_at_yellow_the_county_hears_a_second_report(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.40)
        await town.waits(minutes=1)
        assert any("电话首报县防办" in text for _, _, text in town.rang("desk-2", "sms"))
        await town.keeps_reading(86.90, minutes=30)
        await town.keeps_reading(87.85, minutes=10)
        said = [text for _, _, text in town.rang("desk-2", "sms") if "县防办" in text]
        assert said and all("电话续报县防办" in text for text in said)
        town.told()


async def test_a_call_by_hand_at_the_same_level_hides_no_measured_level(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await acts.call_by_hand(town.desk, "shiqiao", "orange", "上游来水", "县防办", "desk-2")
        await town.settle()
        town.told()
        await town.reads(87.40)
        town.nothing_rang()
        await town.waits(minutes=11)
        redialled = [text for _, _, text in town.rang("area-west", "wechat")]
        assert any("02:00水位87.40米" in text for text in redialled)
        town.told()


async def test_a_stand_down_counts_persons_not_the_screen(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.55)
        told = {who for who, _, _ in town.rang()} - {"duty_officer", ""}
        alert = await town.the_alert()
        said = await acts.stand_down(town.desk, alert.id, "mayor")
        assert f"已通知 {len(told)} 人" in said
        await town.settle()
        town.told()


async def test_who_is_called_higher_up_is_not_reminded_beside(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.90)
        town.told()
        for _ in range(4):
            await town.waits(minutes=5)
            read = [(who, by) for who, by, _ in town.rang() if by in ("sms", "wechat")]
            assert len(read) == len(set(read))


async def test_the_desk_hears_when_everybody_was_called_in_vain(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.55)
        await town.waits(minutes=59)
        assert not [text for _, by, text in town.rang() if by == "desk" and "手拨名单" in text]
        await town.waits(minutes=2)
        assert [text for _, _, text in town.rang("duty_officer", "desk")] == [
            "【云溪镇政府】手拨名单：石桥站为黄级，石桥站巡查责任人叫遍未联系上。"
            "请照值班台名单拨打或派人上门，联系上后登记。"
        ]
        town.told()
        await town.waits(hours=2)
        assert town.who_rang() == {"head-shiqiao", "cadre-shiqiao"}  # the hour's reminders


async def test_a_desk_that_does_not_answer_at_blue_is_not_told_to_dial_itself(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.25)
        assert all("收到回" in text for who, _, text in town.rang() if who.startswith("desk-"))
        await town.keeps_reading(86.25, hours=1)
        town.nothing_rang()


async def test_the_desk_holds_its_own_ladder_at_blue_by_the_digits(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.25)
        assert await town.answers("desk-2") == "heard"
        (ladder,) = await town.store.ladders_of((await town.the_alert()).id)
        assert (ladder.state, ladder.reason) == (LadderState.HELD, "desk-2")
        town.told()


async def test_a_call_for_a_village_names_it_to_everybody_and_says_why(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        because = "上游水库泄洪，四十分钟后到"
        said = await acts.call_by_hand(town.desk, "hexi", "red", because, "县防办", "desk-2")
        assert said.startswith("河西村：红级叫应已发出")
        await town.settle()
        read = {who: text for who, by, text in town.rang() if by in ("sms", "desk")}
        assert read["mayor"] == (
            "【云溪镇政府】红级叫应：河西村，02:00接县防办报：上游水库泄洪。"
            f"请马上转移河西组群众并报人数，收到回{town.code_of('mayor')}。"
        )
        calls = {who: text for who, text in read.items() if "红级叫应" in text}
        assert {"head-hexi", "secretary", "duty_officer"} <= calls.keys()
        assert all("河西村" in text and "上游水库泄洪" in text for text in calls.values())
        await acts.stand_down(town.desk, (await town.the_alert()).id, "mayor")
        await town.waits(minutes=2)
        assert "处置解除：河西村" in town.rang("head-hexi", "sms")[0][2]
        town.told()


async def test_a_superior_reads_how_often_a_duty_was_really_called(tmp_path: Path) -> None:
    """A reminder that a limit held back rang no phone. In a township that only texts, most do."""
    rung = "media: [sms, wechat, voice]\n      media_by_role:\n        mayor: [voice, sms]\n"
    only_texts = (
        "policies.yaml",
        rung,
        "media: [sms]\n      media_by_role:\n        mayor: [sms]\n",
    )
    async with story(tmp_path, settings=edited(tmp_path, only_texts)) as town:
        duties = town.settings.knowledge.directory.people.duties.values()
        titles = {duty.title: duty.id for duty in duties}
        await town.reads(87.40)
        await town.waits(minutes=59)
        said = 0
        for climb in town.phones.shown:
            count, duty = climb.promised.variables.get("n"), climb.promised.variables.get("duty")
            if count is None or duty not in titles:
                continue
            calls = {
                (call.promised.step, call.promised.round)
                for call in town.phones.shown
                if call.promised.duty == titles[duty] and call.at < climb.at
            }
            assert int(count) == len(calls), climb.promised.text
            said += 1
        assert said > 3
        town.told()


async def test_a_reminder_that_was_held_back_alone_is_no_bundle(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.55)
        await town.waits(minutes=61)
        town.told()
        await town.waits(hours=1)
        assert [text for _, _, text in town.rang("cadre-shiqiao", "sms")] == [
            "【云溪镇政府】叫应上提：石桥站为黄级，石桥站巡查责任人叫1次未应。"
            f"请您接手或派人到场，收到回{town.code_of('cadre-shiqiao')}。"
        ]
        assert ["共2条" in text for _, _, text in town.rang("head-shiqiao", "sms")] == [True]
        town.told()


async def test_a_call_for_a_second_village_takes_back_nothing_and_says_what_it_did(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await acts.call_by_hand(town.desk, "hexi", "red", "泄洪", "县防办", "desk-2")
        await town.waits(minutes=1)
        town.told()
        said = await acts.call_by_hand(town.desk, "shiqiao", "yellow", "水浑", "县防办", "desk-2")
        assert said.startswith("石桥站：黄级没有新发叫应，石桥站已叫过")
        await town.settle()
        town.nothing_rang()
        alert = await town.the_alert()
        assert (alert.severity, alert.lead.basis) == (Severity.RED, "泄洪")
        await town.waits(minutes=4)
        again = [text for _, by, text in town.rang() if by == "sms"]
        assert again and all("石桥站" in text for text in again)
