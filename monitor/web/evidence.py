"""What somebody can look at before they say 属实 or 误报: cameras, the next gauges, the village's
phone; and what was said of the readings."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from monitor.alerting.alerts import Alert
from monitor.alerting.areas import AREA
from monitor.judging import sites
from monitor.judging.memory import Knowledge
from monitor.reference.people import DUTY_DESK
from monitor.reference.phones import mask
from monitor.reference.places import Site
from monitor.web.service import Service
from monitor.web.sites import Gauge, gauge_of


class Phone(BaseModel):
    """Who can be asked there."""

    title: str
    name: str
    phone: str
    """Masked, except on the page of an officer who signed in."""


class Neighbour(BaseModel):
    """A gauge to hold the doubted one against."""

    site: str
    gauge: Gauge


class Evidence(BaseModel):
    """Of the site of an alert that is 存疑 or 失联."""

    cameras: list[str]
    neighbours: list[Neighbour]
    """Of the site itself, then of its catchment."""
    phones: list[Phone]


class Marked(BaseModel):
    """A doubted reading, and what a named person said of it."""

    sensor: str
    observed_at: datetime
    value: float | None
    verdict: str
    """real or false."""
    by: str
    """Their name."""
    why: str
    at: datetime


def evidence(service: Service, alert: Alert, *, phones: bool) -> Evidence | None:
    """None where the site left `config/`. `phones`: whole, else masked."""
    knowledge = service.settings.knowledge
    site = knowledge.sites.get(alert.site)
    if site is None:
        return None
    now, memory = service.clock.now(), service.ingest.memory
    near = [one for one in knowledge.sites.values() if one == site or _drains_alike(one, site)]
    near.sort(key=lambda one: one != site)
    standings = [sites.standing(knowledge, memory, alert.scope, one, now) for one in near]
    return Evidence(
        cameras=[
            sensor.name or sensor.id
            for sensor in knowledge.sensors.values()
            if sensor.site == site.id and sensor.quantity == "detection"
        ],
        neighbours=[
            Neighbour(site=one.site.name, gauge=gauge_of(knowledge, gauge))
            for one in standings
            for gauge in one.gauges
            if gauge.sensor.id != alert.lead.sensor and gauge.sensor.quantity != "detection"
        ],
        phones=_phones(knowledge, site, now, whole=phones),
    )


def _drains_alike(one: Site, other: Site) -> bool:
    return bool(one.catchment) and one.catchment == other.catchment


def _phones(knowledge: Knowledge, site: Site, now: datetime, *, whole: bool) -> list[Phone]:
    """Of the site and of the village that it lies in, each person once."""
    people = knowledge.directory.people
    found: dict[str, Phone] = {}
    for duty in people.duties.values():
        if duty.role == DUTY_DESK or not (duty.site == site.id or duty.village == site.village):
            continue
        for person in people.holders(duty, now):
            number = person.phone or person.landline
            shown = number if whole else mask(number)
            found.setdefault(person.id, Phone(title=duty.title, name=person.name, phone=shown))
    return list(found.values())


def silent_in(knowledge: Knowledge, alert: Alert) -> list[str]:
    """Of a silent area (片区失联): each of its silent sensors, by name."""
    if not alert.site.startswith(AREA):
        return []
    found = (knowledge.sensors.get(id) for _, id in sorted(alert.contributions))
    return [sensor.name or sensor.id for sensor in found if sensor]


async def marks(service: Service, alert: Alert) -> list[Marked]:
    """What was said of the readings of this alert, oldest first."""
    persons = service.settings.knowledge.directory.people.persons
    return [
        Marked(
            sensor=one.sensor,
            observed_at=one.observed_at,
            value=one.value,
            verdict="real" if one.real else "false",
            by=persons[one.by].name if one.by in persons else one.by,
            why=one.why,
            at=one.at,
        )
        for one in await service.store.marks_of(alert)
    ]
