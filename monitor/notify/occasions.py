"""A change of an alert → the occasion of its messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from monitor.alerting.alerts import CALLS, Alert, Transition
from monitor.alerting.areas import AREA
from monitor.alerting.severity import ZH, Condition
from monitor.notify.calling import Occasion
from monitor.notify.codes import code_for, codes_for
from monitor.notify.directory import Directory
from monitor.notify.phrases import facts
from monitor.notify.tiers import seen_at
from monitor.reference.places import Area, Named, Site, SiteKind

_UNKNOWN: Mapping[str, Any] = {"kind": SiteKind.RIVER, "village": "unknown"}


def occasion_of(
    directory: Directory,
    site: Site,
    transition: Transition,
    now: datetime,
    taken: Collection[str] = (),
) -> Occasion:
    """What everyone is told about a change; `taken`: digits that are in use."""
    alert, change, at = transition.alert, transition.change, transition.at
    cause = alert.scope.id("escalation", alert.id, change, alert.severity.name, at.isoformat())
    is_doubt = alert.condition is Condition.SUSPECT
    code, no_code = codes_for(cause, taken) if is_doubt else (code_for(cause, taken), "")
    # whatever made it a matter again, the level is of its own minute; and that it fell is of the
    # minute when it did, however long its gauge was silent before
    seen = seen_at(alert, alert.lead.observed_at) if change in CALLS else at
    said = facts(directory, site, alert, seen)
    said["old"] = ZH[transition.before]
    return Occasion(
        directory, alert.scope, alert.id, cause, alert.severity, said, now, code,
        no_code,
    )  # fmt: skip


def site_of(directory: Directory, alert: Alert) -> Site:
    """The site as it is known, by the name of the village that somebody called for where that
    speaks for the alert; of an area those of its silent sensors. One that left `config/`
    while people are on their way keeps its id for a name, so that they can still be told."""
    if alert.site.startswith(AREA):
        lost = (alert.lead, *alert.contributions.values())
        sensors = (directory.sensors.get(one.sensor) for one in lost)
        sites = dict.fromkeys(sensor.site for sensor in sensors if sensor)
        parts = tuple(directory.sites[id] for id in sites if id in directory.sites)
        if parts:
            return Area.of(alert.site, parts)
        return Site(id="gone", name=f"{alert.site.removeprefix(AREA)}片区", **_UNKNOWN)
    known = directory.sites.get(alert.site)
    if known and (village := directory.villages.get(alert.lead.village)):
        return Named.of(known, village)
    return known or Site(id=alert.site, name=alert.site, **_UNKNOWN)
