"""A rule over the observations of one sensor, in the order in which they were observed.

Values come late and out of order. A trail keeps the recent steps, so that one that is minutes
late is folded where it belongs; one older than the trail is judged for itself and changes
nothing that stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from monitor.alerting.debounce import GAP
from monitor.alerting.rule import Judgement, Rule, Surroundings
from monitor.alerting.severity import Severity
from monitor.ingest.observation import Observation

KEPT_FOR = timedelta(minutes=15)
KEPT_AT_MOST = 12
"""Steps; with 500 bytes each, 10,000 sensors stay below 60 MB."""


class Step(NamedTuple):
    """One observation and the state it found."""

    observation: Observation
    before: Any


class Trail(NamedTuple):
    """What is remembered of one rule and one sensor: the state, and how it came to be."""

    params_hash: str
    state: Any
    steps: tuple[Step, ...]
    """By observed_at; the last is the newest folded. Not stored; () where the kind sorts."""
    newest: datetime | None
    """observed_at of the newest observation folded in; None before any."""


def advance(
    rule: Rule, trail: Trail | None, observation: Observation, around: Surroundings
) -> tuple[Trail, Judgement]:
    """Fold one observation in, wherever in time it belongs.

    The judgement tells what stands after all that is known; its `reached` is this observation's.
    """
    if trail is None or trail.params_hash != rule.params_hash:
        trail = _revised(rule, trail)
    at, newest = observation.observed_at, trail.newest
    if newest is not None and at < newest and not rule.kind.sorts:
        return _refold(rule, trail, observation, around)
    trail, judgement = _folded(rule, trail, observation, around)
    return trail, _with_rate(judgement, trail, rule)


def _folded(
    rule: Rule, trail: Trail, observation: Observation, around: Surroundings
) -> tuple[Trail, Judgement]:
    at, newest = observation.observed_at, trail.newest
    state, judgement = rule.kind.fold(rule, trail.state, observation, around)
    steps = () if rule.kind.sorts else _kept(trail.steps, Step(observation, trail.state))
    newest = at if newest is None else max(at, newest)
    return Trail(trail.params_hash, state, steps, newest), judgement


def _refold(
    rule: Rule, trail: Trail, late: Observation, around: Surroundings
) -> tuple[Trail, Judgement]:
    times = [step.observation.observed_at for step in trail.steps]
    place = bisect_right(times, late.observed_at)
    if place == 0:  # before all that is remembered
        _, alone = rule.kind.fold(rule, None, late, around)
        nothing_new = alone._replace(severity=Severity.NORMAL, value=None)
        return trail, nothing_new
    state = trail.steps[place].before
    steps = list(trail.steps[:place])
    state, judgement = rule.kind.fold(rule, state, late, around)
    steps.append(Step(late, trail.steps[place].before))
    reached = judgement.reached
    for step in trail.steps[place:]:
        steps.append(Step(step.observation, state))
        state, newer = rule.kind.fold(rule, state, step.observation, around)
        judgement = newer if newer.value is not None else judgement
    trail = trail._replace(state=state, steps=tuple(steps[-KEPT_AT_MOST:]))
    return trail, _with_rate(judgement._replace(reached=reached), trail, rule)


def _revised(rule: Rule, trail: Trail | None) -> Trail:
    state = rule.kind.revise(trail.state) if trail and trail.state is not None else None
    return Trail(rule.params_hash, state, (), trail.newest if trail else None)


def _kept(steps: tuple[Step, ...], new: Step) -> tuple[Step, ...]:
    """The steps with the new one; the one before it stays whatever its age, for the rate."""
    oldest = new.observation.observed_at - KEPT_FOR
    drop = max(0, len(steps) + 1 - KEPT_AT_MOST)
    while drop < len(steps) - 1 and steps[drop].observation.observed_at < oldest:
        drop += 1
    return (*steps[drop:], new)


def _with_rate(judgement: Judgement, trail: Trail, rule: Rule) -> Judgement:
    if not judgement.severity or judgement.rate is not None or judgement.value is None:
        return judgement
    return judgement._replace(rate=slope(trail, rule))


def slope(trail: Trail, rule: Rule) -> float | None:
    """Change per hour over the trail, canonical unit; None across a gap or with one value."""
    first = last = None
    for step in reversed(trail.steps):
        earlier = step.observation
        if not earlier.judges:
            continue
        if first is None:
            first = last = earlier
            gap = GAP * rule.sensors[earlier.sensor].interval
        elif first.observed_at - earlier.observed_at > gap:
            break
        first = earlier
    if first is None or last is None or first.value is None or last.value is None:
        return None
    elapsed = last.observed_at - first.observed_at
    return (last.value - first.value) / (elapsed / timedelta(hours=1)) if elapsed else None


def tick(
    rule: Rule, sensor: str, trail: Trail | None, now: datetime, around: Surroundings
) -> tuple[Trail, Judgement] | None:
    """What time alone changes; None where it changes nothing."""
    if rule.kind.tick is None:
        return None
    if trail is None or trail.params_hash != rule.params_hash:
        trail = _revised(rule, trail)
    if (ticked := rule.kind.tick(rule, sensor, trail.state, now, around)) is None:
        return None
    state, judgement = ticked
    return trail._replace(state=state), judgement


def keeps(rule: Rule, before: Trail | None, after: Trail) -> bool:
    """Whether the row must be written: what a restart cannot rebuild has changed."""
    if before is None or before.params_hash != after.params_hash:
        return True
    if rule.kind.window:
        return after.state.latch is not before.state.latch
    return after.state is not before.state


def dump(rule: Rule, trail: Trail) -> Any:
    """The row as JSON."""
    return {"at": trail.newest and trail.newest.isoformat(), "state": rule.kind.dump(trail.state)}


def rebuild(
    rule: Rule,
    params_hash: str,
    row: Any | None,
    recent: Iterable[Observation],
    around: Surroundings,
) -> Trail | None:
    """The trail as it was before a restart.

    `row` and `params_hash` are what was kept (None: nothing was). `recent` holds the sensor's
    observations by observed_at, over `rule.kind.window` and at least KEPT_FOR. Those up to the
    row's time only fill the window; the newer ones are folded again, with the same result.
    """
    at = datetime.fromisoformat(row["at"]) if row and row["at"] else None
    trail = Trail(params_hash, None, (), None)
    joined = row is None
    for observation in recent:
        known = at is not None and observation.observed_at <= at
        if known and not rule.kind.window:
            continue
        if not known and not joined:
            trail, joined = trail._replace(state=_joined(rule, row, trail.state)), True
        trail = _folded(rule, trail, observation, around)[0]
    if not joined:
        trail = trail._replace(state=_joined(rule, row, trail.state), newest=at)
    return None if trail.state is None else trail


def _joined(rule: Rule, row: Any, filled: Any) -> Any:
    """What stood, from the row, on the window that the observations filled."""
    kept = rule.kind.load(row["state"])
    return kept if filled is None else filled._replace(latch=kept.latch)
