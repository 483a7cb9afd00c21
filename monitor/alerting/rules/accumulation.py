"""Rain over sliding windows of 1, 3, 6, 12, 24 hours: 雨量预警指标 of flash floods and signals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from monitor.alerting import debounce, rainfall
from monitor.alerting.debounce import GAP, Delays, Latch
from monitor.alerting.ladder import Ladder, Rungs
from monitor.alerting.rainfall import Rainfall
from monitor.alerting.rule import Judgement, Rule, RuleKind, Surroundings
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.observation import Observation
from monitor.reference.places import Sensor
from monitor.reference.units import Duration, Frozen

LONGEST = timedelta(hours=24)
TOLD_BELOW = 0.9
"""Coverage under which the words say how much of the window is missing."""


class Window(Rungs):
    """A ladder in mm over one window."""

    over: Duration = Field(gt=timedelta(0), le=LONGEST)

    @property
    def words(self) -> str:
        """1小时雨量, 30分钟雨量."""
        hours = self.over / timedelta(hours=1)
        return f"{hours:g}小时雨量" if hours >= 1 else f"{hours * 60:g}分钟雨量"


class Windows(Frozen):
    """Parameters."""

    windows: Annotated[tuple[Window, ...], Field(strict=False, min_length=1)]
    coverage: float = Field(default=0.8, ge=0, le=1)
    """Below this part of a window with readings its sum may raise but lets nothing go: what was
    not measured may have been rain. Not asked of a gauge that speaks only when it rains."""


class State(NamedTuple):
    latch: Mapping[float, Latch]
    """By the window's length in seconds."""
    rain: Rainfall


class _Judged(NamedTuple):
    """One window after one reading."""

    latch: Latch
    reached: Severity
    ladder: Ladder
    millimetres: float
    words: str


def fold(
    rule: Rule, state: State | None, observation: Observation, around: Surroundings
) -> tuple[State, Judgement]:
    """Judge the sums up to the newest reading; one that comes late is added where it fell."""
    state = state or State({}, ())
    rain = state.rain
    if observation.judges and observation.value is not None:
        rain = rainfall.with_drop(rain, observation.observed_at, observation.value, LONGEST)
    sensor = rule.sensors[observation.sensor]
    if rain is state.rain:
        return state, _unchanged(rule, sensor, state, observation.observed_at)
    at = rain[-1][-1].at
    judged = {
        window.over.total_seconds(): _judge(rule.parameters, window, state, rain, sensor, at)
        for window in rule.parameters.windows
    }
    latch: Mapping[float, Latch] = {seconds: one.latch for seconds, one in judged.items()}
    latch = state.latch if latch == state.latch else latch
    return State(latch, rain), _worst(list(judged.values()))


def _judge(
    windows: Windows, window: Window, state: State, rain: Rainfall, sensor: Sensor, at: datetime
) -> _Judged:
    ladder = window.ladder(sensor.quantity, at)
    before = state.latch.get(window.over.total_seconds()) or debounce.start(at)
    fallen = rainfall.over(rain, window.over)
    covered = min(1.0, fallen.readings * (sensor.interval / window.over))
    if sensor.reports == "above":
        covered = 1.0
    held = ladder.hold(before.held, fallen.millimetres)
    if covered < windows.coverage:
        held = max(held, before.held)
    delays = Delays(window.on_delay, window.off_delay, GAP * sensor.interval)
    latch = debounce.step(before, held, at, delays)
    words = window.words + ladder.bases[latch.standing].removeprefix(window.words)
    if covered < TOLD_BELOW:
        words += f"，缺测{1 - covered:.0%}"
    return _Judged(latch, ladder.reached(fallen.millimetres), ladder, fallen.millimetres, words)


def _worst(judged: list[_Judged]) -> Judgement:
    """The shortest of the windows that stand worst speaks; where none stands, the first."""
    worst = max(judged, key=lambda one: one.latch.standing)
    severity = worst.latch.standing
    return Judgement(
        severity,
        max(one.reached for one in judged),
        Condition.OVER if severity else Condition.OK,
        worst.latch.since,
        worst.millimetres,
        worst.words if severity else "",
        worst.ladder.limits[severity] if severity else None,
        None,
    )


def _unchanged(rule: Rule, sensor: Sensor, state: State, at: datetime) -> Judgement:
    severity = max((latch.standing for latch in state.latch.values()), default=Severity.NORMAL)
    condition = Condition.OVER if severity else Condition.OK
    return Judgement(severity, Severity.NORMAL, condition, at, None, "", None, None)


def dump(state: State) -> Any:
    """What stands; the rain is in the observations, and read again at start."""
    return [[seconds, debounce.dump(latch)] for seconds, latch in state.latch.items()]


def load(row: Any) -> State:
    """What `dump` wrote, without rain yet."""
    return State({seconds: debounce.load(latch) for seconds, latch in row}, ())


def revise(state: State) -> State:
    """What stands is judged again; the rain has fallen all the same."""
    revised = {s: debounce.without_pending(latch) for s, latch in state.latch.items()}
    return State(revised, state.rain)


RULE = RuleKind("accumulation", Windows, fold, dump, load, revise, window=LONGEST, sorts=True)
