"""What ingest remembers, rebuilt from what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitor.alerting import fold
from monitor.ingest.observation import Observation
from monitor.ingest.track import rebuilt
from monitor.memory import Draft, Knowledge, Memory, RuleKey, SensorKey
from monitor.scope import Scope, Status
from monitor.store import alerts, answers, observations

LOOK_BACK = timedelta(days=7)
"""A sensor that has said nothing for longer begins anew."""
EACH = 64
"""Newest observations of a sensor that its track is rebuilt from: five hours of a 5-min gauge."""

Recent = dict[SensorKey, Sequence[Observation]]


def load(conn: sa.Connection, knowledge: Knowledge, now: datetime) -> Memory:
    """Active alerts, rule states, tracks and closed sites, of what is real and of every drill.

    How far a ladder has come is no part of it: that is the escalate worker's.
    """
    rows = observations.load_rule_states(conn)
    standing = alerts.active(conn)
    actual = Scope(knowledge.township, Status.ACTUAL, "")
    scopes = frozenset({actual, *(key.scope for key in rows), *(key.scope for key in standing)})
    recent = _recent(conn, knowledge, scopes, now)
    memory = Memory(
        listening_since=now,
        scopes=scopes,
        tracks={
            key: rebuilt(
                told, knowledge.sensors[key.sensor].interval, knowledge.quality[key.sensor]
            )
            for key, told in recent.items()
        },
        alerts=standing,
        closed_sites=answers.closed(conn),
    )
    _rebuild_trails(conn, Draft(knowledge, memory), rows, recent, now)
    return memory


def _recent(
    conn: sa.Connection, knowledge: Knowledge, scopes: frozenset[Scope], now: datetime
) -> Recent:
    return {
        SensorKey(scope, sensor): told
        for scope in scopes
        for sensor, told in observations.newest(conn, scope, now - LOOK_BACK, EACH).items()
        if sensor in knowledge.sensors
    }


def _rebuild_trails(
    conn: sa.Connection,
    draft: Draft,
    rows: dict[RuleKey, tuple[str, Any]],
    recent: Recent,
    now: datetime,
) -> None:
    """Fold each rule again over what came after its row; a window is filled from further back."""
    knowledge, memory = draft.knowledge, draft.memory
    for key, told in recent.items():
        for rule in knowledge.rules_by_sensor.get(key.sensor, ()):
            rule_key = RuleKey(key.scope, rule.id, key.sensor)
            params_hash, row = rows.get(rule_key, (rule.params_hash, None))
            if row is None and not rule.kind.window:
                continue  # a new rule begins with the next value
            if rule.kind.window:
                since = now - rule.kind.window - fold.KEPT_FOR
                told = observations.between(conn, key.scope, key.sensor, since, now + LOOK_BACK)
            around = draft.around(key.scope)
            trail = fold.rebuild(rule, params_hash, row, told, around)
            if trail is not None:
                memory.trails[rule_key] = trail
