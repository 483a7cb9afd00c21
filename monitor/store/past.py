"""What lies further back than memory, for values that come so late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from monitor.judging.memory import Knowledge, SensorKey
from monitor.judging.recent import FURTHEST, Cluster, Past, quiet_since
from monitor.scope import Scope
from monitor.store import alerts, observations


def pasts(
    conn: sa.Connection, knowledge: Knowledge, wanted: Mapping[SensorKey, datetime], now: datetime
) -> dict[SensorKey, Past]:
    """Of each cluster all from before the time that is wanted, back to where nothing stood; left
    out where that is too long ago."""
    found = {}
    for name, when in wanted.items():
        past = _past(conn, name.scope, knowledge.clusters[name.sensor], when, now)
        if past is not None:
            found[name] = past
    return found


def _past(
    conn: sa.Connection, scope: Scope, cluster: Cluster, when: datetime, now: datetime
) -> Past | None:
    places = cluster.places(scope)
    stood = [
        one
        for one in alerts.since(conn, scope, when - 2 * FURTHEST)
        if (one.scope, one.site, one.hazard) in places
    ]
    since = quiet_since(when, cluster.lead, stood)
    if since is None:
        return None
    heard = [
        one
        for sensor in cluster.sensors
        for one in observations.between(conn, scope, sensor, since, now + FURTHEST)
    ]
    over = (one for one in stood if one.cleared_at and one.cleared_at > since)
    return Past(since, tuple(heard), tuple(over))
