"""Readings that a device numbered and that never came: the link or the broker lost them.

A device with a buffer sends them again, and the finding closes; of one without a buffer they are
gone, and the finding stands for the day that is looked at.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen

NAMED = 3
"""Gaps that the text names one by one."""


class Parameters(Frozen):
    grace: Duration = timedelta(days=3)
    """To see to the link."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today = facts.today(now)
    due = due_after(today, today, parameters.grace)
    found = []
    for id, gaps in sorted(facts.gaps.items()):
        if (sensor := facts.sensors.get(id)) is None:
            continue
        missing = sum(gap.last - gap.first + 1 for gap in gaps)
        spans = "、".join(
            str(gap.first) if gap.first == gap.last else f"{gap.first}–{gap.last}"
            for gap in gaps[:NAMED]
        )
        more = f"等{len(gaps)}处" if len(gaps) > NAMED else ""
        text = f"{sensor.name or id}一天内缺{missing}条数据（序号{spans}{more}），请检查通信"
        key = ("sensor_gap", id, "")
        found.append(plainly(key, facts.owner(sensor.owner), "数据缺漏", text, due))
    return tuple(found)


CHECK = Check("sensor_gap", Parameters, _find)
"""The sweep looks at the last day, and at no gap younger than two minutes."""
