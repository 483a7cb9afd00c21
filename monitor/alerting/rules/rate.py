"""How fast it rises, per hour: 时涨. Also the creep of a slope, in mm/h."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from pydantic import Field

from monitor.alerting import debounce
from monitor.alerting.debounce import GAP, Delays, Latch
from monitor.alerting.ladder import Ladder, Rungs
from monitor.alerting.rule import Judgement, Rule, RuleKind, Surroundings
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.observation import Observation
from monitor.reference.units import Duration

LONGEST = timedelta(hours=24)


class Rates(Rungs):
    """Parameters; `at` and `deadband` are in the quantity's unit per hour, rising above zero."""

    window: Duration = Field(default=timedelta(hours=1), gt=timedelta(0), le=LONGEST)
    """The rise is measured against the newest value at least this old, so that the resolution of
    a gauge does not look like a flood."""


class State(NamedTuple):
    latch: Latch
    values: tuple[Observation, ...]
    """Those that judge, oldest first, since the last gap; the first spans the window."""


def fold(
    rule: Rule, state: State | None, observation: Observation, around: Surroundings
) -> tuple[State, Judgement]:
    """Judge the rise. Across a gap, and until the window is full, nothing is known."""
    at = observation.observed_at
    sensor = rule.sensors[observation.sensor]
    rates: Rates = rule.parameters
    ladder = rates.ladder(sensor.quantity, at)
    state = state or State(debounce.start(at), ())
    if not observation.judges or observation.value is None:
        return state, _judgement(state.latch, ladder, Severity.NORMAL, None, None)
    gap = GAP * sensor.interval
    values = _window(state.values, observation, rates.window, gap)
    rate = _rate(values, rates.window)
    if rate is None:
        state = State(state.latch, values)
        return state, _judgement(state.latch, ladder, Severity.NORMAL, None, None)
    held = ladder.hold(state.latch.held, rate)
    latch = debounce.step(state.latch, held, at, Delays(rates.on_delay, rates.off_delay, gap))
    reached = ladder.reached(rate)
    return State(latch, values), _judgement(latch, ladder, reached, observation.value, rate)


def _window(
    values: tuple[Observation, ...], new: Observation, window: timedelta, gap: timedelta
) -> tuple[Observation, ...]:
    if values and new.observed_at - values[-1].observed_at > gap:
        return (new,)
    spans = new.observed_at - window
    first = 0
    while first + 1 < len(values) and values[first + 1].observed_at <= spans:
        first += 1
    return (*values[first:], new)


def _rate(values: tuple[Observation, ...], window: timedelta) -> float | None:
    """Change per hour from the first value to the last; None before the window is full."""
    first, last = values[0], values[-1]
    elapsed = last.observed_at - first.observed_at
    if elapsed < window or first.value is None or last.value is None:
        return None
    return (last.value - first.value) / (elapsed / timedelta(hours=1))


def _judgement(
    latch: Latch, ladder: Ladder, reached: Severity, value: float | None, rate: float | None
) -> Judgement:
    severity = latch.standing
    return Judgement(
        severity,
        reached,
        Condition.OVER if severity else Condition.OK,
        latch.since,
        value,
        ladder.bases[severity],
        ladder.limits[severity] if severity else None,
        rate,
        latch.flaps,
    )


def dump(state: State) -> Any:
    """What stands; the values are observations, and read again at start."""
    return debounce.dump(state.latch)


def load(row: Any) -> State:
    """What `dump` wrote, without values yet."""
    return State(debounce.load(row), ())


def revise(state: State) -> State:
    """What stands is judged again; the values remain true."""
    return State(debounce.without_pending(state.latch), state.values)


RULE = RuleKind("rate", Rates, fold, dump, load, revise, window=LONGEST + timedelta(hours=6))
