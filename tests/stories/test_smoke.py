"""The thinnest thread: a published reading, and the right phone rings."""

from __future__ import annotations

from pathlib import Path

from tests.stories.harness import story


async def test_a_river_rises_and_the_right_phone_rings(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        called, report = sorted(text for _, _, text in town.rang("duty_officer", "desk"))[::-1]
        assert called.startswith("【云溪镇政府】红级叫应：石桥站，02:00水位87.90米，达立即转移！")
        assert report.startswith("【云溪镇政府】报县提醒：石桥站为红级，请值班员02:30前电话首报")
        assert len({text for _, _, text in town.rang("head-shiqiao", "sms")}) == 1
        await town.answers("mayor")
        alert = await town.the_alert()
        assert [answer.person for answer in await town.store.answers(alert.id)] == ["mayor"]
        town.rang()
