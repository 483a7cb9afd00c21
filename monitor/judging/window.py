"""What is kept of the recent past from one batch to the next."""

from __future__ import annotations

from monitor.alerting.alerts import Alert
from monitor.judging.draft import Draft
from monitor.judging.recall import snapshot
from monitor.judging.recent import WINDOW, Cluster, Recent, at
from monitor.judging.relived import World
from monitor.scope import Scope


def ended(draft: Draft, recent: Recent) -> list[Alert]:
    """The alerts that ended since the base, of any cluster, as they are written down."""
    outcome, base = draft.outcome, recent.base.at
    known = (*recent.ended, *outcome.ended, *outcome.alerts.values())
    newest = {one.id: one for one in known}
    return [a for a in newest.values() if a.cleared_at and not (base and a.cleared_at <= base)]


def close(draft: Draft) -> None:
    """At the end of a batch: what ended in it, and nothing from before the window."""
    alarmed, longest = draft.alarmed, 2 * WINDOW
    for key, recent in draft.outcome.recents.items():
        cluster = draft.knowledge.clusters[key.sensor]
        if recent.ended or alarmed:
            places = cluster.places(key.scope)
            past = tuple(a for a in ended(draft, recent) if (a.scope, a.site, a.hazard) in places)
            recent = recent._replace(ended=past)
        if recent.spans > longest and not recent.apart:
            recent = _shortened(draft, recent, cluster, key.scope)
        draft.outcome.recents[key] = recent


def _shortened(draft: Draft, recent: Recent, cluster: Cluster, scope: Scope) -> Recent:
    assert recent.newest is not None
    cut = recent.newest - WINDOW
    alarmed = draft.alarmed and any(map(draft.alert, cluster.places(scope)))
    if not alarmed and (shorter := recent.calmly_shortened(cut)):
        return shorter
    world = World(draft, recent.base)
    world.relive(moment for moment in recent.moments if at(moment) <= cut)
    base = snapshot(world.draft, scope, cluster)
    kept = tuple(moment for moment in recent.moments if at(moment) > cut)
    known = zip(recent.moments, recent.afters, strict=False)
    afters = tuple(after for moment, after in known if at(moment) > cut)
    shorter = Recent(base, kept, recent.newest, recent.ended, afters=afters)
    places = cluster.places(scope)
    past = (a for a in ended(draft, shorter) if (a.scope, a.site, a.hazard) in places)
    return shorter._replace(ended=tuple(past))
