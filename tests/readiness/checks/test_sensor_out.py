from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.ingest.outage import Outage
from monitor.readiness.checks import sensor_doubtful, sensor_silent
from monitor.readiness.checks.sensor_out import CHECK, Parameters
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Finding
from monitor.scope import Scope, Status
from tests.readiness.township import GAUGE, NOW, facts

OUT = Outage(
    scope=Scope("yunxi", Status.ACTUAL, ""),
    sensor="gauge",
    owner="carder",
    substitute="人工观测",
    repair_by=date(2026, 5, 20),
    reason="探头损坏",
    by="officer",
    since=NOW,
    needs_second=False,
    agreed_by="",
    back_at=None,
    back_by="",
)


def known(repair_by: date = OUT.repair_by) -> Facts:
    outages = {"gauge": replace(OUT, repair_by=repair_by)}
    doubts, heard = {"gauge": ("flat line",)}, {"gauge": NOW - timedelta(hours=2)}
    return facts(sensors={"gauge": GAUGE}, outages=outages, doubts=doubts, last_heard=heard)


def found(repair_by: date = OUT.repair_by) -> Finding:
    (finding,) = CHECK.find(known(repair_by), Parameters(), NOW)
    return finding


def test_it_names_the_substitute_the_person_and_the_day() -> None:
    finding = found()
    assert finding.text == "石桥水位计停用，由人工观测代替，负责人carder，应于5月20日前修复"
    assert (finding.key, finding.due) == (("sensor_out", "gauge", ""), OUT.repair_by)


@pytest.mark.parametrize(("day", "overdue"), [(13, False), (12, True)])
def test_a_repair_date_that_is_past_is_news_of_its_own(day: int, overdue: bool) -> None:
    finding = found(date(2026, 5, day))
    assert finding.text.endswith("已逾期") == overdue
    assert bool(finding.period) == overdue


def test_one_in_service_is_none() -> None:
    assert CHECK.find(facts(), Parameters(), NOW) == ()


@pytest.mark.parametrize("other", [sensor_silent, sensor_doubtful])
def test_nobody_is_told_of_its_silence_or_its_doubts_beside(other: object) -> None:
    check = other.CHECK  # type: ignore[attr-defined] # a module of checks
    assert check.find(known(), check.parameters(), NOW) == ()
    assert check.find(replace(known(), outages={}), check.parameters(), NOW) != ()
