"""What ingest remembers, rebuilt from what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitor.alerting import fold
from monitor.ingest.observation import Observation
from monitor.ingest.outage import OUT_OF_SERVICE
from monitor.ingest.track import rebuilt
from monitor.judging.draft import Draft
from monitor.judging.memory import Knowledge, Memory, RuleKey, SensorKey
from monitor.scope import Scope, Status
from monitor.store import alerts, answers, ladders, observations, quiet, restoring

LOOK_BACK = timedelta(days=7)
"""A sensor that has said nothing for longer begins anew."""
AHEAD = timedelta(minutes=2)
"""What was observed later than this from now comes of a clock of ours that ran ahead before it was
set right: it is not remembered, or every value until then would be older and judge nothing."""
EACH = 64
"""Newest observations of a sensor that its track is rebuilt from: five hours of a 5-min gauge."""
AT_ONCE = 1000
"""Sensors to a query: ten thousand at once would take 400 MB."""

Rows = dict[RuleKey, tuple[str, Any]]
"""Of rule_states: params hash and JSON."""


def load(conn: sa.Connection, knowledge: Knowledge, now: datetime) -> Memory:
    """Active alerts with their codes, rule states, tracks and closed sites, of every scope.

    How far a ladder has come is no part of it: that is the escalate worker's.
    """
    rows = observations.load_rule_states(conn)
    standing = alerts.active(conn)
    actual = Scope(knowledge.township, Status.ACTUAL, "")
    memory = Memory(
        listening_since=now,
        scopes=frozenset({actual, *(k.scope for k in rows), *(k.scope for k in standing)}),
        alerts=standing,
        closed_sites=answers.closed(conn),
        silences={one.id: one for one in quiet.silences(conn)},
        outages={SensorKey(one.scope, one.sensor): one for one in quiet.outages(conn)},
        codes=ladders.codes(conn),
        anew=restoring.anew(conn),
    )
    draft = Draft(knowledge, memory)
    for key, told in _recent(conn, knowledge, memory.scopes, now):
        sensor, standard = knowledge.sensors[key.sensor], knowledge.quality[key.sensor]
        memory.tracks[key] = rebuilt(told, sensor.interval, standard)
        _rebuild_trails(conn, draft, rows, key, told, now)
    return memory


def _recent(
    conn: sa.Connection, knowledge: Knowledge, scopes: frozenset[Scope], now: datetime
) -> Iterator[tuple[SensorKey, list[Observation]]]:
    sensors = sorted(knowledge.sensors)
    for scope in scopes:
        for start in range(0, len(sensors), AT_ONCE):
            some = sensors[start : start + AT_ONCE]
            told = observations.newest(conn, scope, some, (now - LOOK_BACK, now + AHEAD), EACH)
            for sensor, newest in told.items():
                yield SensorKey(scope, sensor), newest


def _rebuild_trails(
    conn: sa.Connection,
    draft: Draft,
    rows: Rows,
    key: SensorKey,
    told: Sequence[Observation],
    now: datetime,
) -> None:
    """Fold each rule again over what came after its row; a window is filled from further back."""
    around = draft.around(key.scope)
    for rule in draft.knowledge.rules_by_sensor.get(key.sensor, ()):
        rule_key = RuleKey(key.scope, rule.id, key.sensor)
        params_hash, row = rows.get(rule_key, (rule.params_hash, None))
        if row and row["at"] and datetime.fromisoformat(row["at"]) > now + AHEAD:
            row = None
        recent = told
        if rule.kind.window:
            since = now - rule.kind.window - fold.KEPT_FOR
            recent = observations.between(conn, key.scope, key.sensor, since, now + AHEAD)
        elif row is None:
            continue  # a new rule begins with the next value
        recent = [one for one in recent if OUT_OF_SERVICE not in one.reasons]
        trail = fold.rebuild(rule, params_hash, row, recent, around)
        if trail is not None:
            draft.memory.trails[rule_key] = trail
