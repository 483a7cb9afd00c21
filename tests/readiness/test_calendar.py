from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.readiness.calendar import OfficeHours, Quarter, Season, day_in, plus_months
from tests.readiness.township import ZONE, local

days = st.dates(date(1999, 1, 1), date(2101, 12, 31))
month_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda d: f"{d:%m-%d}")


@given(days)
def test_every_day_lies_in_its_own_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last
    assert quarter.previous.last + timedelta(days=1) == quarter.first


def test_a_quarter_ends_on_its_last_day_and_the_first_one_follows_the_fourth() -> None:
    assert [Quarter(2026, n).last for n in (1, 2, 3, 4)] == [
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 9, 30),
        date(2026, 12, 31),
    ]
    assert Quarter(2026, 1).previous == Quarter(2025, 4)
    assert str(Quarter(2026, 4)) == "2026-Q4"
    assert Quarter(2026, 4).title == "2026年四季度"


def test_months_after_a_leap_day_end_on_the_last_of_february() -> None:
    assert plus_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert plus_months(date(2024, 2, 29), 48) == date(2028, 2, 29)
    assert plus_months(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert plus_months(date(2025, 12, 15), 1) == date(2026, 1, 15)


@given(month_days, month_days, days)
def test_the_season_concerned_is_not_over_and_the_one_before_is(
    start: str, end: str, today: date
) -> None:
    season = Season(start=start, end=end).concerning(today)
    assert season.previous_end < today <= season.end
    assert season.start <= season.end


def test_a_season_over_the_turn_of_the_year_is_one_season() -> None:
    winter = Season(start="11-01", end="02-29")
    assert winter.concerning(date(2026, 1, 20)) == (
        date(2025, 2, 28),
        date(2025, 11, 1),
        date(2026, 2, 28),
    )
    assert winter.concerning(date(2026, 3, 1)).start == date(2026, 11, 1)
    assert day_in(2028, "02-29") == date(2028, 2, 29)


@pytest.mark.parametrize("text", ["4-15", "02-30", "13-01", "04/15", ""])
def test_a_day_that_is_no_day_of_the_year_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Season(start=text)


@pytest.mark.parametrize(
    ("day", "clock", "is_open"),
    [
        ("2026-05-13", "08:59", False),
        ("2026-05-13", "09:00", True),
        ("2026-05-13", "16:59", True),
        ("2026-05-13", "17:00", False),
        ("2026-05-16", "10:00", False),  # Saturday
        ("2026-10-01", "10:00", False),  # a holiday on a Thursday
        ("2026-10-10", "10:00", True),  # a Saturday that is worked
    ],
)
def test_office_hours_include_their_start_and_not_their_end(
    day: str, clock: str, is_open: bool
) -> None:
    hours = OfficeHours(holidays=(date(2026, 10, 1),), workdays=(date(2026, 10, 10),))
    assert hours.open_at(local(day, clock), ZONE) is is_open


def test_office_hours_are_local_and_written_as_text() -> None:
    hours = OfficeHours.model_validate({"start": "09:30"})
    assert hours.start == time(9, 30)
    assert hours.open_at(datetime(2026, 5, 13, 2, 0, tzinfo=UTC), ZONE)
    with pytest.raises(ValidationError):
        OfficeHours.model_validate({"start": "9 o'clock"})
