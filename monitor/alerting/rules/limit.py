"""A ladder of limits on the value itself: 警戒水位, 准备转移, 立即转移, 汛限水位, 封控水位."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from monitor.alerting import debounce
from monitor.alerting.debounce import GAP, Delays, Latch, silent_after
from monitor.alerting.ladder import Ladder, Rungs
from monitor.alerting.rule import Judgement, Rule, RuleKind, Surroundings
from monitor.alerting.severity import SEVERITIES, Condition, Severity
from monitor.ingest.observation import Observation, QualityFlag
from monitor.ingest.track import DENIED

DOUBTED_AT_MOST = Severity.YELLOW
"""A doubtful value alone sends a patrolman, never a village."""


class Doubt(NamedTuple):
    """A SUSPECT value that nothing has confirmed or contradicted yet."""

    reached: Severity
    since: datetime
    value: float
    heard: datetime
    """The sensor's last word of any kind since."""
    waits: bool = False
    """It asks nobody yet: a second gauge of the same water is believed, and its next word tells."""


class State(NamedTuple):
    """Of one sensor under one rule."""

    latch: Latch
    doubt: Doubt | None


def fold(
    rule: Rule, state: State | None, observation: Observation, around: Surroundings
) -> tuple[State, Judgement]:
    """Judge one observation. FAIL and MISSING change nothing, SUSPECT only asks."""
    at, value = observation.observed_at, observation.value
    sensor = rule.sensors[observation.sensor]
    ladder = rule.parameters.ladder(sensor.quantity, at)
    state = state or State(debounce.start(at), None)
    reached = Severity.NORMAL if value is None else ladder.reached(value)
    if value is not None and observation.judges:
        state = _judged(rule.parameters, sensor.interval, state, ladder, value, at)
        return state, _judgement(state, ladder, reached, value)
    doubt = state.doubt
    if doubt is not None and DENIED in observation.reasons:
        state, good = State(state.latch, None), around.last(observation.sensor)
        stands = good.value if good is not None else None
        return state, _judgement(state, ladder, reached, doubt.value if stands is None else stands)
    known = max(state.latch.standing, doubt.reached if doubt else Severity.NORMAL)
    suspect = observation.flag is QualityFlag.SUSPECT and not observation.retained
    if value is not None and suspect and reached > known:
        waits = around.stand_in(observation.sensor, at) is not None
        asked = Doubt(reached, doubt.since if doubt else at, value, at, waits)
        state = State(state.latch, asked)
        return state, _judgement(state, ladder, reached, None if waits else value)
    if doubt is not None and not observation.retained:
        state = State(state.latch, doubt._replace(heard=at))
    return state, _judgement(state, ladder, reached, None)


def tick(
    rule: Rule, sensor: str, state: State | None, now: datetime, around: Surroundings
) -> tuple[State, Judgement] | None:
    """A doubtful value and then silence are two signs: what it said is taken for real. Not of a
    sensor that speaks only above a level, for which silence after a false peak is normal.

    Where a second gauge of the same water is believed and this one is not, its good values are
    this one's: they settle the doubt, and let go what stands."""
    if state is None or (state.doubt is None and not state.latch.standing):
        return None
    watched, doubt = rule.sensors[sensor], state.doubt
    twin = around.stand_in(sensor, now)
    if twin is not None and twin.sensor in rule.sensors:
        own = around.last(sensor)
        return _relieved(rule, state, twin, own.observed_at if own else None, now)
    if doubt is None:
        return None
    if doubt.waits:
        state = State(state.latch, doubt._replace(waits=False))
        ladder = rule.parameters.ladder(watched.quantity, now)
        return state, _judgement(state, ladder, Severity.NORMAL, doubt.value)
    if watched.reports != "always" or now - doubt.heard < silent_after(watched):
        return None
    state = State(debounce.settle(state.latch, doubt.reached, now), None)
    ladder = rule.parameters.ladder(watched.quantity, now)
    return state, _judgement(state, ladder, Severity.NORMAL, doubt.value)


def _relieved(
    rule: Rule, state: State, twin: Observation, own: datetime | None, now: datetime
) -> tuple[State, Judgement] | None:
    """As the second gauge's newest good value `twin` has it; `own`: when this one was last good."""
    limits, sensor, before = rule.parameters, rule.sensors[twin.sensor], state
    ladder, value = limits.ladder(sensor.quantity, now), twin.value
    if value is None:
        return None
    if state.doubt is not None and twin.observed_at >= state.doubt.since:
        state = State(state.latch, None)  # what it says stands by itself
    if own is None or twin.observed_at > own:
        held = min(ladder.hold(state.latch.standing, value), state.latch.standing)
        delays = Delays(limits.on_delay, limits.off_delay, GAP * sensor.interval)
        latch = debounce.step(state.latch, held, twin.observed_at, delays)
        state = state if latch is state.latch else State(latch, state.doubt)
    if state is before:
        return None
    return state, _judgement(state, ladder, Severity.NORMAL, value)


def _judged(
    limits: Rungs, interval: timedelta, state: State, ladder: Ladder, value: float, at: datetime
) -> State:
    before, doubt = state
    held = ladder.hold(before.held, value)
    if held is before.held and before.seen is None and doubt is None:
        return state  # the way of nearly every reading
    if doubt is not None:
        # A good value that agrees with a doubtful one is the second sign: both are real.
        before = debounce.settle(before, min(held, doubt.reached), at)
    delays = Delays(limits.on_delay, limits.off_delay, GAP * interval)
    return State(debounce.step(before, held, at, delays), None)


def _judgement(state: State, ladder: Ladder, reached: Severity, value: float | None) -> Judgement:
    latch, doubt = state
    severity, since = latch.standing, latch.since
    condition = Condition.OVER if severity else Condition.OK
    doubted = Severity.NORMAL
    if doubt is not None and not doubt.waits and min(doubt.reached, DOUBTED_AT_MOST) > severity:
        severity, since = min(doubt.reached, DOUBTED_AT_MOST), doubt.since
        condition, doubted = Condition.SUSPECT, doubt.reached
    limit = ladder.limits[severity] if severity else None
    basis = ladder.bases[severity]
    return Judgement(
        severity, reached, condition, since, value, basis, limit, None, latch.flaps, doubted
    )


def dump(state: State) -> Any:
    """As JSON."""
    if state.doubt is None:
        return [debounce.dump(state.latch), None]
    reached, since, value, heard, waits = state.doubt
    doubt = [int(reached), since.isoformat(), value, heard.isoformat(), waits]
    return [debounce.dump(state.latch), doubt]


def load(row: Any) -> State:
    """What `dump` wrote."""
    latch, doubt = row
    if doubt is None:
        return State(debounce.load(latch), None)
    reached, since, value, heard, *more = doubt  # a row of the first release ends here
    since, heard = datetime.fromisoformat(since), datetime.fromisoformat(heard)
    return State(debounce.load(latch), Doubt(SEVERITIES[reached], since, value, heard, *more))


def revise(state: State) -> State:
    """What stands is judged again on the next value; nothing pending or doubtful is kept."""
    return State(debounce.without_pending(state.latch), None)


def lowest(parameters: Rungs) -> float:
    """The lowest rung of any season."""
    return min(rung.at for rung in parameters.rungs)


RULE = RuleKind("limit", Rungs, fold, dump, load, revise, tick, lowest=lowest)
