"""What a provider allows: a phone that may not ring yet rings with what is true then, or not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor import acts
from monitor.notify.limits import SMS, Cap
from monitor.workers.deliver import Deliver
from tests.stories.harness import Story, edited, story


async def _held_back(town: Story) -> set[str]:
    """Who has a voice call waiting for its minute."""
    calls = await town.store.calls((await town.the_alert()).id)
    waiting = [c.notification for c in calls if c.state.value == "waiting"]
    return {one.person for one in waiting if one.channel == "voice"}


async def test_a_call_held_back_does_not_ring_after_somebody_answered_for_it(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        town.phones.dead.add("head-hexi")
        await town.reads(87.40)
        assert await _held_back(town) == {"cadre-hexi", "grid-hexi"}
        town.told()
        assert await town.answers("cadre-hexi", town.code_of("grid-hexi")) == "heard"
        assert await _held_back(town) == {"grid-hexi"}  # must answer for a duty of its own as well
        await town.waits(minutes=2)
        assert [who for who, by, _ in town.rang() if by == "voice"] == ["grid-hexi"]


async def test_whoever_answers_spares_the_others_the_call_that_is_still_to_ring(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.40)
        await town.waits(minutes=9)
        await town.clock.wait_until(town.clock.now() + timedelta(seconds=30))
        await town.reads(112.90, "shangyou-level")
        assert town.rang("cadre-hexi", "voice")  # his minute is used
        await town.clock.wait_until(town.clock.now() + timedelta(seconds=40))
        await town.settle()
        assert "cadre-hexi" in await _still_asked(town)
        assert await town.answers("head-hexi", await _code(town, "head-hexi")) == "heard"
        assert "cadre-hexi" not in await _still_asked(town)
        town.told()


async def _code(town: Story, person: str) -> str:
    """What the person was asked for about 石桥站."""
    (alert,) = [a for a in await town.store.alerts(town.desk.actual) if a.site == "shiqiao"]
    asked = [c.notification for c in await town.store.calls(alert.id)]
    return next(one.code for one in asked if one.person == person and one.code)


async def _still_asked(town: Story) -> set[str]:
    """Whom a call of 石桥站 that wants an answer has yet to ring."""
    of_site = [a for a in await town.store.alerts(town.desk.actual) if a.site == "shiqiao"]
    calls = [call for alert in of_site for call in await town.store.calls(alert.id)]
    waiting = [c.notification for c in calls if c.state.value == "waiting"]
    return {one.person for one in waiting if one.channel == "voice" and one.code}


async def test_a_call_held_back_says_the_level_of_when_it_rings(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        town.phones.dead.add("head-hexi")
        await town.reads(87.90)
        assert "cadre-hexi" in await _held_back(town)
        town.told()
        await town.clock.wait_until(town.clock.now() + timedelta(seconds=50))
        await acts.read_gauge(town.desk, "shiqiao", 87.00, "desk-2")
        await town.settle()
        await town.waits(minutes=1)
        (said,) = [text for _, _, text in town.rang("cadre-hexi", "voice")]
        assert "有黄级叫应" in said and "红" not in said
        town.told()


async def test_the_fifty_first_sms_of_a_day_goes_another_way_and_the_journal_says_so(
    tmp_path: Path,
) -> None:
    often = edited(tmp_path, ("service.yaml", "same_level: 1 h", "same_level: 1 min"))
    async with story(tmp_path, settings=often) as town:
        (cap,) = SMS
        assert cap == Cap(50, timedelta(days=1), by_template=True)
        for deliver in town.delivers:
            _tighten(deliver)
        await town.reads(86.55)
        assert town.rang("grid-shiqiao", "sms")
        await town.waits(minutes=14)
        town.told()
        await town.waits(minutes=2)
        assert not town.rang("grid-shiqiao", "sms")
        alert = await town.the_alert()
        (entry,) = await town.events(alert.id, "call.over_cap")
        assert entry["person"] == "grid-shiqiao"
        assert entry["facts"] == {"channel": "sms"}
        town.told()


def _tighten(deliver: Deliver) -> None:
    """One a day instead of fifty: the story would take a day."""
    if deliver.channel == "sms":
        deliver._caps = (Cap(1, timedelta(days=1), by_template=True),)
