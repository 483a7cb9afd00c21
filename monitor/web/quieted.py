"""How a silence and a sensor out of service look: by whom, why, until when."""

from __future__ import annotations

import json
from datetime import date, datetime

from pydantic import BaseModel

from monitor.acts import SHORT_ID, quiet
from monitor.alerting.alerts import Alert
from monitor.alerting.severity import ZH, Severity
from monitor.alerting.silences import WITHHELD, Silence
from monitor.ingest.outage import Outage
from monitor.web.service import Service


class Quiet(BaseModel):
    """A silence (暂停提醒) in force."""

    id: str
    short_id: str
    drill: str
    place: str
    place_name: str
    hazard: str
    """"" where a sensor is named."""
    owner: str
    reason: str
    by: str
    since: datetime
    until: datetime
    asked_until: datetime
    """Later than `until` while a second person has yet to agree."""
    awaits_second: bool
    agreed_by: str


class Out(BaseModel):
    """A sensor out of service (停用), or one that a second person has to agree about."""

    sensor: str
    sensor_name: str
    site: str
    site_name: str
    no_gauge: bool
    """Whether the site has no other sensor of that quantity in service (无仪器)."""
    owner: str
    substitute: str
    repair_by: date
    is_overdue: bool
    reason: str
    by: str
    since: datetime
    awaits_second: bool
    agreed_by: str


class Hush(BaseModel):
    """What a silence kept from people about one alert."""

    until: datetime
    owner: str
    reason: str
    untold: list[str]
    """In order: the hour and the level that nobody was told."""


async def quiet_ones(here: Service) -> list[Quiet]:
    """Every silence in force, of drills too, soonest over first."""
    return [_quiet(here, one) for one in await here.store.silences()]


async def out_ones(here: Service) -> list[Out]:
    """Sensors out of service, and those that a second person has to agree about."""
    known = await here.store.outages()
    standing = [one for one in known if one.back_at is None and one.scope == here.desk.actual]
    sensors = here.desk.knowledge.sensors
    return [_out(here, one, known) for one in standing if one.sensor in sensors]


async def hush_of(here: Service, alert: Alert) -> Hush | None:
    """The silence beneath which an alert stands, and what it kept from people; None: none."""
    known = await here.store.silenced([alert.id])
    if alert.id not in known:
        return None
    silence = known[alert.id]
    zone = here.desk.knowledge.directory.people.zone
    untold = []
    for line in await here.store.journal(alert.scope, subject=alert.id):
        told = json.loads(line.text)
        facts, at = told["facts"], datetime.fromisoformat(told["at"])
        if at < silence.since or told["event"] != "route.not_told":
            continue
        if str(facts.get("reason", "")).startswith(WITHHELD):
            level = ZH[Severity[facts["severity"]]]
            untold.append(f"{at.astimezone(zone):%H:%M} {level}级")
    return Hush(
        until=silence.until,
        owner=_name(here, silence.owner),
        reason=silence.reason,
        untold=untold,
    )


def _quiet(here: Service, one: Silence) -> Quiet:
    zone = here.desk.knowledge.directory.people.zone
    place = one.sensor or one.site
    return Quiet(
        id=one.id,
        short_id=one.id[:SHORT_ID],
        drill=one.scope.drill_id,
        place=place,
        place_name=quiet.name_of(here.desk, place),
        hazard=one.hazard,
        owner=_name(here, one.owner),
        reason=one.reason,
        by=_name(here, one.by),
        since=one.since.astimezone(zone),
        until=one.until.astimezone(zone),
        asked_until=one.asked_until.astimezone(zone),
        awaits_second=one.awaits_second,
        agreed_by=_name(here, one.agreed_by),
    )


def _out(here: Service, one: Outage, known: list[Outage]) -> Out:
    knowledge = here.desk.knowledge
    zone, sensor = knowledge.directory.people.zone, knowledge.sensors[one.sensor]
    return Out(
        sensor=one.sensor,
        sensor_name=sensor.name or sensor.id,
        site=sensor.site,
        site_name=quiet.name_of(here.desk, sensor.site),
        no_gauge=one.is_out and not quiet.has_gauge(here.desk, sensor, known),
        owner=_name(here, one.owner),
        substitute=one.substitute,
        repair_by=one.repair_by,
        is_overdue=one.repair_by < here.clock.now().astimezone(zone).date(),
        reason=one.reason,
        by=_name(here, one.by),
        since=one.since.astimezone(zone),
        awaits_second=one.awaits_second,
        agreed_by=_name(here, one.agreed_by),
    )


def _name(here: Service, person: str) -> str:
    known = here.desk.knowledge.directory.people.persons.get(person)
    return known.name if known else person
