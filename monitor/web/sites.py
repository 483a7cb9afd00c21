"""`/api/v1/sites`: of every site the one word of what is known there, and each gauge's part."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from monitor.alerting.severity import Condition
from monitor.judging import sites
from monitor.judging.memory import Knowledge
from monitor.judging.sites import Standing
from monitor.reference.units import QUANTITIES
from monitor.scope import Scope
from monitor.web.service import Here, Service

router = APIRouter(prefix="/api/v1", tags=["sites"])


class Gauge(BaseModel):
    """One sensor of a site."""

    sensor: str
    name: str
    quantity: str
    condition: str
    """OK, SUSPECT or SILENT: whether its last word can be believed."""
    value: float | None
    """The last good one."""
    unit: str
    observed_at: datetime | None
    over_m: float | None
    """m above the warning level of its site, below where negative; of levels only."""
    is_out: bool
    """Out of service (停用)."""
    stands_in_for: list[str]
    """Names of the gauges that are not believed now: this one is used instead."""


class Closure(BaseModel):
    """A bridge or road that a person marked closed (封控)."""

    site: str
    site_name: str
    at: datetime
    by: str
    """By name."""


class Site(BaseModel):
    """One site, in a word."""

    id: str
    name: str
    condition: str | None
    """OK, OVER, SUSPECT, SILENT or SILENT_WHILE_RISING; null: nothing measures there."""
    severity: str
    closed: Closure | None
    gauges: list[Gauge]


@router.get("/sites")
async def all_sites(here: Here) -> list[Site]:
    """As they stand now, in the order of `places.yaml`; drills are not in it."""
    return await shown(here)


async def shown(here: Service) -> list[Site]:
    """What the desk's board shows too."""
    knowledge, now = here.settings.knowledge, here.clock.now()
    memory = here.ingest.memory
    standings = sites.standings(knowledge, memory, here.desk.actual, now)
    closed = {one.site: one for one in await closures(here, here.desk.actual)}
    return [_site(knowledge, one, closed.get(one.site.id)) for one in standings]


async def closures(here: Service, scope: Scope) -> list[Closure]:
    """What is closed now in one world, the first first; also a site that left `config/`."""
    knowledge = here.settings.knowledge
    zone, persons = knowledge.directory.people.zone, knowledge.directory.people.persons
    return [
        Closure(
            site=mark.site,
            site_name=knowledge.sites[mark.site].name
            if mark.site in knowledge.sites
            else mark.site,
            at=mark.at.astimezone(zone),
            by=persons[mark.by].name if mark.by in persons else mark.by,
        )
        for mark in await here.store.closures()
        if mark.scope == scope
    ]


def _site(knowledge: Knowledge, one: Standing, closed: Closure | None) -> Site:
    return Site(
        id=one.site.id,
        name=one.site.name,
        condition=one.condition,
        severity=one.severity.name.lower(),
        closed=closed,
        gauges=[gauge_of(knowledge, gauge) for gauge in one.gauges],
    )


def gauge_of(knowledge: Knowledge, gauge: sites.Gauge) -> Gauge:
    """A gauge as it is shown, its time in the township's own."""
    sensor, value, at = gauge.sensor, gauge.value, gauge.observed_at
    warning = knowledge.sites[sensor.site].warning_level
    over = None
    if sensor.quantity == "level" and value is not None and warning is not None:
        over = round(value - warning, 2)
    names = (knowledge.sensors[id].name or id for id in gauge.stands_in_for)
    return Gauge(
        sensor=sensor.id,
        name=sensor.name or sensor.id,
        quantity=sensor.quantity,
        condition=Condition(gauge.condition),
        value=value,
        unit=QUANTITIES[sensor.quantity].unit,
        observed_at=at.astimezone(knowledge.directory.people.zone) if at else None,
        over_m=over,
        is_out=gauge.is_out,
        stands_in_for=list(names),
    )
