from __future__ import annotations

from datetime import date, datetime

from monitor.readiness.calendar import Season
from monitor.readiness.checks.season_drill import CHECK, Parameters
from monitor.readiness.finding import Finding
from tests.readiness.township import facts, held, local, plan

PLANS = (plan("flood"), plan("fire", hazard="fire"))


def found(now: datetime, *drills: object, **changes: object) -> tuple[Finding, ...]:
    return CHECK.find(facts(plans=PLANS, drills=drills, **changes), Parameters(), now)


def test_no_flood_drill_before_the_season_is_told_ahead_of_its_start() -> None:
    assert found(local("2026-02-28")) == ()
    (finding,) = found(local("2026-03-01"))
    assert finding.key == ("season_drill", "flood", "2026-04-15")
    assert finding.due == date(2026, 4, 14)
    assert finding.text == "2026年汛前还没有防汛演练记录，4月15日入汛"
    assert finding.variables["period"] == "2026年汛前"


def test_a_drill_since_the_last_season_counts_and_one_in_it_does_not() -> None:
    assert found(local("2026-03-10"), held("flood", "2025-10-16")) == ()
    assert len(found(local("2026-03-10"), held("flood", "2025-10-15"))) == 1


def test_a_drill_of_another_hazard_does_not_count() -> None:
    assert len(found(local("2026-03-10"), held("fire", "2026-03-01"))) == 1


def test_the_season_begins_and_it_still_stands_until_a_late_drill() -> None:
    (finding,) = found(local("2026-05-01"))
    assert (finding.period, finding.due) == ("2026-04-15", date(2026, 5, 8))
    assert found(local("2026-05-01"), held("flood", "2026-04-30")) == ()


def test_it_ends_with_the_season() -> None:
    assert len(found(local("2026-10-15", "23:59"))) == 1
    assert found(local("2026-10-16", "00:00")) == ()


def test_the_season_may_run_over_new_year() -> None:
    winter = Season(start="12-01", end="02-28")
    (finding,) = found(local("2026-01-10"), held("flood", "2025-02-28"), season=winter)
    assert finding.period == "2025-12-01"
    assert found(local("2026-01-10"), held("flood", "2025-03-01"), season=winter) == ()


def test_a_township_without_a_flood_plan_is_told_too() -> None:
    assert len(CHECK.find(facts(), Parameters(), local("2026-04-01"))) == 1
