from __future__ import annotations

from datetime import date, datetime

import pytest

from monitor.readiness.checks.letter import CHECK, Parameters
from monitor.readiness.finding import Finding
from monitor.reference.people import Letters
from tests.readiness.township import changed_duty, directory, facts, local


def found(now: datetime, letters: Letters, **duty: object) -> tuple[Finding, ...]:
    people = directory(duties=changed_duty("bridge-village", **duty))
    return CHECK.find(facts(directory=people, letters=letters), Parameters(), now)


def test_where_no_letters_are_kept_nothing_is_missing() -> None:
    assert found(local("2026-05-13"), Letters(), letter_signed=None) == ()


def test_a_duty_that_never_signed_is_told_and_the_roster_duties_need_no_letter() -> None:
    findings = found(local("2026-05-13"), Letters(kind="letters"), letter_signed=None)
    assert [f.key for f in findings] == [
        ("letter", "planner", ""),
        ("letter", "bridge-village", ""),
    ]
    assert findings[1].text == "桥头村村级责任人责任书没有记录"
    assert findings[1].due == date(2026, 5, 27)


@pytest.mark.parametrize(("day", "count"), [("2027-01-05", 1), ("2027-01-06", 2)])
def test_a_letter_holds_for_its_days_the_last_included(day: str, count: int) -> None:
    assert len(found(local(day), Letters(kind="letters"))) == count


def test_a_written_end_goes_before_the_days() -> None:
    end = {"letter_expires": date(2026, 5, 12)}
    finding = found(local("2026-05-13"), Letters(kind="letters"), **end)[-1]
    assert (finding.period, finding.text) == (
        "2026-05-12",
        "桥头村村级责任人责任书已于2026-05-12到期",
    )


@pytest.mark.parametrize(
    ("confirmed", "count"), [(None, 1), (date(2025, 5, 12), 1), (date(2025, 5, 13), 0)]
)
def test_a_confirmation_covers_the_whole_list(confirmed: date | None, count: int) -> None:
    letters = Letters(kind="confirmation", list_confirmed=confirmed)
    assert len(found(local("2026-05-13"), letters, letter_signed=None)) == count
