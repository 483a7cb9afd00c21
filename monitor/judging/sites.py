"""Every site as it stands now, from what is known and remembered: for the desk and the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alerting import condition
from monitor.alerting.alerts import leading
from monitor.alerting.contribution import Contribution
from monitor.alerting.severity import Condition, Severity
from monitor.judging.memory import Knowledge, Memory, SensorKey
from monitor.reference.places import Sensor, Site
from monitor.scope import Scope


@dataclass(frozen=True, slots=True)
class Gauge:
    """One sensor and its last good value."""

    sensor: Sensor
    condition: Condition
    value: float | None
    """Canonical; None: it never said one that judges, or so long ago that it is forgotten."""
    observed_at: datetime | None
    is_out: bool
    """Out of service (停用): it measures nothing that is believed."""
    stands_in_for: tuple[str, ...] = ()
    """Sensors of the same quantity here that cannot be believed now: this one is used instead."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One site."""

    site: Site
    condition: Condition | None
    """None: nothing measures there."""
    severity: Severity
    lead: Contribution | None
    """What speaks for it; None: nothing stands there."""
    gauges: tuple[Gauge, ...]


def standings(
    knowledge: Knowledge, memory: Memory, scope: Scope, now: datetime
) -> Iterator[Standing]:
    """In the order of `places.yaml`."""
    sensors: dict[str, dict[str, Sensor]] = {}
    for sensor in knowledge.sensors.values():
        sensors.setdefault(sensor.site, {})[sensor.id] = sensor
    stands: dict[str, list[Contribution]] = {}
    for place, alert in memory.alerts.items():
        for one in alert.contributions.values() if place.scope == scope else ():
            for site_id in {place.site, _site_of(knowledge, one.sensor)}:
                stands.setdefault(site_id, []).append(one)
    for site in knowledge.sites.values():
        own = sensors.get(site.id, {})
        gauges = tuple(_gauges(knowledge, memory, scope, own, now))
        yield _standing(site, stands.get(site.id, ()), gauges)


def standing(
    knowledge: Knowledge, memory: Memory, scope: Scope, site: Site, now: datetime
) -> Standing:
    """One site as it stands."""
    return next(s for s in standings(knowledge, memory, scope, now) if s.site.id == site.id)


def _standing(site: Site, stands: Sequence[Contribution], gauges: tuple[Gauge, ...]) -> Standing:
    replaced = {sensor for gauge in gauges for sensor in gauge.stands_in_for}
    in_use = [g.condition for g in gauges if not g.is_out and g.sensor.id not in replaced]
    lead = leading(stands) if stands else None
    severity = lead.severity if lead else Severity.NORMAL
    return Standing(site, condition.of_site(stands, in_use), severity, lead, gauges)


def _site_of(knowledge: Knowledge, sensor: str) -> str:
    """ "" for who rang: a call by hand has no sensor."""
    return knowledge.sensors[sensor].site if sensor in knowledge.sensors else ""


def _gauges(
    knowledge: Knowledge,
    memory: Memory,
    scope: Scope,
    own: Mapping[str, Sensor],
    now: datetime,
) -> Iterator[Gauge]:
    tracks = {id: memory.tracks.get(SensorKey(scope, id)) for id in own}
    words = {id: condition.of_sensor(s, tracks[id], now) for id, s in own.items()}
    for id, sensor in own.items():
        outage = memory.outages.get(SensorKey(scope, id))
        track = tracks[id]
        good = track.last_good if track else None
        doubted = tuple(
            twin for twin in knowledge.twins.get(id, ()) if words[twin] is not Condition.OK
        )
        yield Gauge(
            sensor,
            words[id],
            good.value if good else None,
            good.observed_at if good else None,
            outage is not None and outage.is_out,
            doubted if words[id] is Condition.OK else (),
        )
