"""A ladder of limits on the value itself: 警戒水位, 准备转移, 立即转移, 汛限水位, 封控水位."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from monitor.alerting import debounce
from monitor.alerting.debounce import GAP, Delays, Ladder, Latch
from monitor.alerting.rule import Judgement, Rule, RuleKind, Surroundings
from monitor.alerting.severity import SEVERITIES, Condition, Severity, SeverityWord
from monitor.ingest.observation import Observation, QualityFlag
from monitor.reference.units import QUANTITIES, Duration, Frozen

DOUBTED_AT_MOST = Severity.YELLOW
"""A doubtful value alone sends a patrolman, never a village."""


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


class Limits(Frozen):
    """Parameters. Delays are measured in observed_at; a pause longer than three of the sensor's
    intervals proves no duration, so a pending one starts anew after it."""

    model_config = ConfigDict(ignored_types=(cached_property,))

    rungs: Annotated[tuple[Rung, ...], Field(strict=False, min_length=1)]
    deadband: float = Field(default=0.0, ge=0)
    """In the quantity's unit: what stands lets go below limit − deadband."""
    on_delay: Duration = Field(default=timedelta(0), ge=timedelta(0))
    off_delay: Duration = Field(default=timedelta(0), ge=timedelta(0))
    utc_offset: Duration = timedelta(hours=8)
    """Of the local date that seasons go by; China has one zone and no summer time."""

    @model_validator(mode="after")
    def _in_order(self) -> Limits:
        for rungs in self.seasons.values():
            severities = [rung.severity for rung in rungs]
            if len(set(severities)) < len(severities):
                raise ValueError("two rungs of one severity are in force on the same day")
            self._ladder(rungs, 9)
        return self

    @cached_property
    def seasons(self) -> dict[str, tuple[Rung, ...]]:
        """By the first day of each stretch of the year in which the same rungs are in force."""
        days = [f"{m:02}-{d:02}" for m in range(1, 13) for d in range(1, 32)]
        seasons: dict[str, tuple[Rung, ...]] = {}
        before: tuple[Rung, ...] | None = None
        for day in days:
            rungs = tuple(rung for rung in self.rungs if rung.holds_on(day))
            if rungs != before:
                seasons[day] = before = rungs
        return seasons

    def _ladder(self, rungs: tuple[Rung, ...], decimals: int) -> Ladder:
        return debounce.ladder(
            ((r.severity, r.at, r.basis) for r in rungs), self.deadband, decimals
        )

    @cached_property
    def ladders(self) -> dict[str, tuple[tuple[str, Ladder], ...]]:
        """By quantity, the last season first: limits are rounded once, not at each reading."""
        return {
            name: tuple(
                (day, self._ladder(rungs, quantity.decimals))
                for day, rungs in reversed(self.seasons.items())
            )
            for name, quantity in QUANTITIES.items()
        }

    def ladder(self, quantity: str, at: datetime) -> Ladder:
        """The ladder in force at `at`, rounded to the quantity's decimals."""
        ladders = self.ladders[quantity]
        if len(ladders) == 1:
            return ladders[0][1]
        day = (at + self.utc_offset).strftime("%m-%d")
        return next(ladder for first, ladder in ladders if first <= day)


class State(NamedTuple):
    """Of one sensor under one rule."""

    latch: Latch
    doubt: Severity
    """What an unconfirmed SUSPECT value reaches; NORMAL where there is none."""
    doubted_at: datetime | None


def fold(
    rule: Rule, state: State | None, observation: Observation, around: Surroundings
) -> tuple[State, Judgement]:
    """Judge one observation. FAIL and MISSING change nothing, SUSPECT only asks."""
    at, value = observation.observed_at, observation.value
    sensor = rule.sensors[observation.sensor]
    ladder = rule.parameters.ladder(sensor.quantity, at)
    state = state or State(debounce.start(at), Severity.NORMAL, None)
    if value is None:
        return state, _judgement(state, ladder, Severity.NORMAL, None)
    reached = ladder.reached(value)
    if observation.judges:
        state = _judged(rule.parameters, sensor.interval, state, ladder, value, at)
    elif observation.flag is QualityFlag.SUSPECT and not observation.retained:
        if reached <= max(state.latch.standing, state.doubt):
            return state, _judgement(state, ladder, reached, None)
        state = State(state.latch, reached, state.doubted_at or at)
    else:
        return state, _judgement(state, ladder, reached, None)
    return state, _judgement(state, ladder, reached, value)


def _judged(
    limits: Limits, interval: timedelta, state: State, ladder: Ladder, value: float, at: datetime
) -> State:
    before = state.latch
    held = ladder.hold(before.held, value)
    if held is before.held and before.seen is None and not state.doubt:
        return state  # the way of nearly every reading
    # A good value that agrees with a doubtful one is the second sign: what both say is real.
    latch = debounce.settle(before, min(held, state.doubt), at)
    delays = Delays(limits.on_delay, limits.off_delay, GAP * interval)
    return State(debounce.step(latch, held, at, delays), Severity.NORMAL, None)


def _judgement(state: State, ladder: Ladder, reached: Severity, value: float | None) -> Judgement:
    severity, since = state.latch.standing, state.latch.since
    condition = Condition.OVER if severity else Condition.OK
    doubted = min(state.doubt, DOUBTED_AT_MOST)
    if doubted > severity and state.doubted_at is not None:
        severity, since, condition = doubted, state.doubted_at, Condition.SUSPECT
    limit = ladder.limits[severity] if severity else None
    return Judgement(
        severity, reached, condition, since, value, ladder.bases[severity], limit, None
    )


def dump(state: State) -> Any:
    """As JSON."""
    doubted_at = state.doubted_at and state.doubted_at.isoformat()
    return [debounce.dump(state.latch), int(state.doubt), doubted_at]


def load(row: Any) -> State:
    """What `dump` wrote."""
    latch, doubt, doubted_at = row
    doubted_at = doubted_at and datetime.fromisoformat(doubted_at)
    return State(debounce.load(latch), SEVERITIES[doubt], doubted_at)


def revise(state: State) -> State:
    """What stands is judged again on the next value; nothing pending or doubtful is kept."""
    return State(debounce.without_pending(state.latch), Severity.NORMAL, None)


RULE = RuleKind("limit", Limits, fold, dump, load, revise)
