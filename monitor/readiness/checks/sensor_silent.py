"""A sensor that has not spoken for three of its intervals, at least ten minutes (失联).

This tells the device's owner that it is out of order; the `silence` rule is what alerts. When all
sensors behind one gateway are silent the gateway is told, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.places import Sensor
from monitor.reference.units import Duration, Frozen


class Parameters(Frozen):
    at_least: Duration = timedelta(minutes=10)
    grace: Duration = timedelta(days=3)
    """To mend it."""


def _speaks_on_its_own(sensor: Sensor) -> bool:
    """Cameras speak of persons and some gauges only above a level: their silence is normal."""
    return sensor.reports == "always" and sensor.quantity != "detection"


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    def silent(sensor: Sensor) -> bool:
        since = max(facts.last_heard.get(sensor.id, facts.listening_since), facts.listening_since)
        return now - since > max(3 * sensor.interval, parameters.at_least)

    own = (s for s in facts.sensors.values() if _speaks_on_its_own(s))
    watched = [s for s in own if s.id not in facts.outages]
    dead = _dead_gateways(watched, [s for s in watched if silent(s)])
    through = {sensor.id for sensors in dead.values() for sensor in sensors}
    alone = (s for s in watched if silent(s) and s.id not in through)
    return (
        *(_of_gateway(facts, parameters, name, sensors, now) for name, sensors in dead.items()),
        *(_of_sensor(facts, parameters, sensor, now) for sensor in alone),
    )


def _dead_gateways(
    watched: Iterable[Sensor], silent: Collection[Sensor]
) -> dict[str, list[Sensor]]:
    """Those of which every sensor is silent, and several are: it is not the sensors."""
    behind: dict[str, list[Sensor]] = {}
    for sensor in watched:
        if sensor.gateway is not None:
            behind.setdefault(sensor.gateway, []).append(sensor)
    gone = {sensor.id for sensor in silent}
    return {
        name: sensors
        for name, sensors in behind.items()
        if len(sensors) > 1 and all(sensor.id in gone for sensor in sensors)
    }


def _of_gateway(
    facts: Facts, parameters: Parameters, name: str, sensors: Sequence[Sensor], now: datetime
) -> Finding:
    """Told to whoever owns most of the sensors behind it."""
    heard = [facts.last_heard[s.id] for s in sensors if s.id in facts.last_heard]
    last = _last(facts, max(heard, default=None))
    text = f"网关{name}失联，所带{len(sensors)}个传感器都无数据，{last}，请先检修网关"
    ((owner, _),) = Counter(facts.owner(sensor.owner) for sensor in sensors).most_common(1)
    key = ("sensor_silent", f"gateway:{name}", "")
    return plainly(key, owner, "网关失联", text, _due(facts, parameters, now))


def _of_sensor(facts: Facts, parameters: Parameters, sensor: Sensor, now: datetime) -> Finding:
    last = _last(facts, facts.last_heard.get(sensor.id))
    text = f"{sensor.name or sensor.id}失联，{last}，请检修"
    key, owner = ("sensor_silent", sensor.id, ""), facts.owner(sensor.owner)
    return plainly(key, owner, "测站失联", text, _due(facts, parameters, now))


def _due(facts: Facts, parameters: Parameters, now: datetime) -> date:
    today = facts.today(now)
    return due_after(today, today, parameters.grace)


def _last(facts: Facts, heard: datetime | None) -> str:
    zone = facts.directory.people.zone
    return f"末次{heard.astimezone(zone):%m-%d %H:%M}" if heard else "从未收到数据"


CHECK = Check("sensor_silent", Parameters, _find)
