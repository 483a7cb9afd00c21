"""A gauge that no longer speaks: 失联. While the water was rising, that is a sign of its own.

Plain SILENT is a finding for the device's owner and holds no severity. SILENT_WHILE_RISING, and
silence over a limit, stand at YELLOW until the sensor says something that can be judged.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import Field

from monitor.alerting.debounce import GAP, silent_after
from monitor.alerting.rule import Judgement, Rule, RuleKind, Surroundings
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.observation import Observation
from monitor.reference.places import Sensor
from monitor.reference.units import Frozen

MEMORY = timedelta(hours=1)
KEPT = 4
"""Values that the rise is read from, none older than MEMORY or beyond a gap."""


class Silences(Frozen):
    """Parameters; in the quantity's canonical unit."""

    rising: float = Field(default=0.1, gt=0)
    """Per hour: from here on the last values were rising."""
    towards: float | None = None
    """The lowest rung that matters. None: a rise towards anything counts."""
    within: float = Field(default=0.5, ge=0)
    """A rise counts from this far below `towards`."""


class Latch(NamedTuple):
    """What stands."""

    condition: Condition
    since: datetime | None


SPEAKS = Latch(Condition.OK, None)


class State(NamedTuple):
    latch: Latch
    heard: datetime
    """When anything at all came last, or watching began."""
    values: tuple[tuple[datetime, float], ...]
    """The last that judge, oldest first, without a gap between them."""


def fold(
    rule: Rule, state: State | None, observation: Observation, around: Surroundings
) -> tuple[State, Judgement]:
    """Remember what was said; only what judges ends a silence that stands at a severity."""
    at, value = observation.observed_at, observation.value
    before = state or State(SPEAKS, at, ())
    if observation.retained:
        return before, _judgement(rule, before, None)
    heard = max(before.heard, at if observation.late else observation.received_at)
    if observation.judges and value is not None:
        values = _remembered(before.values, at, value, rule.sensors[observation.sensor])
        state = State(SPEAKS, heard, values)
        return state, _judgement(rule, state, value)
    rising = before.latch.condition is Condition.SILENT_WHILE_RISING
    state = State(before.latch if rising else SPEAKS, heard, before.values)
    return state, _judgement(rule, state, None)


def _remembered(
    values: tuple[tuple[datetime, float], ...], at: datetime, value: float, sensor: Sensor
) -> tuple[tuple[datetime, float], ...]:
    if values and at - values[-1][0] > GAP * sensor.interval:
        values = ()
    oldest = at - max(MEMORY, sensor.interval)
    return (*(one for one in values[1 - KEPT :] if one[0] >= oldest), (at, value))


def tick(
    rule: Rule, sensor: str, state: State | None, now: datetime, around: Surroundings
) -> tuple[State, Judgement] | None:
    """Whether the sensor has been silent for too long. Never heard of: counted from now on."""
    watched = rule.sensors[sensor]
    if state is None:
        state = State(SPEAKS, now, ())
        return state, _judgement(rule, state, None)
    limit = silent_after(watched)
    twin = around.stand_in(sensor, now)
    if twin is not None and twin.sensor in rule.sensors:
        return _relieved(rule, watched, state, twin, now)
    judged_at = state.values[-1][0] if state.values else state.heard
    if state.latch.condition is Condition.SILENT_WHILE_RISING or now - judged_at < limit:
        return None
    condition = Condition.OK
    if _was_dangerous(rule.parameters, watched, state, around):
        condition = Condition.SILENT_WHILE_RISING
    elif now - state.heard >= limit and watched.reports == "always":
        condition = Condition.SILENT
    if condition in (Condition.OK, state.latch.condition):
        return None
    state = state._replace(latch=Latch(condition, judged_at))
    return state, _judgement(rule, state, state.values[-1][1] if state.values else None)


def _relieved(
    rule: Rule, sensor: Sensor, state: State, twin: Observation, now: datetime
) -> tuple[State, Judgement] | None:
    """A second gauge of the same water is heard: this one is silent, and nobody is blind. What it
    saw rising is forgotten, for the other one sees how the water went on."""
    if state.latch.condition is Condition.SILENT or now - state.heard < silent_after(sensor):
        return None
    state = State(Latch(Condition.SILENT, state.heard), state.heard, ())
    return state, _judgement(rule, state, twin.value)


def _was_dangerous(silences: Silences, sensor: Sensor, state: State, around: Surroundings) -> bool:
    """Rising towards a rung, or over one, when it was last heard."""
    over = around.standing(sensor.id) > Severity.NORMAL
    if not state.values:
        return over
    value, rate = state.values[-1][1], _rate(state)
    near = silences.towards is None or value >= silences.towards - silences.within
    if near and rate is not None and rate >= silences.rising:
        return True
    if sensor.reports == "above" and sensor.reports_above is not None:
        # It falls silent by going below that level, so near it silence is the end of a flood.
        return over and value - sensor.reports_above > silences.within
    return over


def _rate(state: State) -> float | None:
    """Change per hour over the remembered values; None with fewer than two."""
    if len(state.values) < 2:
        return None
    (start, low), (end, high) = state.values[0], state.values[-1]
    return (high - low) / ((end - start) / timedelta(hours=1)) if end > start else None


def _judgement(rule: Rule, state: State, value: float | None) -> Judgement:
    condition, since = state.latch
    rising = condition is Condition.SILENT_WHILE_RISING
    rate = _rate(state) if rising else None
    basis = ""
    if rising:
        basis = "断数据前在涨" if rate and rate >= rule.parameters.rising else "超限后断数据"
    severity = Severity.YELLOW if rising else Severity.NORMAL
    return Judgement(
        severity, Severity.NORMAL, condition, since or state.heard, value, basis, None, rate
    )


def dump(state: State) -> Any:
    """What stands; the values are observations, and read again at start."""
    condition, since = state.latch
    return [condition.value, since and since.isoformat(), state.heard.isoformat()]


def load(row: Any) -> State:
    """What `dump` wrote, without values yet."""
    condition, since, heard = row
    latch = Latch(Condition(condition), since and datetime.fromisoformat(since))
    return State(latch, datetime.fromisoformat(heard), ())


def revise(state: State) -> State:
    """Silence is silence."""
    return state


RULE = RuleKind("silence", Silences, fold, dump, load, revise, tick, window=MEMORY)
