"""What stands. Ingest alone writes here: an alert's condition and severity, nothing of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from monitor.judging.memory import AlertKey
from monitor.scope import Scope
from monitor.store.answers import called_since_stand_down
from monitor.store.tables import alerts, stand_downs

AT_ONCE = 500
"""Ids to a query: SQLite takes 32,766 parameters."""


def _values(alert: Alert) -> dict[str, Any]:
    values = {column.name: getattr(alert, column.name) for column in alerts.columns}
    return values | {"contributions": tuple(alert.contributions.values())}


def _alert(row: sa.RowMapping) -> Alert:
    by_key = {(c.rule, c.sensor): c for c in row["contributions"]}
    return Alert(**{**row, "contributions": by_key})


def keep(conn: sa.Connection, changed: Iterable[Alert]) -> None:
    """Insert new alerts, bring known ones up to date."""
    rows = [_values(alert) for alert in changed]
    if rows:
        statement = insert(alerts)
        fresh = {c.name: statement.excluded[c.name] for c in alerts.columns if c.name != "id"}
        conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_=fresh), rows)


def active(conn: sa.Connection) -> dict[AlertKey, Alert]:
    """Every alert that no good value has cleared, of every scope."""
    rows = conn.execute(sa.select(alerts).where(alerts.c.cleared_at.is_(None))).mappings()
    standing = (_alert(row) for row in rows)
    return {AlertKey(a.scope, a.site, a.hazard): a for a in standing}


def one(conn: sa.Connection, id: str) -> Alert | None:
    """The alert with that id, active or past."""
    row = conn.execute(sa.select(alerts).where(alerts.c.id == id)).mappings().first()
    return None if row is None else _alert(row)


def some(conn: sa.Connection, ids: Iterable[str]) -> dict[str, Alert]:
    """Those of the ids that name an alert, active or past."""
    wanted = sorted(set(ids))
    parts = (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))
    return {
        row["id"]: _alert(row)
        for part in parts
        for row in conn.execute(sa.select(alerts).where(alerts.c.id.in_(part))).mappings()
    }


def since(conn: sa.Connection, scope: Scope, when: datetime) -> list[Alert]:
    """All that stood at `when` or later, by their beginning."""
    cleared = alerts.c.cleared_at
    rows = sa.select(alerts).where(alerts.c.scope == scope, cleared.is_(None) | (cleared > when))
    return [_alert(row) for row in conn.execute(rows.order_by(alerts.c.opened_at)).mappings()]


def listed(
    conn: sa.Connection, scope: Scope, *, active: bool | None = None, limit: int | None = 200
) -> list[Alert]:
    """The newest alerts of a scope, newest first: active, past, or both (None). No `limit`: all."""
    rows = sa.select(alerts).where(alerts.c.scope == scope)
    if active is not None:
        cleared = alerts.c.cleared_at
        rows = rows.where(cleared.is_(None) if active else cleared.is_not(None))
    rows = rows.order_by(alerts.c.opened_at.desc()).limit(limit)
    return [_alert(row) for row in conn.execute(rows).mappings()]


def whole(conn: sa.Connection, alert: Alert) -> Alert:
    """The alert that tells all that stood: itself; or, where it never ended as is known now
    (补判), the one that stood on in its place."""
    if alert.worst or alert.cleared_at is None:
        return alert
    place = (alerts.c.scope, alert.scope), (alerts.c.site, alert.site)
    same = [*(column == is_ for column, is_ in place), alerts.c.hazard == alert.hazard]
    stood = alerts.c.cleared_at.is_(None) | (alerts.c.cleared_at > alert.opened_at)
    rows = sa.select(alerts).where(
        *same, stood, alerts.c.worst > Severity.NORMAL, alerts.c.opened_at < alert.cleared_at
    )
    row = conn.execute(rows.order_by(alerts.c.worst.desc())).mappings().first()
    return alert if row is None else _alert(row)


def open_matters(conn: sa.Connection) -> list[Alert]:
    """What is not over yet, of every scope, worst and then newest first.

    Every active alert; and one that was orange or red, or of which people were told so, from the
    water's fall until a named person stands it down. Blue and yellow end with the water.
    """
    ended = sa.exists().where(stand_downs.c.alert == alerts.c.id, ~called_since_stand_down())
    grave = (alerts.c.worst >= Severity.ORANGE) | (alerts.c.announced >= Severity.ORANGE)
    waits = grave & ~ended
    rows = sa.select(alerts).where(alerts.c.cleared_at.is_(None) | waits)
    rows = rows.order_by(alerts.c.severity.desc(), alerts.c.opened_at.desc(), alerts.c.id)
    return [_alert(row) for row in conn.execute(rows).mappings()]
