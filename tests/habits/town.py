"""The shipped township with one gauge changed, and all that it makes of what it hears."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from monitor.alerting.alerts import Alert, Change
from monitor.alerting.rule import Judgement, Rule
from monitor.alerting.severity import Severity
from monitor.ingest.message import Message
from monitor.ingest.observation import Observation
from monitor.judging.memory import Knowledge, Memory, Outcome, SensorKey
from monitor.judging.recent import Past, quiet_since
from monitor.pipeline import decide, hear, missing, not_remembered
from monitor.reference.places import Sensor
from monitor.scope import Scope
from monitor.settings import load
from monitor.settings.build import standard

SHIPPED = "shiqiao-level"
"""The gauge whose site, ladder and deadband the habits are tried on."""
Heard = tuple[Change, Severity, bool]
"""What changed, to which level, and whether anybody was told."""
Told = tuple[datetime, float | None]


@cache
def shipped() -> Knowledge:
    """The township of `config/`."""
    token = {"MONITOR_TOKEN": "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"}
    return load(Path(__file__).parents[2] / "config", token).knowledge


def with_gauges(
    ids: Iterable[str] = (SHIPPED,),
    sensor: Mapping[str, Any] | None = None,
    rule: Mapping[str, Any] | None = None,
) -> Knowledge:
    """The township with these level gauges alone, each at a site of its own under the shipped
    ladder. `sensor`: what is entered for each instead of the shipped gauge's own (default quality
    limits); `rule`: what is changed of the ladder."""
    base = shipped()
    gauge, watch = base.sensors[SHIPPED], base.rules[SHIPPED]
    entered = {**watch.parameters.model_dump(by_alias=True), **(rule or {})}
    limits = type(watch.parameters).model_validate(entered)
    sites, sensors, rules, quality = {}, {}, {}, {}
    for name in ids:
        site = watch.site if name == SHIPPED else watch.site.model_copy(update={"id": f"at-{name}"})
        entry = (
            gauge.model_dump() if sensor is None else {"quantity": "level", "unit": "m", **sensor}
        )
        sensors[name] = Sensor.model_validate({**entry, "id": name, "site": site.id})
        rules[name] = replace(
            watch, id=name, parameters=limits, site=site, sensors={name: sensors[name]}
        )
        quality[name] = standard(sensors[name], {}, base.quality[SHIPPED].tests, [rules[name]])
        sites[site.id] = site
    return replace(
        base,
        sites=sites,
        sensors=sensors,
        rules=rules,
        rules_by_sensor={name: (one,) for name, one in rules.items()},
        quality=quality,
        directory=replace(base.directory, sites={**base.directory.sites, **sites}),
    )


def counted(knowledge: Knowledge, folds: list[datetime]) -> Knowledge:
    """The same; the time of each value that the shipped gauge's rule is asked about goes into
    `folds`."""
    asked = knowledge.rules[SHIPPED]

    def fold(rule: Rule, state: Any, one: Observation, around: Any) -> tuple[Any, Judgement]:
        folds.append(one.observed_at)
        return asked.kind.fold(rule, state, one, around)

    rule = replace(asked, kind=replace(asked.kind, fold=fold))
    return replace(knowledge, rules={SHIPPED: rule}, rules_by_sensor={SHIPPED: (rule,)})


@dataclass
class Town:
    """One pipeline under one memory, with what the store would have kept."""

    knowledge: Knowledge
    memory: Memory
    outcomes: list[Outcome] = field(default_factory=list)
    kept: dict[tuple[Scope, str, str], float | None] = field(default_factory=dict)

    def hear(self, messages: Iterable[Message], now: datetime) -> Outcome:
        """One batch, kept and remembered."""
        intake = hear(self.knowledge, tuple(messages))
        seen = {k: self.kept[k] for k in not_remembered(self.memory, intake) if k in self.kept}
        wanted = missing(self.knowledge, self.memory, intake, seen)
        pasts = {name: past for name, when in wanted.items() if (past := self._past(name, when))}
        outcome = decide(self.knowledge, self.memory, intake, now, seen=seen, pasts=pasts)
        self.memory.swap(outcome)
        for one in outcome.observations:
            self.kept.setdefault((one.scope, one.sensor, one.key), one.raw_value)
        self.outcomes.append(outcome)
        assert outcome.defects == []
        return outcome

    def _past(self, name: SensorKey, when: datetime) -> Past | None:
        cluster = self.knowledge.clusters[name.sensor]
        since = quiet_since(when, cluster.lead, self.alerts)
        if since is None:
            return None
        heard = {
            (one.sensor, one.key): one
            for outcome in self.outcomes
            for one in (*outcome.observations, *outcome.judged_again.values())
            if one.sensor in cluster.sensors and one.observed_at >= since
        }
        over = (one for one in self.alerts if one.cleared_at and one.cleared_at > since)
        return Past(since, tuple(heard.values()), tuple(over))

    @property
    def alerts(self) -> list[Alert]:
        """Every alert as it stands written down."""
        known = {
            alert.id: alert
            for outcome in self.outcomes
            for alert in (*outcome.ended, *outcome.alerts.values())
        }
        return list(known.values())

    def live(self, series: Iterable[Told], sensor: str = SHIPPED) -> list[Observation]:
        """Each value in a batch of its own, as it is measured."""
        outcomes = [self.hear([message(at, value, sensor)], at) for at, value in series]
        return [seen for outcome in outcomes for seen in outcome.observations]

    @property
    def changes(self) -> list[Heard]:
        """Every transition of every alert so far, as the journal has it."""
        transitions = (t for outcome in self.outcomes for t in outcome.transitions)
        return [(t.change, t.alert.severity, t.pages) for t in transitions]

    @property
    def pages(self) -> int:
        """Messages promised to people so far."""
        return sum(len(outcome.notifications) for outcome in self.outcomes)


def town(now: datetime, knowledge: Knowledge) -> Town:
    """As on the first day."""
    return Town(knowledge, Memory.empty(knowledge.township, now))


def message(
    at: datetime,
    value: float | None,
    sensor: str = SHIPPED,
    *,
    came: datetime | None = None,
    retained: bool = False,
    **more: object,
) -> Message:
    """In our own format; it comes when it was measured unless said otherwise."""
    body = json.dumps({"value": value, "time": at.isoformat(), **more})
    return Message(f"risk/yunxi/{sensor}/level", body.encode(), came or at, retained)
