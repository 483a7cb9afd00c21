"""What one batch adds to the recent past of a cluster."""

from __future__ import annotations

from monitor.alerting.alerts import untold
from monitor.judging.draft import Draft
from monitor.judging.memory import RuleKey, SensorKey
from monitor.judging.recent import Cluster, Moment, Recent, Snapshot
from monitor.scope import Scope


def cluster_of(draft: Draft, key: SensorKey) -> tuple[Cluster, SensorKey] | None:
    """The cluster of a sensor and the key of its recent past; None where no rule watches it."""
    cluster = draft.knowledge.clusters.get(key.sensor)
    if cluster is None:
        return None
    return cluster, key if cluster.name == key.sensor else SensorKey(key.scope, cluster.name)


def begin(draft: Draft, key: SensorKey) -> None:
    """To be called before anything of a sensor is changed: what was known is the base."""
    found = cluster_of(draft, key)
    if found is not None and draft.recent(found[1]) is None:
        base = snapshot(draft, key.scope, found[0])
        draft.outcome.recents[found[1]] = Recent(base, newest=base.at)


def remember(draft: Draft, key: SensorKey, moment: Moment) -> None:
    """One more moment of a sensor's cluster; `begin` was called."""
    found = cluster_of(draft, key)
    recent = draft.recent(found[1]) if found else None
    if found is not None and recent is not None:
        draft.outcome.recents[found[1]] = recent.with_moment(moment)


def snapshot(draft: Draft, scope: Scope, cluster: Cluster) -> Snapshot:
    """What is known now of a cluster, without what people were told."""
    sensors = (SensorKey(scope, sensor) for sensor in cluster.sensors)
    tracks = {key: track for key in sensors if (track := draft.track(key))}
    rules = (RuleKey(scope, rule.id, i) for rule in cluster.rules for i in rule.sensors)
    trails = {key: trail for key in rules if (trail := draft.trail(key))}
    places = ((place, draft.alert(place)) for place in cluster.places(scope))
    alerts = {place: untold(alert) for place, alert in places if alert is not None}
    spoken = (track.last.observed_at for track in tracks.values() if track.last)
    return Snapshot(max(spoken, default=None), tracks, trails, alerts)


def alarmed(draft: Draft, recent: Recent, cluster: Cluster, scope: Scope) -> bool:
    """Whether anything stands or stood lately: else the order among sensors does not matter."""
    if recent.ended or recent.base.alerts:
        return True
    changed = draft.outcome.alerts
    return draft.alarmed and any(
        place in changed or draft.alert(place) for place in cluster.places(scope)
    )
