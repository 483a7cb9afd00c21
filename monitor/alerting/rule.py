"""What a rule is: a fold over the observations of the sensors it watches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel

from monitor.alerting.severity import Condition, Severity
from monitor.ingest.observation import Observation
from monitor.reference.places import Sensor, Site


class Judgement(NamedTuple):
    """What a rule says after one observation (or one tick) of one sensor."""

    severity: Severity
    """Standing: what the contribution holds, after deadband and delays."""
    reached: Severity
    """What this value alone says: no deadband, no delay, whatever the flag; NORMAL on a tick."""
    condition: Condition
    since: datetime
    """When `severity` began, by observed_at."""
    value: float | None
    """What speaks for `severity`; None where this observation says nothing new (SUSPECT below
    what is known, FAIL, MISSING, retained): what stands goes on standing, untouched."""
    basis: str
    """In words: 警戒水位, 准备转移, 1小时雨量, 有人上桥; "" when NORMAL."""
    limit: float | None
    """Of the rung that stands."""
    rate: float | None
    """Change per hour where the rule knows it."""
    flaps: bool = False
    """The value swings around its limit: what stands is held until it has been quiet."""
    doubted: Severity = Severity.NORMAL
    """Of a doubt: what the value would say if it were believed."""


class Surroundings(Protocol):
    """What a rule may ask about the world beside its own sensor; read only."""

    def standing(self, sensor: str) -> Severity:
        """The worst standing severity that any rule holds for that sensor."""
        ...

    def is_closed(self, site: str) -> bool:
        """Whether the site is marked closed (封桥) by a person."""
        ...

    def last(self, sensor: str) -> Observation | None:
        """The newest judging observation of that sensor."""
        ...

    def stand_in(self, sensor: str, at: datetime) -> Observation | None:
        """The newest good value of another gauge of the same water at its site, where that sensor
        cannot be believed at `at` and the other can; None otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class RuleKind:
    """One file in `monitor/alerting/rules/` binds one as RULE. State is JSON-able and immutable.

    `fold(rule, state, observation, around)` → (state, Judgement): called in observed_at order
    for every observation of a watched sensor, whatever its flag. `state` None is the beginning.
    `tick(rule, state, now, around)` → (state, Judgement) or None where nothing changes; called
    every ten seconds with no observation. None where the kind does not need it.
    """

    name: str
    parameters: type[BaseModel]
    fold: Callable[[Rule, Any, Observation, Surroundings], tuple[Any, Judgement]]
    dump: Callable[[Any], Any]
    load: Callable[[Any], Any]
    revise: Callable[[Any], Any]
    """The state as changed parameters find it: pending candidates dropped, what stands kept."""
    tick: (
        Callable[[Rule, str, Any, datetime, Surroundings], tuple[Any, Judgement] | None] | None
    ) = None
    """The second argument is the sensor's id; the state is None before any observation."""
    window: timedelta = timedelta(0)
    """How far back its state must be rebuilt from observations at start; 0 for none. A state that
    is rebuilt keeps what stands in a field `latch`; dump and load concern that alone."""
    sorts: bool = False
    """True: `fold` takes observations in any order and puts them where they belong."""
    lowest: Callable[[Any], float] | None = None
    """Of its parameters: the value below which it says nothing of a sensor, canonical. A gauge
    that is stuck below all of them hides nothing. None: it knows no such value."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `rules:`, bound to its kind and its places."""

    id: str
    kind: RuleKind
    hazard: str
    parameters: Any
    site: Site
    sensors: Mapping[str, Sensor]
    """The sensors it watches, by id; each has a state of its own."""
    params_hash: str
    """Changes when the parameters do; a pending candidate is dropped then."""
