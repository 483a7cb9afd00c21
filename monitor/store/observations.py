"""The hot path: observations, quarantine and rule states, by the driver's executemany.

About 2 µs of Python a row: no statement is compiled, no JSON written where there is no detail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.alerting import fold
from monitor.alerting.fold import Trail
from monitor.alerting.rule import Rule
from monitor.ingest.message import Message, Quarantined
from monitor.ingest.observation import Observation, QualityFlag
from monitor.ingest.quota import FLOOD
from monitor.ingest.reading import Detection, Phase
from monitor.judging.memory import RuleKey
from monitor.scope import Scope
from monitor.store import rollups
from monitor.store.columns import instant, micros, scope_of, scope_text
from monitor.store.tables import observations, quarantine, rule_states

STATE_VERSION = 1
"""Of the JSON in `rule_states`; a row of another version is left out, and begins anew."""

SEEN_AT_ONCE = 500
"""Keys to a query: SQLite takes 32,766 parameters, and a batch holds 500 messages."""

_OBSERVED = (
    "scope, sensor, key, device_time, received_at, observed_at,"
    " raw_value, raw_unit, value, flag, reasons, late, retained, detail"
)
_KEEP_OBSERVATION = (
    f"INSERT OR IGNORE INTO observations ({_OBSERVED}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_JUDGED_AGAIN = (
    "UPDATE observations SET value = ?, flag = ?, reasons = ?"
    " WHERE scope = ? AND key = ? AND sensor = ?"
)
_KEEP_QUARANTINED = (
    "INSERT INTO quarantine"
    " (id, scope, received_at, topic, payload, retained, reason, detail)"
    " VALUES (?,?,?,?,seal(?),?,?,seal_alike(?))"
    " ON CONFLICT (id) DO UPDATE SET detail = excluded.detail"
    f" WHERE reason = '{FLOOD}'"  # which goes on counting; all else is a repeat
)
_KEEP_STATE = (
    "INSERT OR REPLACE INTO rule_states"
    " (scope, rule, sensor, params_hash, version, state) VALUES (?,?,?,?,?,?)"
)
_state_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _observed_row(o: Observation) -> tuple[Any, ...]:
    return (
        scope_text(o.scope),
        o.sensor,
        o.key,
        None if o.device_time is None else micros(o.device_time),
        micros(o.received_at),
        micros(o.observed_at),
        o.raw_value,
        o.raw_unit,
        o.value,
        o.flag,
        "|".join(o.reasons),
        o.late,
        o.retained,
        None if o.detail is None else json.dumps(o.detail, ensure_ascii=False),
    )


def _observation(row: Sequence[Any]) -> Observation:
    scope, sensor, key, device, received, observed, raw, unit, value, flag, why, *rest = row
    late, retained, detail = rest
    return Observation(
        scope=scope_of(scope),
        sensor=sensor,
        key=key,
        device_time=None if device is None else instant(device),
        received_at=instant(received),
        observed_at=instant(observed),
        raw_value=raw,
        raw_unit=unit,
        value=value,
        flag=QualityFlag(flag),
        reasons=tuple(why.split("|")) if why else (),
        late=bool(late),
        retained=bool(retained),
        detail=None if detail is None else _detection(json.loads(detail)),
    )


def _detection(stored: Sequence[Any]) -> Detection:
    event, phase, label, zones, camera = stored
    return Detection(event, Phase(phase), label, tuple(zones), camera)


def keep_observations(conn: sa.Connection, kept: Sequence[Observation]) -> None:
    """Insert what is new; a repeat of (scope, sensor, key) changes nothing."""
    if kept:
        conn.exec_driver_sql(_KEEP_OBSERVATION, [_observed_row(o) for o in kept])
        rollups.mark(conn, kept)


def keep_judged_again(conn: sa.Connection, changed: Sequence[Observation]) -> None:
    """The flags that a late value gave to those around it."""
    rows = [
        (o.value, o.flag, "|".join(o.reasons), scope_text(o.scope), o.key, o.sensor)
        for o in changed
    ]
    if rows:
        conn.exec_driver_sql(_JUDGED_AGAIN, rows)
        rollups.mark(conn, changed, corrected=True)


def keep_quarantined(conn: sa.Connection, kept: Sequence[Quarantined]) -> None:
    """Insert what could not be used, once for each (topic, time of arrival, payload, reason)."""
    if kept:
        conn.exec_driver_sql(_KEEP_QUARANTINED, [_quarantined_row(q) for q in kept])


def _quarantined_row(q: Quarantined) -> tuple[Any, ...]:
    topic, payload, received_at, retained, _ = q.message
    received, digest = micros(received_at), hashlib.sha256(payload).hexdigest()
    name = q.scope.id("quarantine", topic, str(received), digest, q.reason)
    return (name, scope_text(q.scope), received, topic, payload, retained, q.reason, q.detail)


def keep_rule_states(conn: sa.Connection, changed: Mapping[RuleKey, tuple[Rule, Trail]]) -> None:
    """Replace the rows of the trails that changed."""
    if changed:
        rows = [
            (
                scope_text(key.scope),
                key.rule,
                key.sensor,
                trail.params_hash,
                STATE_VERSION,
                _state_json(fold.dump(rule, trail)),
            )
            for key, (rule, trail) in changed.items()
        ]
        conn.exec_driver_sql(_KEEP_STATE, rows)


def load_rule_states(conn: sa.Connection) -> dict[RuleKey, tuple[str, Any]]:
    """Every row as (params hash, JSON)."""
    rows = conn.execute(sa.select(rule_states).where(rule_states.c.version == STATE_VERSION))
    return {
        RuleKey(row.scope, row.rule, row.sensor): (row.params_hash, json.loads(row.state))
        for row in rows
    }


def seen(
    conn: sa.Connection, keys: Iterable[tuple[Scope, str, str]]
) -> dict[tuple[Scope, str, str], float | None]:
    """The raw values of those (scope, sensor, key) that are kept already; the rest are new."""
    found: dict[tuple[Scope, str, str], float | None] = {}
    wanted = list(keys)
    for start in range(0, len(wanted), SEEN_AT_ONCE):
        some = wanted[start : start + SEEN_AT_ONCE]
        rows = ",".join(["(?,?,?)"] * len(some))
        sql = (  # CROSS JOIN: from the few keys into the table, never the other way round
            f"WITH asked(scope, key, sensor) AS (VALUES {rows})"
            " SELECT scope, sensor, key, raw_value"
            " FROM asked CROSS JOIN observations USING (scope, key, sensor)"
        )
        asked = tuple(part for s, sensor, key in some for part in (scope_text(s), key, sensor))
        for scope, sensor, key, raw in conn.exec_driver_sql(sql, asked):
            found[scope_of(scope), sensor, key] = raw
    return found


def newest(
    conn: sa.Connection,
    scope: Scope,
    sensors: Sequence[str],
    within: tuple[datetime, datetime],
    each: int,
) -> dict[str, list[Observation]]:
    """Of each of these sensors at most `each` newest observations `within` a time whose start is
    included and whose end is not, in time order.

    Sensors that said nothing are left out.
    """
    ranked = (
        f"SELECT {_OBSERVED}, row_number() OVER"
        " (PARTITION BY sensor ORDER BY observed_at DESC, key DESC) AS rank"
        " FROM observations WHERE scope = ? AND observed_at >= ? AND observed_at < ?"
        f" AND sensor IN ({','.join('?' * len(sensors))})"
    )
    sql = f"SELECT {_OBSERVED} FROM ({ranked}) WHERE rank <= ? ORDER BY observed_at, key"
    found: dict[str, list[Observation]] = {}
    where = (scope_text(scope), *map(micros, within), *sensors, each)
    for row in conn.exec_driver_sql(sql, where):
        found.setdefault(row[1], []).append(_observation(row))
    return found


def between(
    conn: sa.Connection, scope: Scope, sensor: str, since: datetime, until: datetime
) -> list[Observation]:
    """One sensor's observations, `since` included and `until` not, by observed time."""
    sql = (
        f"SELECT {_OBSERVED} FROM observations"
        " WHERE scope = ? AND observed_at >= ? AND observed_at < ? AND sensor = ?"
        " ORDER BY observed_at, key"
    )
    where = (scope_text(scope), micros(since), micros(until), sensor)
    return [_observation(row) for row in conn.exec_driver_sql(sql, where)]


def quarantined(conn: sa.Connection, scope: Scope, limit: int) -> list[Quarantined]:
    """The newest `limit` messages that could not be used, newest first."""
    from_table = (
        sa.select(quarantine)
        .where(quarantine.c.scope == scope)
        .order_by(quarantine.c.received_at.desc())
        .limit(limit)
    )
    return [
        Quarantined(
            row.scope,
            Message(row.topic, row.payload, instant(row.received_at), row.retained),
            row.reason,
            row.detail,
        )
        for row in conn.execute(from_table)
    ]


def tally(conn: sa.Connection, scope: Scope) -> dict[str, int]:
    """How many observations and quarantined messages are kept."""
    return {
        table.name: conn.execute(
            sa.select(sa.func.count()).select_from(table).where(table.c.scope == scope)
        ).scalar_one()
        for table in (observations, quarantine)
    }
