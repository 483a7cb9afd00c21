from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from monitor.alerting.severity import Severity
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Check, Finding, ScheduledCheck, plainly
from monitor.readiness.sweep import KnownFindings, Sweep, entries, sweep
from monitor.reference.units import Frozen
from monitor.scope import Scope, Status
from tests.readiness.township import facts, local

EMPTY = KnownFindings({}, {})
WEDNESDAY = local("2026-05-13", "10:07")
FAR = date(2026, 12, 31)


def matter(subject: str, owner: str = "desk", *, urgent: bool = False, due: date = FAR) -> Finding:
    return plainly(("check", subject, ""), owner, "空缺", f"{subject}不在岗", due, urgent=urgent)


def swept(
    findings: Iterable[Finding], known: KnownFindings | None, now: datetime, **changes: Any
) -> Sweep:
    some = tuple(findings)

    def find(_facts: Facts, _parameters: BaseModel, _now: datetime) -> tuple[Finding, ...]:
        return some

    checks = [ScheduledCheck(Check("check", Frozen, find), Frozen())]
    return sweep(checks, facts(**changes), known, now)


def told(result: Sweep) -> dict[str, list[str]]:
    return {b.owner: [f.subject for f in b.findings] for b in result.bundles}


def test_on_first_start_findings_are_listed_and_not_sent() -> None:
    first = swept([matter("a"), matter("b", urgent=True)], None, WEDNESDAY)
    assert [f.subject for f in first.opened] == ["a", "b"]
    assert first.bundles == ()
    assert told(swept([matter("a")], first.known, WEDNESDAY + timedelta(days=6))) == {}
    assert told(swept([matter("a")], first.known, WEDNESDAY + timedelta(days=7))) == {"desk": ["a"]}


def test_an_urgent_finding_listed_on_first_start_is_no_news_an_hour_later() -> None:
    first = swept([matter("a", urgent=True)], None, WEDNESDAY)
    assert swept([matter("a", urgent=True)], first.known, WEDNESDAY).bundles == ()


def test_a_first_start_with_nothing_to_list_was_a_first_start_too() -> None:
    first = swept([], None, WEDNESDAY)
    assert told(swept([matter("a")], first.known, WEDNESDAY)) == {"desk": ["a"]}


def test_each_owner_gets_one_message_with_all_that_is_his() -> None:
    result = swept([matter("a"), matter("b", "planner"), matter("c")], EMPTY, WEDNESDAY)
    assert told(result) == {"desk": ["a", "c"], "planner": ["b"]}
    assert result.reminded == ()


def test_in_a_bundle_the_urgent_comes_first_and_then_the_nearest_due_day() -> None:
    some = [matter("c"), matter("b", due=date(2026, 6, 1)), matter("a", urgent=True)]
    assert told(swept(some, EMPTY, WEDNESDAY)) == {"desk": ["a", "b", "c"]}


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")), st.booleans())
def test_a_second_sweep_over_what_the_first_one_kept_says_nothing(
    before: set[str], after: set[str], urgent: bool
) -> None:
    earlier = swept([matter(s) for s in before], EMPTY, WEDNESDAY - timedelta(days=1))
    some = [matter(s, urgent=urgent) for s in sorted(after)]
    once = swept(some, earlier.known, WEDNESDAY)
    again = swept(some, once.known, WEDNESDAY)
    assert (again.opened, again.reminded, again.closed, again.bundles) == ((), (), (), ())
    assert again.known == once.known


@pytest.mark.parametrize("clock", ["03:07", "08:59", "17:00"])
def test_what_can_wait_waits_for_office_hours(clock: str) -> None:
    night = swept([matter("a")], EMPTY, local("2026-05-13", clock))
    assert night.bundles == ()
    assert told(swept([matter("a")], night.known, local("2026-05-14", "09:07"))) == {"desk": ["a"]}


def test_a_weekend_is_no_office_hour() -> None:
    assert swept([matter("a")], EMPTY, local("2026-05-16", "10:00")).bundles == ()


@pytest.mark.parametrize(
    ("worst", "count"), [(Severity.YELLOW, 1), (Severity.ORANGE, 0), (Severity.RED, 0)]
)
def test_nobody_is_bothered_while_an_orange_or_red_alert_is_open(
    worst: Severity, count: int
) -> None:
    assert len(swept([matter("a")], EMPTY, WEDNESDAY, worst_open=worst).bundles) == count


def test_what_makes_a_red_alert_unreachable_is_told_at_any_hour() -> None:
    some = [matter("a"), matter("b", urgent=True)]
    night = swept(some, EMPTY, local("2026-05-18", "03:07"), worst_open=Severity.RED)
    assert told(night) == {"desk": ["b"]}
    morning = swept(some, night.known, local("2026-05-18", "09:07"))
    assert told(morning) == {"desk": ["a"]}


def test_a_finding_that_becomes_urgent_is_told_again_at_once() -> None:
    day = swept([matter("a")], EMPTY, WEDNESDAY)
    night = swept([matter("a", urgent=True)], day.known, local("2026-05-13", "23:07"))
    assert told(night) == {"desk": ["a"]}
    assert [f.subject for f in night.reminded] == ["a"]
    later = swept([matter("a", urgent=True)], night.known, local("2026-05-14", "00:07"))
    assert later.bundles == ()


def test_an_owner_hears_at_most_once_a_day() -> None:
    first = swept([matter("a")], EMPTY, local("2026-05-13", "09:07"))
    second = swept([matter("a"), matter("b")], first.known, local("2026-05-13", "10:07"))
    assert [f.subject for f in second.opened] == ["b"]
    assert second.bundles == ()
    third = swept([matter("a"), matter("b")], second.known, local("2026-05-14", "09:07"))
    assert told(third) == {"desk": ["b"]}


def test_what_comes_and_goes_in_a_day_is_not_told_twice() -> None:
    first = swept([matter("a")], EMPTY, local("2026-05-13", "09:07"))
    mended = swept([], first.known, local("2026-05-13", "10:07"))
    again = swept([matter("a")], mended.known, local("2026-05-13", "11:07"))
    assert again.bundles == ()


def test_a_week_later_the_owner_is_reminded_in_office_hours() -> None:
    first = swept([matter("a", urgent=True)], EMPTY, local("2026-05-10", "03:07"))
    assert told(first) == {"desk": ["a"]}
    sunday = swept([matter("a", urgent=True)], first.known, local("2026-05-17", "10:07"))
    assert sunday.bundles == ()
    monday = swept([matter("a", urgent=True)], sunday.known, local("2026-05-18", "09:07"))
    assert told(monday) == {"desk": ["a"]}
    assert [f.subject for f in monday.reminded] == ["a"]


def test_a_finding_closes_itself_when_its_cause_is_gone() -> None:
    first = swept([matter("a"), matter("b")], EMPTY, WEDNESDAY)
    second = swept([matter("b")], first.known, WEDNESDAY + timedelta(hours=1))
    assert second.closed == (("check", "a", ""),)
    assert list(second.known.standing) == [("check", "b", "")]


def test_the_first_sweep_is_written_down_even_if_it_found_nothing() -> None:
    scope = Scope("yunxi", Status.ACTUAL, "")
    rows = entries(swept([], None, WEDNESDAY), scope, WEDNESDAY)
    assert [(e.event, e.subject) for e in rows] == [("readiness.first_sweep", "readiness")]


def test_every_change_becomes_a_journal_row() -> None:
    scope = Scope("yunxi", Status.ACTUAL, "")
    first = swept([matter("a")], EMPTY, WEDNESDAY)
    rows = entries(first, scope, WEDNESDAY)
    assert [(e.event, e.subject) for e in rows] == [
        ("finding.opened", "check/a/"),
        ("readiness.told", "desk"),
    ]
    urgent = swept([matter("a", urgent=True)], first.known, WEDNESDAY)
    assert [e.event for e in entries(urgent, scope, WEDNESDAY)] == ["readiness.told_urgently"]
    second = swept([], first.known, WEDNESDAY)
    assert [e.event for e in entries(second, scope, WEDNESDAY)] == ["finding.closed"]


def test_a_broken_check_hides_no_other_and_what_it_had_found_stands() -> None:
    before = swept([matter("a")], None, WEDNESDAY).known

    def breaks(_facts: Facts, _parameters: BaseModel, _now: datetime) -> tuple[Finding, ...]:
        raise ZeroDivisionError

    def finds(_facts: Facts, _parameters: BaseModel, _now: datetime) -> tuple[Finding, ...]:
        return (plainly(("sound", "b", ""), "desk", "空缺", "b", FAR),)

    checks = [
        ScheduledCheck(Check("check", Frozen, breaks), Frozen()),
        ScheduledCheck(Check("sound", Frozen, finds), Frozen()),
    ]
    result = sweep(checks, facts(), before, WEDNESDAY)
    assert [f.subject for f in result.opened] == ["b"]
    assert (result.closed, list(result.broken)) == ((), ["check"])
