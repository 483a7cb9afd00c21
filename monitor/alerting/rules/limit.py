"""A ladder of limits on the value itself: 警戒水位, 准备转移, 立即转移, 汛限水位, 封控水位."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from monitor.alerting import debounce
from monitor.alerting.debounce import GAP, Delays, Latch
from monitor.alerting.ladder import Ladder, Rungs
from monitor.alerting.rule import Judgement, Rule, RuleKind, Surroundings
from monitor.alerting.severity import SEVERITIES, Condition, Severity
from monitor.ingest.observation import Observation, QualityFlag

DOUBTED_AT_MOST = Severity.YELLOW
"""A doubtful value alone sends a patrolman, never a village."""


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
    limits: Rungs, interval: timedelta, state: State, ladder: Ladder, value: float, at: datetime
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
    latch, doubt, doubted_at = state
    severity, since = latch.standing, latch.since
    condition = Condition.OVER if severity else Condition.OK
    if doubted_at is not None and min(doubt, DOUBTED_AT_MOST) > severity:
        severity, since = min(doubt, DOUBTED_AT_MOST), doubted_at
        condition = Condition.SUSPECT
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


def lowest(parameters: Rungs) -> float:
    """The lowest rung of any season."""
    return min(rung.at for rung in parameters.rungs)


RULE = RuleKind("limit", Rungs, fold, dump, load, revise, lowest=lowest)
