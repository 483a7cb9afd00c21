"""That a level fell is said while people are out for it, with the minute when it did."""

from __future__ import annotations

from pathlib import Path

from monitor import acts
from monitor.explaining import explain
from tests.stories.harness import story


async def test_nobody_whom_a_stand_down_sent_home_is_told_to_stay_because_the_water_fell(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.40)
        await acts.stand_down(town.desk, (await town.the_alert()).id, "mayor", "已全部转移")
        await town.waits(minutes=2)
        assert any("处置解除" in text for _, _, text in town.rang("head-hexi", "sms"))
        town.told()
        await town.keeps_reading(84.00, hours=1)
        alert = await town.the_alert()
        assert not alert.is_active
        town.nothing_rang()
        found = await explain(town.store, town.settings.knowledge, alert, "head-hexi")
        (fell,) = [call for call in found.people[0].calls if call.use.startswith("fell")]
        assert (fell.result, fell.reason) == ("已撤回", "not sent: the matter had been stood down")


async def test_who_was_called_anew_after_a_stand_down_is_told_that_the_level_fell(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.40)
        await acts.stand_down(town.desk, (await town.the_alert()).id, "mayor", "以为水退了")
        await town.waits(minutes=5)
        await town.reads(87.90)
        town.told()
        await town.keeps_reading(84.00, hours=1)
        assert any("回落" in text for _, _, text in town.rang("head-hexi", "sms"))
        town.told()


async def test_the_minute_said_is_when_the_level_fell_though_its_gauge_had_been_silent(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.40)
        await town.waits(minutes=40)
        town.told()
        await town.reads(84.00)
        (text,) = [text for _, _, text in town.rang("head-hexi", "sms")]
        assert "级别回落：石桥站，02:40已回落到橙级线以下" in text
        town.told()
