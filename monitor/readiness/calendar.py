"""Local dates: quarters, the flood season, office hours, months that end on leap days.

Nothing here takes an instant apart: a caller turns `now` into a local date first.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator

from monitor.reference.units import Frozen

_LEAP_YEAR = 2024


def _month_day(text: str) -> str:
    try:
        date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    except ValueError:
        raise ValueError(f'"{text}" is no day of the year; write MM-DD, such as 04-15') from None
    return text


MonthDay = Annotated[str, AfterValidator(_month_day)]
"""A day of every year, "MM-DD"; 02-29 means the last day of February."""


def _clock_time(text: object) -> object:
    if isinstance(text, str):
        try:
            return time.fromisoformat(text)
        except ValueError:
            raise ValueError(f'"{text}" is no time of day; write HH:MM, such as 09:00') from None
    return text


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


def day_in(year: int, month_day: str) -> date:
    """That day in that year; 02-29 falls back to the 28th where there is none."""
    month, day = int(month_day[:2]), int(month_day[3:])
    return date(year, month, min(day, monthrange(year, month)[1]))


def plus_months(day: date, months: int) -> date:
    """The same day of the month, or that month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_words(day: date) -> str:
    """As messages write a date: 9月30日."""
    return f"{day.month}月{day.day}日"


class Quarter(NamedTuple):
    """A quarter of the township's year, local."""

    year: int
    """In which its first quarter begins."""
    number: int
    """1 to 4."""
    first_month: int = 1
    """In which the first quarter begins: 1 for the calendar year."""

    @classmethod
    def of(cls, day: date, first_month: int = 1) -> Quarter:
        months = 12 * day.year + day.month - first_month
        return cls(months // 12, months % 12 // 3 + 1, first_month)

    @property
    def first(self) -> date:
        return plus_months(date(self.year, self.first_month, 1), 3 * (self.number - 1))

    @property
    def last(self) -> date:
        """Included."""
        return plus_months(self.first, 3) - timedelta(days=1)

    @property
    def previous(self) -> Quarter:
        return Quarter.of(self.first - timedelta(days=1), self.first_month)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def title(self) -> str:
        return f"{self.year}年{'一二三四'[self.number - 1]}季度"


class Season(Frozen):
    """汛期, local dates, both included; an end before the start lies in the next year."""

    start: MonthDay = "04-15"
    end: MonthDay = "10-15"

    def _span(self, year: int) -> tuple[date, date]:
        wraps = self.end < self.start
        return day_in(year, self.start), day_in(year + wraps, self.end)

    def concerning(self, today: date) -> SeasonDates:
        """The season that `today` lies in, else the one that comes next."""
        year = next(y for y in range(today.year - 1, today.year + 2) if self._span(y)[1] >= today)
        return SeasonDates(self._span(year - 1)[1], *self._span(year))


class SeasonDates(NamedTuple):
    """One season, and where the one before it ended."""

    previous_end: date
    start: date
    end: date


class OfficeHours(Frozen):
    """When people are told what can wait: workdays, start included, end not, local time."""

    start: ClockTime = time(9)
    end: ClockTime = time(17)
    holidays: tuple[date, ...] = ()
    """Days off that fall on Monday to Friday."""
    workdays: tuple[date, ...] = ()
    """Saturdays and Sundays that are worked (调休)."""

    def open_at(self, now: datetime, zone: tzinfo) -> bool:
        local = now.astimezone(zone)
        day = local.date()
        works = day in self.workdays or (day.weekday() < 5 and day not in self.holidays)
        return works and self.start <= local.time() < self.end
