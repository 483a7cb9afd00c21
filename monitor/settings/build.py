"""Entries without a fault → Settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from monitor.alerting.rule import Rule
from monitor.ingest.defaults import DEFAULT_QUALITY
from monitor.ingest.reading import Source
from monitor.ingest.standard import QualityTest, Standard
from monitor.judging.memory import Knowledge
from monitor.notify.channel import Channel
from monitor.notify.routing import Directory
from monitor.notify.templates import complete
from monitor.readiness.finding import ScheduledCheck
from monitor.reference.people import Letters, ResponsibilityList
from monitor.reference.places import QualityLimits, Sensor
from monitor.reference.plans import HeldDrill, Plan
from monitor.settings.declared import Declared, PeopleHead, Templates
from monitor.settings.door import Door
from monitor.settings.schema import Broker, Calendar, Escalation, Heartbeat, Retention, ServiceFile


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the service is told at start; a change takes a restart."""

    folder: Path
    knowledge: Knowledge
    zone: ZoneInfo
    broker: Broker
    """With its password, which its repr leaves out."""
    store: Path
    store_key: Path
    """What seals the numbers in it."""
    heartbeat: Heartbeat
    """With its address, which its repr leaves out."""
    door: Door
    """Where the API listens and who may write."""
    secrets: Mapping[str, Mapping[str, str]] = field(repr=False)
    """Channel → name → secret."""
    checks: tuple[ScheduledCheck, ...]
    plans: tuple[Plan, ...]
    drills: tuple[HeldDrill, ...]
    letters: Letters
    calendar: Calendar
    escalation: Escalation
    retention: Retention
    example: bool
    """True: a made-up township, said on every screen."""
    warnings: tuple[str, ...] = ()
    """What is no fault and leaves something unseen, with file:line: `monitor check` says it."""


def build(
    folder: Path,
    declared: Declared,
    door: Door,
    password: str | None,
    heartbeat: str | None,
    secrets: Mapping[str, Mapping[str, str]],
    checks: tuple[ScheduledCheck, ...],
    tests: tuple[QualityTest, ...],
) -> Settings:
    """Put everything together. Only called where no fault was found."""
    assert declared.service is not None  # a missing one is a fault
    service = declared.service.value
    zone = ZoneInfo(service.zone)
    return Settings(
        folder=folder,
        knowledge=_knowledge(declared, service, zone, tests),
        zone=zone,
        broker=service.broker.model_copy(update={"password": password}),
        store=folder / service.store,
        store_key=folder / (service.store_key or Path(service.store).with_suffix(".key")),
        heartbeat=service.heartbeat.model_copy(update={"url": heartbeat}),
        door=door,
        secrets=secrets,
        checks=checks,
        plans=tuple(e.value for e in declared.plans),
        drills=tuple(e.value for e in declared.drills),
        letters=service.letters,
        calendar=service.calendar,
        escalation=service.escalation,
        retention=service.retention,
        example=service.example,
    )


def _knowledge(
    declared: Declared, service: ServiceFile, zone: ZoneInfo, tests: tuple[QualityTest, ...]
) -> Knowledge:
    sites = {e.value.id: e.value for e in declared.sites}
    sensors = {e.value.id: e.value for e in declared.sensors}
    rules: dict[str, Rule] = {}
    for bound in declared.rules:
        frame = bound.entry.value
        if frame.enabled:
            watched = {i: sensors[i] for i in frame.sensors}
            site = sites[next(iter(watched.values())).site]
            rules[frame.id] = Rule(
                frame.id,
                bound.kind,
                frame.hazard,
                bound.parameters,
                site,
                MappingProxyType(watched),
                params_hash(bound.parameters),
            )
    watching: dict[str, list[Rule]] = {i: [] for i in sensors}
    for rule in _askers_last(rules.values()):
        for i in rule.sensors:
            watching[i].append(rule)
    return Knowledge(
        township=service.township.id,
        sources=tuple(Source(b.entry.value.filter, b.kind, b.parameters) for b in declared.sources),
        sites=sites,
        sensors=sensors,
        rules=rules,
        rules_by_sensor={i: tuple(found) for i, found in watching.items()},
        quality={
            i: standard(sensor, service.quality, tests, watching[i])
            for i, sensor in sensors.items()
        },
        directory=_directory(declared, service, zone),
        areas=service.areas,
        twins=_twins(sensors.values()),
        quota=service.quota,
    )


_SAME_WATER = ("level", "discharge")
"""Two gauges of these at one site measure one thing; two of a slope measure two places of it."""


def _twins(sensors: Iterable[Sensor]) -> Mapping[str, tuple[str, ...]]:
    together: dict[tuple[str, str], list[str]] = {}
    for sensor in sensors:
        if sensor.quantity in _SAME_WATER:
            together.setdefault((sensor.site, sensor.quantity), []).append(sensor.id)
    return {
        one: tuple(other for other in ids if other != one)
        for ids in together.values()
        if len(ids) > 1
        for one in ids
    }


def _askers_last(rules: Iterable[Rule]) -> list[Rule]:
    """A rule that time alone can change may ask what stands: the others have judged by then."""
    return sorted(rules, key=lambda rule: rule.kind.tick is not None)


def _directory(declared: Declared, service: ServiceFile, zone: ZoneInfo) -> Directory:
    people = declared.people.value if declared.people else PeopleHead()
    templates = declared.templates.value if declared.templates else Templates()
    return Directory(
        township_name=service.township.name,
        people=ResponsibilityList(
            duties={e.value.id: e.value for e in declared.duties},
            persons={e.value.id: e.value for e in declared.persons},
            roster=people.roster,
            zone=zone,
            desk_phone=people.desk_phone,
        ),
        sites={e.value.id: e.value for e in declared.sites},
        villages={e.value.id: e.value for e in declared.villages},
        policies={h: e.value for e in declared.policies for h in e.value.hazards},
        channels=tuple(
            Channel(b.entry.value.id, b.kind, b.parameters)
            for b in declared.channels
            if b.entry.value.enabled
        ),
        templates=complete(templates.templates),
        sensors={e.value.id: e.value for e in declared.sensors},
        drill_allow={drill: frozenset(ids) for drill, ids in service.exercises.items()},
        county_within=service.escalation.county_report,
        limits=service.limits,
    )


def standard(
    sensor: Sensor,
    township: Mapping[str, QualityLimits],
    tests: tuple[QualityTest, ...],
    rules: Iterable[Rule],
) -> Standard:
    """What the sensor's values are held against; `rules` are those that watch it."""
    lowest = [rule.kind.lowest(rule.parameters) for rule in rules if rule.kind.lowest]
    return Standard(limits(sensor, township), tests, min(lowest, default=None))


def limits(sensor: Sensor, township: Mapping[str, QualityLimits]) -> QualityLimits:
    """The sensor's own quality limits over the township's for its quantity over the shipped
    ones, key by key; null is off."""
    found = DEFAULT_QUALITY.get(sensor.quantity, QualityLimits())
    for own in (township.get(sensor.quantity), sensor.quality):
        if own is not None:
            found = found.model_copy(update={k: getattr(own, k) for k in own.model_fields_set})
    return found


def params_hash(parameters: BaseModel) -> str:
    """SHA-256 of the parameters as canonical JSON."""
    text = json.dumps(parameters.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
