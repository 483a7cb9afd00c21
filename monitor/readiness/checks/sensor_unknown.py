"""Readings of a sensor that is not in `config/`: a new device nobody entered, or a wrong id."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen, Slug


class Parameters(Frozen):
    grace: Duration = timedelta(days=3)
    """To enter it, or to put the device right."""
    owner: Slug | None = None
    """The duty that is told; None: the desk."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today = facts.today(now)
    due, owner = due_after(today, today, parameters.grace), facts.owner(parameters.owner)
    return tuple(
        plainly(
            ("sensor_unknown", name, ""),
            owner,
            "未登记设备",
            f"未登记的设备“{name}”一天内来了{count}条数据，请登记或核对编号",
            due,
        )
        for name, count in sorted(facts.unknown.items())
    )


CHECK = Check("sensor_unknown", Parameters, _find)
