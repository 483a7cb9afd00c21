"""What people said of doubted readings, one row a reading; the newest word stands."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.alerting.alerts import Alert
from monitor.ingest.mark import Mark, Marked
from monitor.ingest.observation import QualityFlag
from monitor.scope import Scope
from monitor.store.columns import Instant, instant, micros
from monitor.store.tables import marks, observations


def keep(conn: sa.Connection, said: Iterable[Mark]) -> None:
    """Mark every SUSPECT observation of the sensor within the span; after they are kept."""
    o = observations.c
    for mark in said:
        doubted = sa.select(
            *(o.scope, o.sensor, o.key, o.observed_at, o.value),
            *(sa.literal(mark.real), sa.literal(mark.by), sa.literal(mark.why)),
            sa.literal(mark.at, Instant),
        ).where(
            o.scope == mark.scope,
            o.sensor == mark.sensor,
            o.observed_at.between(micros(mark.since), micros(mark.at)),
            o.flag == QualityFlag.SUSPECT,
        )
        columns = [column.name for column in marks.columns]
        statement = insert(marks).from_select(columns, doubted)
        fresh = {name: statement.excluded[name] for name in ("real", "by", "why", "at")}
        keys = ["scope", "sensor", "key"]
        conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh))


def marked(conn: sa.Connection, scope: Scope) -> list[Marked]:
    """All that was ever said of a scope's readings, oldest reading first."""
    return _read(conn, marks.c.scope == scope)


def marks_of(conn: sa.Connection, alert: Alert) -> list[Marked]:
    """What was said of the readings that an alert spoke of, from its opening to its end."""
    m = marks.c
    sensors = {alert.lead.sensor, *(sensor for _, sensor in alert.contributions)}
    where = [m.scope == alert.scope, m.sensor.in_(sensors)]
    where.append(m.observed_at >= micros(alert.opened_at))
    if alert.cleared_at is not None:
        where.append(m.observed_at <= micros(alert.cleared_at))
    return _read(conn, *where)


def _read(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Marked]:
    m = marks.c
    rows = sa.select(m.sensor, m.observed_at, m.value, m.real, m.by, m.why, m.at)
    rows = rows.where(*where).order_by(m.observed_at, m.sensor)
    return [Marked(sensor, instant(at), *rest) for sensor, at, *rest in conn.execute(rows)]
