"""A sensor whose newest reading was doubted: a stuck value, a wrong clock, the device's own remark.

This tells the device's owner; a doubted value asks the duty desk by the `limit` rule.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen

_WORDS = {
    "flat line": "数据长时间不变，疑似卡住",
    "clock ahead": "时钟快了",
    "clock before installation": "时钟未校准",
    "clock off": "时钟慢了",
    "device remark": "设备自报异常",
    "gross range": "数值超出量程",
    "sentinel": "设备报无数据",
    "no value": "设备报无数据",
}
"""Reasons of an observation that speak of the device; a spike or a fast rise may be the water."""


class Parameters(Frozen):
    grace: Duration = timedelta(days=3)
    """To mend it."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today = facts.today(now)
    due = due_after(today, today, parameters.grace)
    found = []
    for sensor in facts.sensors.values():
        said = dict.fromkeys(
            _WORDS[reason] for reason in facts.doubts.get(sensor.id, ()) if reason in _WORDS
        )
        if said and sensor.id not in facts.outages:
            text = f"{sensor.name or sensor.id}{'、'.join(said)}，请检修"
            key = ("sensor_doubtful", sensor.id, "")
            found.append(plainly(key, facts.owner(sensor.owner), "测站异常", text, due))
    return tuple(found)


CHECK = Check("sensor_doubtful", Parameters, _find)
