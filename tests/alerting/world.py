"""A gauge at a bridge, and what the alerting tests say about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.alerting.rule import Judgement, Rule, RuleKind
from monitor.alerting.severity import Severity
from monitor.ingest.observation import Observation, QualityFlag
from monitor.ingest.reading import Detection
from monitor.reference.places import Sensor, Site, SiteKind
from monitor.scope import Scope, Status

SCOPE = Scope("yunxi", Status.ACTUAL, "")
SITE = Site(id="shiqiao", name="石桥站", kind=SiteKind.RIVER, village="qiaotou")
T0 = datetime(2026, 7, 1, 0, 0, tzinfo=UTC)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@dataclass
class World:
    """Surroundings that a test sets by hand."""

    severities: dict[str, Severity] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    newest: dict[str, Observation] = field(default_factory=dict)
    twin: Observation | None = None
    """The good value of a second gauge, while the first cannot be believed."""

    def standing(self, sensor: str) -> Severity:
        return self.severities.get(sensor, Severity.NORMAL)

    def is_closed(self, site: str) -> bool:
        return site in self.closed

    def last(self, sensor: str) -> Observation | None:
        return self.newest.get(sensor)

    def stand_in(self, sensor: str, at: datetime) -> Observation | None:
        return self.twin


def rule(
    kind: RuleKind, parameters: Mapping[str, Any], *, params_hash: str = "1", **sensor: Any
) -> Rule:
    entered: dict[str, Any] = {"quantity": "level", "unit": "m", **sensor}
    gauge = Sensor(id="gauge", site=SITE.id, **entered)
    return Rule(
        id="rule",
        kind=kind,
        hazard="flood",
        parameters=kind.parameters.model_validate(parameters),
        site=SITE,
        sensors={gauge.id: gauge},
        params_hash=params_hash,
    )


def seen(
    value: float | None,
    at: datetime,
    *,
    flag: QualityFlag = QualityFlag.GOOD,
    late: bool = False,
    retained: bool = False,
    detail: Detection | None = None,
) -> Observation:
    return Observation(
        scope=SCOPE,
        sensor="gauge",
        key=f"t:{at.isoformat()}",
        device_time=at,
        received_at=at,
        observed_at=at,
        raw_value=value,
        raw_unit="m",
        value=value,
        flag=QualityFlag.MISSING if value is None else flag,
        reasons=(),
        late=late,
        retained=retained,
        detail=detail,
    )


def judge(rule: Rule, values: Iterable[Observation], world: World | None = None) -> list[Judgement]:
    """Fold them all, and give every judgement."""
    state, judgements = None, []
    for observation in values:
        state, judgement = rule.kind.fold(rule, state, observation, world or World())
        judgements.append(judgement)
    return judgements
