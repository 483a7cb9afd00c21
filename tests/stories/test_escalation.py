"""Item 6: who is told, who must answer, how an answer holds and silence climbs, how it ends.

- site and threatened villages, with the water's travel time
- an answer holds the ladder of that duty only
- a vacant and an unreachable step cost no wait
- a superior who has answered is asked again for another's silence
- worsening tells all concerned, old and new, the new action
- falling water: 回落 once; blue and yellow end quietly; stand-down in a person's name
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from monitor import acts
from monitor.errors import ActRefused
from monitor.notify.escalation import LadderState
from tests.stories.harness import Story, edited, story


async def states(town: Story) -> dict[str, tuple[LadderState, str]]:
    """Duty → state and reason of the ladders that were begun last."""
    (last, *_) = reversed(await town.store.escalations_of((await town.the_alert()).id))
    return {one.duty: (one.state, one.reason) for one in last.ladders}


async def test_villages_downstream_are_told_the_minutes_that_are_left(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(113.60, "shangyou-level")
        told = {who: text for who, medium, text in town.rang() if medium == "sms"}
        assert told["head-shangxi"].startswith("【云溪镇政府】红级叫应：上游站")
        for who, minutes, area in (
            ("head-qiaotou", 35, "桥头组"),
            ("head-hexi", 45, "河西组"),
            ("cadre-shiqiao", 50, "沿河组"),
        ):
            assert told[who].startswith(
                f"【云溪镇政府】上游来水：上游站，02:00达红级，约{minutes}分钟到{area}。"
            )
        assert not {who for who in told if who.endswith(("zhukeng", "lingxia"))}


async def test_an_answer_holds_its_own_duty_and_the_others_climb(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.90)
        town.rang()
        for person in ("head-shiqiao", "grid-hexi", "area-west", "deputy-mayor", "mayor"):
            await town.answers(person)
        found = await states(town)
        assert found["head-shiqiao"] == (LadderState.HELD, "head-shiqiao")
        assert found["secretary"][0] is LadderState.CALLING
        assert found["head-hexi"][0] is LadderState.HELD  # its B岗 is 河西村's grid worker
        await town.waits(minutes=5)
        assert {who for who, _, _ in town.rang()} == {"secretary"}
        await town.answers("secretary")
        await town.waits(hours=1)


async def test_a_vacant_duty_is_climbed_over_at_once(tmp_path: Path) -> None:
    vacant = (
        "people.yaml",
        "village: hexi, person: head-hexi, substitute: grid-hexi,",
        "village: hexi,",
    )
    async with story(tmp_path, settings=edited(tmp_path, vacant)) as town:
        await town.reads(87.90)
        called = [text for _, _, text in town.rang("cadre-hexi", "sms") if "上提" in text]
        assert len(called) == 1
        assert "河西村村级责任人无人可叫。请您接手或派人到场" in called[0]
        alert = await town.the_alert()
        reasons = [e["facts"]["reason"] for e in await town.events(alert.id, "route.not_told")]
        assert "vacant" in reasons
        town.rang()


async def test_a_superior_who_has_answered_answers_again_for_anothers_silence(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.90)
        for person in ("head-shiqiao", "grid-hexi", "area-west", "secretary", "mayor"):
            await town.answers(person)
        town.rang()
        await town.waits(minutes=5)
        (asked,) = [text for _, _, text in town.rang("mayor", "sms")]
        assert "分管领导叫1次未应。请您接手" in asked
        town.rang()
        assert await town.answers("mayor") == "heard"
        assert (await states(town))["deputy-mayor"] == (LadderState.HELD, "mayor")
        await town.waits(hours=1)


async def test_no_phone_rings_twice_in_a_minute(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        town.phones.dead.add("head-hexi")
        await town.reads(87.90)
        await town.keeps_reading(88.00, minutes=20)
        rings: dict[str, list[float]] = {}
        for one in town.phones.shown:
            if one.promised.channel == "voice":
                rings.setdefault(one.who, []).append((one.at - town.start).total_seconds())
        gaps = [b - a for times in rings.values() for a, b in pairwise(times)]
        assert min(gaps) >= 60
        assert max(len(times) for times in rings.values()) <= 5  # an hour's most
        said = [(o.at, o.who, o.promised.channel, o.promised.text) for o in town.phones.shown]
        assert len(said) == len(set(said))
        town.rang()


async def test_a_late_answer_still_holds_what_went_to_the_hand_dial_list(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        await town.keeps_reading(86.60, hours=2)
        alert = await town.the_alert()
        assert (await states(town))["patrol-shiqiao"] == (LadderState.DONE, "hand-dial")
        await acts.acknowledge(town.desk, alert.id, "grid-shiqiao", "phone", "desk-2")
        await town.settle()
        assert (await states(town))["patrol-shiqiao"] == (LadderState.HELD, "grid-shiqiao")
        town.rang()


async def test_worse_is_told_to_all_old_and_new_with_what_to_do_now(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.60)
        await town.answers("grid-shiqiao")
        first = town.who_rang()
        await town.waits(minutes=5)
        await town.reads(87.30)
        told = {who: text for who, medium, text in town.rang() if medium == "sms"}
        assert first < set(told)
        assert "由黄级升橙级" in told["grid-shiqiao"] and "老弱先转" in told["grid-shiqiao"]
        assert "橙级叫应" in told["mayor"] and "老弱先转" in told["mayor"]
        alert = await town.the_alert()
        old, new = await town.store.escalations_of(alert.id)
        assert old.code != new.code
        assert {one.state for one in old.ladders} == {LadderState.HELD}


async def test_falling_and_rising_to_what_was_told_calls_nobody_again(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.30)
        for person in ("head-shiqiao", "head-hexi", "grid-hexi", "area-west"):
            await town.answers(person)
        town.rang()
        await town.keeps_reading(87.00, minutes=5)
        fell = town.rang("mayor")
        assert {medium for _, medium, _ in fell} == {"sms", "wechat"}
        assert all("水位回落" in text and "解除" not in text for _, _, text in fell)
        town.rang()
        for level in (87.25, 87.05, 87.30):
            await town.keeps_reading(level, minutes=5)
        assert all("水位回落" in text for _, _, text in town.rang())


async def test_a_stand_down_has_a_name_and_tells_all_who_were_told(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.90)
        told = town.who_rang()
        alert = await town.the_alert()
        await acts.stand_down(town.desk, alert.id, "mayor", "县里通知")
        await town.settle()
        ended = {who: text for who, medium, text in town.rang() if medium == "sms"}
        assert set(ended) == told
        assert "经镇长（示例）同意解除红级处置" in ended["head-hexi"]
        assert await town.answers("head-hexi") == "heard"
        (written,) = await town.events(alert.id, "alert.stood_down")
        assert written["person"] == "mayor"
        with pytest.raises(ActRefused):
            await acts.stand_down(town.desk, alert.id, "secretary")
        await town.waits(hours=1)
