"""A device that said more than its quota: only the newest of it was judged."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen


class Parameters(Frozen):
    grace: Duration = timedelta(days=1)
    """To quieten it."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today = facts.today(now)
    due = due_after(today, today, parameters.grace)

    def finding(device: str, count: int) -> Finding:
        sensor = facts.sensors.get(device)
        name = (sensor.name if sensor else "") or device
        text = f"{name}一天内超量发来{count}条，只判了其中最新的，请检修设备"
        owner = facts.owner(sensor.owner if sensor else None)
        return plainly(("sensor_flood", device, ""), owner, "设备刷屏", text, due)

    return tuple(finding(device, count) for device, count in sorted(facts.floods.items()))


CHECK = Check("sensor_flood", Parameters, _find)
