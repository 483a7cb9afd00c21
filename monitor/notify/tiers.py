"""Which tier of a policy holds, which roles it reaches, which templates they read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from monitor.alerting.alerts import Alert
from monitor.alerting.areas import AREA
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.trusted_time import late_after
from monitor.notify.directory import Directory
from monitor.notify.phrases import quantity_of
from monitor.notify.policy import Policy, Tier

_DOUBTS = (Condition.SUSPECT, Condition.SILENT, Condition.SILENT_WHILE_RISING)

_FLOWING = ("level", "discharge", "")
"""What says that water is on its way: the river, or a person. Rain alone has no travel time."""


def is_doubt(alert: Alert) -> bool:
    """Whether the alert is 存疑 or 失联: its own tier and words. From orange up it is told as
    real: a gauge that falls silent at red does not make the matter smaller. So is a silence that
    a second sign bears out."""
    is_unsure = alert.condition in _DOUBTS and not alert.lead.is_real
    return is_unsure and alert.severity <= Severity.YELLOW


def seen_at(alert: Alert, at: datetime) -> datetime:
    """The moment that a message speaks of: when it began to be doubted, or the last word of a
    gauge that is silent; else `at`."""
    return at if alert.lead.condition is Condition.OVER else alert.lead.since


def _doubt_uses(condition: Condition, rising: bool) -> tuple[str, ...]:
    if condition is Condition.SUSPECT:
        return ("suspect", "suspect_plain")
    return ("silent" if rising else "silent_over", "silent_plain")


def is_sighting(directory: Directory, alert: Alert) -> bool:
    """Whether a camera speaks: somebody is on the bridge."""
    return quantity_of(directory, alert) == "detection"


def is_reported(directory: Directory, alert: Alert) -> bool:
    """Whether the county must hear of it within the local clock."""
    is_sure = not is_doubt(alert) and not is_sighting(directory, alert)
    return is_sure and alert.severity >= Severity.ORANGE


def tier_for(policy: Policy | None, alert: Alert) -> Tier | None:
    """The tier of a doubt, else of the severity, else of the nearest severity below."""
    if policy is None:
        return None
    if is_doubt(alert):
        doubt = policy.suspect if alert.condition is Condition.SUSPECT else policy.silent
        if doubt is not None:
            return doubt
    return next(_down_from(policy, alert.severity), None)


def roles_told(policy: Policy | None, alert: Alert, severity: Severity) -> tuple[str, ...]:
    """Everyone told at that severity: of its own tier and of all below; of a doubt, its own."""
    if policy is None:
        return ()
    own = tier_for(policy, alert) if is_doubt(alert) else None
    tiers = (own,) if own else _down_from(policy, severity)
    return tuple(dict.fromkeys(role for tier in tiers for role in (*tier.answer, *tier.tell)))


def _down_from(policy: Policy, severity: Severity) -> Iterator[Tier]:
    """From that severity down to blue, those that are set."""
    ladder = (policy.blue, policy.yellow, policy.orange, policy.red)
    yield from (tier for tier in reversed(ladder[: int(severity)]) if tier)


def is_old(directory: Directory, alert: Alert, now: datetime) -> bool:
    """Whether what speaks for the alert was said so long ago that it must not read as of now."""
    sensor = directory.sensors.get(alert.lead.sensor)
    patience = late_after(sensor.interval if sensor else timedelta(0))
    return alert.lead.condition is Condition.OVER and now - alert.lead.observed_at > patience


def uses_for(
    directory: Directory, alert: Alert, has_heard: bool, is_downstream: bool, now: datetime
) -> tuple[str, ...]:
    """Templates in order of liking; the last one fits always."""
    level = alert.severity.name.lower()
    last = f"{level}_plain"
    if is_doubt(alert):
        rising = alert.lead.rate is not None and alert.lead.rate > 0
        area = ("silent_area",) if alert.site.startswith(AREA) else ()
        return (*area, *_doubt_uses(alert.condition, rising), last)
    if alert.condition is Condition.SILENT_WHILE_RISING:
        return (f"{level}_silent", last)
    if is_sighting(directory, alert):
        return ("bridge", last)
    flows = is_downstream and quantity_of(directory, alert) in _FLOWING
    first = ("downstream",) if flows and alert.severity >= Severity.YELLOW else ()
    worse = (f"worse_{level}",) if has_heard else ()
    if is_old(directory, alert, now):
        return (*first, f"{level}_still", f"{level}_hand_still", last)
    return (*first, *worse, level, f"{level}_measured", f"{level}_hand", last)


def superior_uses(
    directory: Directory, alert: Alert, why: str = "", is_leader: bool = False
) -> tuple[str, ...]:
    """What the next one reads when those below were silent: what it is about, and what to do.

    `why`: DEAD where nobody could hear the calls, UNCALLED where none was sent yet; neither must
    read as if nobody had answered.
    A doubt passes from whoever could not settle it to whoever can go and look, and to the leader
    on duty (`is_leader`) as 未核实.
    """
    kind: tuple[str, ...] = ()
    if is_sighting(directory, alert):
        kind = ("superior_bridge",)
    elif is_doubt(alert) and alert.condition is Condition.SUSPECT:
        look = "unverified" if is_leader else "suspect_look"
        return (look, f"{look}_plain", "superior_vacant")
    elif is_doubt(alert):
        kind = ("superior_silent",)
    uses = (*kind, "superior")
    return (*(use + why for use in uses), "superior_vacant")
