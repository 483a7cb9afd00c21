"""What is kept of the recent past from one batch to the next."""

from __future__ import annotations

from datetime import datetime

from monitor.alerting.alerts import Alert
from monitor.judging.draft import Draft
from monitor.judging.recall import alarmed, snapshot
from monitor.judging.recent import WINDOW, Cluster, Half, Recent, at
from monitor.judging.relived import World
from monitor.scope import Scope


def ended(draft: Draft, recent: Recent) -> list[Alert]:
    """The alerts that ended since the base, of any cluster, as they are written down."""
    outcome, base = draft.outcome, recent.base.at
    known = (*recent.ended, *outcome.ended, *outcome.alerts.values())
    newest = {one.id: one for one in known}
    return [a for a in newest.values() if a.cleared_at and not (base and a.cleared_at <= base)]


def close(draft: Draft) -> None:
    """At the end of a batch: what ended in it, and nothing from long before the window."""
    alarms = draft.alarmed
    for key, recent in draft.outcome.recents.items():
        cluster = draft.knowledge.clusters[key.sensor]
        if recent.ended or alarms:
            recent = recent._replace(ended=_ended(draft, recent, cluster, key.scope))
        if recent.newest is not None and recent.moments and not recent.apart:
            recent = _kept(draft, recent, recent.newest, cluster, key.scope)
        draft.outcome.recents[key] = recent


def _kept(draft: Draft, recent: Recent, newest: datetime, cluster: Cluster, scope: Scope) -> Recent:
    """What goes on from here: at least the window, and seldom more than twice as much."""
    half = recent.half
    if half is not None and newest - half.at > WINDOW:
        recent = Recent(half.now, recent.moments[half.through :], newest, recent.ended)
        recent = recent._replace(ended=_ended(draft, recent, cluster, scope))
    elif half is None and newest - at(recent.moments[0]) > 2 * WINDOW:
        recent = _lived_until(draft, recent, newest - WINDOW, cluster, scope)
    if recent.half is None and not alarmed(draft, recent, cluster, scope):
        now = snapshot(draft, scope, cluster)
        recent = recent._replace(half=Half(newest, now, len(recent.moments)))
    return recent


def _lived_until(
    draft: Draft, recent: Recent, cut: datetime, cluster: Cluster, scope: Scope
) -> Recent:
    """Without what was until `cut`: it is judged again, to know what was known then."""
    world = World(draft, recent.base)
    world.relive(moment for moment in recent.moments if at(moment) <= cut)
    base = snapshot(world.draft, scope, cluster)
    kept = tuple(moment for moment in recent.moments if at(moment) > cut)
    shorter = Recent(base, kept, recent.newest, recent.ended)
    return shorter._replace(ended=_ended(draft, shorter, cluster, scope))


def _ended(draft: Draft, recent: Recent, cluster: Cluster, scope: Scope) -> tuple[Alert, ...]:
    places = cluster.places(scope)
    return tuple(a for a in ended(draft, recent) if (a.scope, a.site, a.hazard) in places)
