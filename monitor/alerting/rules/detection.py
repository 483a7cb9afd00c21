"""A person or a vehicle where the water makes it dangerous: 有人上桥.

People on a low bridge are normal on 350 days a year, so a camera says nothing until a sensor of
the site stands over, or a person has closed the site. Presence is followed all the same: who
stood there before the water came is in danger once it has come.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from monitor.alerting.rule import Judgement, Rule, RuleKind, Surroundings
from monitor.alerting.severity import SEVERITIES, Condition, Severity, SeverityWord
from monitor.ingest.observation import Observation
from monitor.ingest.reading import Detection, Phase
from monitor.reference.units import Duration, Frozen, Slug

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Danger(Frozen):
    """What makes presence dangerous: this sensor of the site stands at least so high."""

    sensor: Slug
    at_least: SeverityWord


class Hours(Frozen):
    """Local time of day, start included and end not; over midnight where `to` is earlier."""

    model_config = ConfigDict(populate_by_name=True)

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")

    def include(self, moment: str) -> bool:
        """Whether "HH:MM" lies within."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


class Presence(Frozen):
    """Parameters. One occupation of the zone is one event, however many the camera makes of it:
    it lasts from the first until all have ended, or `hold` after the last word of them."""

    labels: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = ("person",)
    zones: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Any of these; () is the whole picture."""
    score: float = Field(default=0.6, ge=0, le=1)
    """From this score on a new presence counts; what counted once is followed below it."""
    severity: SeverityWord
    basis: str = "有人上桥"
    danger: Danger | None = None
    """None: only while a person has marked the site closed."""
    hours: Hours | None = None
    """None: at any hour."""
    hold: Duration = Field(default=timedelta(minutes=5), gt=timedelta(0))
    utc_offset: Duration = timedelta(hours=8)

    @model_validator(mode="after")
    def _no_blank(self) -> Presence:
        if not all(self.labels) or not all(self.zones):
            raise ValueError("a label or zone is empty")
        return self


class Present(NamedTuple):
    """One of the camera's events that has not ended."""

    event: str
    seen: datetime
    score: float


class State(NamedTuple):
    standing: Severity
    since: datetime
    present: tuple[Present, ...]


def fold(
    rule: Rule, state: State | None, observation: Observation, around: Surroundings
) -> tuple[State, Judgement]:
    """Follow one event of the camera."""
    at, detail = observation.observed_at, observation.detail
    before = state or State(Severity.NORMAL, at, ())
    judges = observation.judges or (detail is not None and detail.phase is Phase.END)
    if detail is None or not judges or observation.retained:
        return before, _judgement(rule.parameters, before, Severity.NORMAL, None)
    score = observation.value or 0.0
    present = _followed(rule.parameters, before.present, detail, score, at)
    after = _judged(rule, before, present, at, around)
    here = any(one.event == detail.event for one in after.present)
    reached = after.standing if here else Severity.NORMAL
    return after, _judgement(rule.parameters, after, reached, score)


def tick(
    rule: Rule, sensor: str, state: State | None, now: datetime, around: Surroundings
) -> tuple[State, Judgement] | None:
    """The water may come to who is there, and a camera may forget to say that they left."""
    if state is None or not state.present:
        return None
    after = _judged(rule, state, state.present, now, around)
    if after == state:
        return None
    score = max((one.score for one in state.present), default=0.0)
    return after, _judgement(rule.parameters, after, Severity.NORMAL, score)


def _followed(
    presence: Presence,
    present: tuple[Present, ...],
    detail: Detection,
    score: float,
    at: datetime,
) -> tuple[Present, ...]:
    others = tuple(one for one in present if one.event != detail.event)
    known = len(others) < len(present)
    matches = detail.label in presence.labels and (
        not presence.zones or any(zone in presence.zones for zone in detail.zones)
    )
    counts = matches and (known or score >= presence.score)
    if detail.phase is Phase.END or not counts:
        return others
    return (*others, Present(detail.event, at, score))


def _judged(
    rule: Rule, state: State, present: tuple[Present, ...], at: datetime, around: Surroundings
) -> State:
    presence: Presence = rule.parameters
    present = tuple(one for one in present if at - one.seen < presence.hold)
    stands = bool(present) and _is_dangerous(rule, at, around)
    standing = presence.severity if stands else Severity.NORMAL
    since = state.since if standing is state.standing else at
    return State(standing, since, present)


def _is_dangerous(rule: Rule, at: datetime, around: Surroundings) -> bool:
    presence: Presence = rule.parameters
    hours = presence.hours
    if hours and not hours.include((at + presence.utc_offset).strftime("%H:%M")):
        return False
    if around.is_closed(rule.site.id):
        return True
    danger = presence.danger
    return danger is not None and around.standing(danger.sensor) >= danger.at_least


def _judgement(
    presence: Presence, state: State, reached: Severity, value: float | None
) -> Judgement:
    stands = bool(state.standing)
    return Judgement(
        state.standing,
        reached,
        Condition.OVER if stands else Condition.OK,
        state.since,
        value,
        presence.basis if stands else "",
        None,
        None,
    )


def dump(state: State) -> Any:
    """As JSON."""
    present = [[one.event, one.seen.isoformat(), one.score] for one in state.present]
    return [int(state.standing), state.since.isoformat(), present]


def load(row: Any) -> State:
    """What `dump` wrote."""
    standing, since, present = row
    return State(
        SEVERITIES[standing],
        datetime.fromisoformat(since),
        tuple(Present(e, datetime.fromisoformat(seen), score) for e, seen, score in present),
    )


def revise(state: State) -> State:
    """Who is there is there, whatever the parameters say; the next word judges it again."""
    return state


RULE = RuleKind("detection", Presence, fold, dump, load, revise, tick)
