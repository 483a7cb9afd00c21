"""How bad: a ladder of limits as `config/` writes it, and as readings are judged by it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from monitor.alerting.severity import SEVERITIES, Severity, SeverityWord
from monitor.reference.units import QUANTITIES, Duration, Frozen


@dataclass(frozen=True, slots=True)
class Ladder:
    """Limits by severity, rounded once. A severity without a rung has that of the next above,
    so that no value can stop at it."""

    decimals: int
    limits: tuple[float, ...]
    """Indexed by severity; −inf for NORMAL, +inf above the last rung."""
    let_go: tuple[float, ...]
    """limit − deadband: held down to this value, released below it."""
    bases: tuple[str, ...]

    def reached(self, value: float) -> Severity:
        """What this value alone says; on the limit is over it."""
        return SEVERITIES[bisect_right(self.limits, round(value, self.decimals)) - 1]

    def hold(self, held: Severity, value: float) -> Severity:
        """The rung held after `value`, when `held` was held before it."""
        value = round(value, self.decimals)
        up = bisect_right(self.limits, value) - 1
        if up >= held:
            return SEVERITIES[up]
        return min(held, SEVERITIES[bisect_right(self.let_go, value) - 1])


def make_ladder(
    rungs: Iterable[tuple[Severity, float, str]], deadband: float, decimals: int
) -> Ladder:
    """A ladder of (severity, limit, basis), one rung a severity, none below a milder one."""
    by_severity = {severity: (round(at, decimals), basis) for severity, at, basis in rungs}
    limits, bases = [inf] * len(SEVERITIES), [""] * len(SEVERITIES)
    above: tuple[float, str] = (inf, "")
    for severity in reversed(SEVERITIES[1:]):
        limits[severity], bases[severity] = above = by_severity.get(severity, above)
    limits[0], bases[0] = -inf, ""
    let_go = tuple(
        round(limit - deadband, decimals) if -inf < limit < inf else limit for limit in limits
    )
    return Ladder(decimals, tuple(limits), let_go, tuple(bases))


def _day(text: str) -> str:
    datetime.strptime(f"2024-{text}", "%Y-%m-%d")  # noqa: DTZ007 - a day of any year, 02-29 too
    return text


MonthDay = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$"), AfterValidator(_day)]
"""A day of the year as "MM-DD", local."""


class Rung(Frozen):
    """One step of the ladder: from this value on, this severity."""

    model_config = ConfigDict(populate_by_name=True)

    severity: SeverityWord
    at: float
    """In the quantity's canonical unit; a level is an elevation in the site's datum."""
    basis: str
    """In words: 警戒水位, 保证水位, 准备转移, 立即转移, 汛限水位, 桥面高程."""
    action: str = ""
    """What people do at this rung, in words."""
    first_day: MonthDay | None = Field(default=None, alias="from")
    last_day: MonthDay | None = Field(default=None, alias="to")
    """Both included; a range that ends before it starts goes over the new year. None: always."""

    @model_validator(mode="after")
    def _both_ends(self) -> Rung:
        if (self.first_day is None) != (self.last_day is None):
            raise ValueError('a season needs both "from" and "to"')
        return self

    def holds_on(self, day: str) -> bool:
        """Whether the rung is in force on that "MM-DD"."""
        if self.first_day is None or self.last_day is None:
            return True
        if self.first_day <= self.last_day:
            return self.first_day <= day <= self.last_day
        return day >= self.first_day or day <= self.last_day


class Rungs(Frozen):
    """Parameters of every rule with a ladder.

    Delays are measured in observed_at; a pause longer than three of the sensor's intervals
    proves no duration, so that a pending one starts anew after it.
    """

    model_config = ConfigDict(ignored_types=(cached_property,))

    rungs: Annotated[tuple[Rung, ...], Field(strict=False, min_length=1)]
    deadband: float = Field(default=0.0, ge=0)
    """In the quantity's unit: what stands lets go below limit − deadband."""
    on_delay: Duration = Field(default=timedelta(0), ge=timedelta(0))
    off_delay: Duration = Field(default=timedelta(0), ge=timedelta(0))
    utc_offset: Duration = timedelta(hours=8)
    """Of the local date that seasons go by; China has one zone and no summer time."""

    @model_validator(mode="after")
    def _in_order(self) -> Rungs:
        """Equal limits are allowed, some gauges have them: the worse severity speaks."""
        for rungs in self.seasons.values():
            for low, high in pairwise(sorted(rungs, key=lambda rung: rung.severity)):
                words = low.severity.name.lower(), high.severity.name.lower()
                if low.severity is high.severity:
                    raise ValueError(f"two {words[0]} rungs are in force on the same day")
                if low.at > high.at:
                    raise ValueError(
                        f"limits out of order: {words[0]} is at {low.at:g}, "
                        f"which must be below the next one's {high.at:g}"
                    )
        return self

    @cached_property
    def seasons(self) -> dict[str, tuple[Rung, ...]]:
        """By the first day of each stretch of the year in which the same rungs are in force."""
        days = ["01-01"]
        if any(rung.first_day for rung in self.rungs):
            days = [f"{m:02}-{d:02}" for m in range(1, 13) for d in range(1, 32)]
        seasons: dict[str, tuple[Rung, ...]] = {}
        before: tuple[Rung, ...] | None = None
        for day in days:
            rungs = tuple(rung for rung in self.rungs if rung.holds_on(day))
            if rungs != before:
                seasons[day] = before = rungs
        return seasons

    def _ladder(self, rungs: tuple[Rung, ...], decimals: int) -> Ladder:
        return make_ladder(((r.severity, r.at, r.basis) for r in rungs), self.deadband, decimals)

    @cached_property
    def ladders(self) -> dict[str, tuple[tuple[str, Ladder], ...]]:
        """By quantity, the last season first, each made when first asked for: limits are rounded
        once, not at each reading, and not for quantities that no sensor of the rule measures."""
        return {}

    def _made(self, quantity: str) -> tuple[tuple[str, Ladder], ...]:
        decimals = QUANTITIES[quantity].decimals
        seasons = reversed(self.seasons.items())
        return tuple((day, self._ladder(rungs, decimals)) for day, rungs in seasons)

    def ladder(self, quantity: str, at: datetime) -> Ladder:
        """The ladder in force at `at`, rounded to the quantity's decimals."""
        ladders = self.ladders.get(quantity) or self.ladders.setdefault(
            quantity, self._made(quantity)
        )
        if len(ladders) == 1:
            return ladders[0][1]
        day = (at + self.utc_offset).strftime("%m-%d")
        return next(ladder for first, ladder in ladders if first <= day)
