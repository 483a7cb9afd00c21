"""A sensor out of service (停用): found until it is back; overdue once its repair date is past."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.ingest.outage import Outage
from monitor.readiness.calendar import in_words
from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen


class Parameters(Frozen):
    grace: Duration = timedelta(days=1)
    """Once the repair date has passed."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today = facts.today(now)

    def finding(outage: Outage) -> Finding:
        sensor, by = facts.sensors[outage.sensor], outage.repair_by
        person = facts.directory.people.persons.get(outage.owner)
        overdue = by < today
        text = f"{sensor.name or sensor.id}停用，由{outage.substitute}代替"
        text += f"，负责人{person.name if person else outage.owner}"
        text += f"，应于{in_words(by)}前修复" + ("，已逾期" if overdue else "")
        kind = "停用逾期" if overdue else "测站停用"
        due = due_after(today, today, parameters.grace) if overdue else by
        # overdue is news of its own: its owner is told again
        period = f"overdue {by.isoformat()}" if overdue else ""
        key = ("sensor_out", sensor.id, period)
        return plainly(key, facts.owner(sensor.owner), kind, text, due)

    return tuple(finding(one) for id, one in facts.outages.items() if id in facts.sensors)


CHECK = Check("sensor_out", Parameters, _find)
