"""This machine's wall clock was stepped while the service ran: ours went on as it was, and the
new time is adopted at the next restart."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.facts import Facts
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen


class Parameters(Frozen):
    most: Duration = timedelta(seconds=2)
    """A smaller difference is the clocks' own."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    step = facts.clock_step
    if abs(step) <= parameters.most:
        return ()
    way = "快" if step > timedelta(0) else "慢"
    seconds = abs(step).total_seconds()
    text = f"本机时钟被调{way}了{seconds:.0f}秒，服务仍按原时间走，核对时间后重启服务"
    today = facts.today(now)
    return (plainly(("clock_step", "", ""), facts.desk(), "时钟跳变", text, today),)


CHECK = Check("clock_step", Parameters, _find)
