"""The digits of one matter answer no other: of calls, of reports, of the end."""

from __future__ import annotations

from pathlib import Path

from monitor import acts
from tests.stories.harness import story


async def test_the_digits_of_a_report_are_in_use_like_those_of_a_call(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        outcome = await town.reads(87.3)
        promised = {one.code for one in outcome.notifications} - {""}
        assert len(promised) == 2  # to answer the call, and to say that it was reported
        in_use = town.ingest.memory.codes
        assert in_use[(await town.the_alert()).id] == promised
        town.told()
    async with story(tmp_path, phones=town.phones) as again:
        assert again.ingest.memory.codes == in_use
        again.told()


async def test_the_digits_of_a_stand_down_are_never_those_of_a_call(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.3)
        called = {one.promised.code for one in town.phones.shown} - {""}
        await acts.stand_down(town.desk, "shiqiao", "mayor")
        await town.waits(minutes=2)
        ended = {one.promised.code for one in town.phones.shown} - called - {""}
        assert {len(code) for code in called} == {3} and {len(code) for code in ended} == {4}
        town.told()
