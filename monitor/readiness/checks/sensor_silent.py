"""A sensor that has not spoken for three of its intervals, at least ten minutes (失联).

This tells the device's owner that it is out of order; the `silence` rule is what alerts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

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
    today = facts.today(now)

    def finding(sensor: Sensor) -> Finding:
        heard = facts.last_heard.get(sensor.id)
        zone = facts.directory.people.zone
        last = f"末次{heard.astimezone(zone):%m-%d %H:%M}" if heard else "从未收到数据"
        text = f"{sensor.name or sensor.id}失联，{last}，请检修"
        due = due_after(today, today, parameters.grace)
        return plainly(
            ("sensor_silent", sensor.id, ""), facts.owner(sensor.owner), "测站失联", text, due
        )

    def silent(sensor: Sensor) -> bool:
        since = max(facts.last_heard.get(sensor.id, facts.listening_since), facts.listening_since)
        return now - since > max(3 * sensor.interval, parameters.at_least)

    own = (s for s in facts.sensors.values() if _speaks_on_its_own(s))
    watched = (s for s in own if s.id not in facts.outages)
    return tuple(finding(s) for s in watched if silent(s))


CHECK = Check("sensor_silent", Parameters, _find)
