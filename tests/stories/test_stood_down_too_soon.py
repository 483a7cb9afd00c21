"""A leader ended the matter while the water still stood: what comes after is a matter again."""

from __future__ import annotations

from pathlib import Path

from monitor import acts
from monitor.alerting.severity import Severity
from monitor.notify.escalation import LadderState
from tests.stories.harness import Story, story


async def _ended_at_orange(town: Story) -> None:
    await town.reads(87.3)
    await acts.stand_down(town.desk, (await town.the_alert()).id, "mayor", "以为水退了")
    await town.settle()
    town.told()
    await town.waits(minutes=10)
    town.told()


async def _red_ladders_call(town: Story) -> None:
    alert = await town.the_alert()
    assert "head-hexi" in town.who_rang("sms")
    since = town.clock.now()
    begun = [one for one in await town.store.ladders_of(alert.id) if one.opened_at == since]
    assert {one.severity for one in begun} == {Severity.RED}
    assert LadderState.CANCELLED not in {one.state for one in begun}


async def test_water_that_rises_after_a_stand_down_calls_until_somebody_answers(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await _ended_at_orange(town)
        await town.reads(87.9)
        await _red_ladders_call(town)


async def test_water_that_falls_after_a_stand_down_and_comes_back_calls_again(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        await town.keeps_reading(86.6, hours=2)
        await acts.stand_down(town.desk, (await town.the_alert()).id, "mayor", "水已退")
        await town.settle()
        await town.keeps_reading(87.0, minutes=10)
        town.told()
        await town.waits(minutes=5)
        await town.reads(87.9)
        await _red_ladders_call(town)


async def test_what_was_ended_too_soon_can_be_ended_again(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await _ended_at_orange(town)
        await town.reads(87.9)
        town.told()
        alert = await town.the_alert()
        await acts.stand_down(town.desk, alert.id, "mayor", "水已退")
        await town.settle()
        assert "处置解除" in town.rang("desk-2", "sms")[-1][2]
        ladders = await town.store.ladders_of(alert.id)
        assert {one.state for one in ladders} <= {LadderState.CANCELLED, LadderState.HELD}
        assert await town.store.stood_down(alert.id) is not None
        town.told()
