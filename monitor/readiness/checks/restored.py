"""The store was put back from a backup: what came after the backup is not in it, and what waited in
it was not sent, for it may have been sent already."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.facts import Facts
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen


class Parameters(Frozen):
    stands: Duration = timedelta(days=3)
    """For so long the desk is reminded that there is a hole."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    known = facts.restored
    if known is None or now - known.at > parameters.stands:
        return ()
    zone = facts.directory.people.zone
    since, until = (f"{at.astimezone(zone):%m-%d %H:%M}" for at in (known.since, known.at))
    text = (
        f"数据由备份恢复，缺{since}至{until}；{known.withheld}条待发消息可能已发过，未再发，"
        "请核对在叫应的事项，必要时手工叫应"
    )
    key = ("restored", "", known.at.isoformat())
    return (plainly(key, facts.desk(), "恢复备份", text, facts.today(now)),)


CHECK = Check("restored", Parameters, _find)
