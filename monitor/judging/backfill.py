"""Values that come hours late: the stretch is judged as a backtest of it would judge.

Memory does not reach so far. The store gives what it holds of the cluster, from a time on at which
nothing stood. As that may not be all that was known then (what people ordered, what time alone
changed), the stretch is first judged as it was: only what comes out there as it is written down is
set right by what came late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from monitor.ingest.assess import Seen
from monitor.ingest.observation import Observation
from monitor.ingest.outage import OUT_OF_SERVICE
from monitor.ingest.reading import Reading
from monitor.judging.draft import Draft
from monitor.judging.hindsight import Again
from monitor.judging.memory import SensorKey
from monitor.judging.recall import cluster_of, snapshot
from monitor.judging.recent import FURTHEST, Past, Recent, Snapshot
from monitor.judging.relived import World

Pasts = Mapping[SensorKey, Past]
"""By the name of a cluster."""
NO_PASTS: Pasts = {}


def missed(draft: Draft, intake: Iterable[Reading], seen: Seen | None) -> dict[SensorKey, datetime]:
    """Clusters of which a reading is older than what memory can judge again, and not known yet:
    the time from which the store is asked. Nothing of `draft` is changed."""
    wanted: dict[SensorKey, datetime] = {}
    for reading in intake:
        when = reading.device_time
        if when is None or reading.retained:
            continue
        key = SensorKey(reading.scope, reading.sensor)
        found = cluster_of(draft, key)
        if found is None:
            continue
        recent = draft.recent(found[1])
        base = recent.base if recent else snapshot(draft, key.scope, found[0])
        known = seen is not None and (*key, reading.key) in seen
        if base.at and when < base.at and not known and base.at - when < FURTHEST:
            wanted[found[1]] = min(when, wanted.get(found[1], when))
    return wanted


def far_back(draft: Draft, name: SensorKey, lates: Sequence[Observation], past: Past) -> None:
    """Judge values that are older than what memory can judge again, as a backtest of the stretch
    would, from a time on at which nothing stood."""
    cluster = draft.knowledge.clusters[name.sensor]
    recent = draft.recent(name)
    came = [
        one
        for one in draft.outcome.observations
        if one.scope == name.scope and one.sensor in cluster.sensors and _counts(one)
    ]
    live = [one for one in came if one not in lates]
    known = [*filter(_counts, past.observations), *live]
    base = Snapshot(past.since, {}, {}, {})
    before = World(draft, base, known)
    before.relive(known)
    newest = max(one.observed_at for one in (*known, *lates))
    over = (*past.alerts, *(recent.ended if recent else ()))
    stretch = Recent(base, (*known, *lates), newest, over)
    late = max(lates, key=lambda one: one.observed_at)
    others = [one for one in lates if one is not late]
    Again(draft, cluster, name, stretch, late, others, before).judge(World(draft, base, known))
    present = snapshot(draft, name.scope, cluster)
    draft.outcome.recents[name] = Recent(present, newest=present.at)


def _counts(one: Observation) -> bool:
    return not one.retained and OUT_OF_SERVICE not in one.reasons
