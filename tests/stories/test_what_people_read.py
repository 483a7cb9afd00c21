"""What people read is true, short and said once."""

from __future__ import annotations

from pathlib import Path

from monitor import acts
from tests.stories.harness import story


async def test_after_a_lull_at_yellow_the_county_hears_a_second_report(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.40)
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
        redialled = [text for _, _, text in town.rang("head-shiqiao", "sms")]
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
