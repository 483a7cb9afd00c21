"""What a worse message has overtaken is not told after it as if it were news."""

from __future__ import annotations

from pathlib import Path

from monitor.alerting.severity import Severity
from monitor.explaining import explain
from tests.stories.harness import Story, story


async def _rises_to_red_within_a_minute(town: Story) -> None:
    for level in (87.20, 87.80, 87.86):
        await town.reads(level)
        await town.waits(minutes=0.3)


async def test_a_first_report_that_was_held_back_is_not_told_after_the_second(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await _rises_to_red_within_a_minute(town)
        await town.waits(minutes=30)
        reports = [text for _, _, text in town.rang("desk-2", "sms") if "报县" in text]
        assert len(reports) == 1 and "升为红级" in reports[0]
        alert = await town.the_alert()
        found = await explain(town.store, town.settings.knowledge, alert, "desk-2")
        (first,) = (c for c in found.people[0].calls if (c.use, c.medium) == ("report", "短信"))
        assert (first.result, first.tries) == ("已撤回", ())
        assert first.reason.startswith("not sent: a later report of the same matter")
        town.told()


async def test_nobody_is_given_digits_of_a_lower_level_after_those_of_a_higher(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await _rises_to_red_within_a_minute(town)
        await town.waits(minutes=30)
        highest: dict[tuple[str, str, bool], Severity] = {}
        for promised in (one.promised for one in town.phones.shown):
            if promised.code and not promised.use.startswith("superior"):
                is_report = promised.use.startswith("report")
                key = (promised.person, promised.channel, is_report)
                assert promised.severity >= highest.get(key, Severity.NORMAL), promised.text
                highest[key] = promised.severity
        assert Severity.RED in highest.values()
        town.told()
