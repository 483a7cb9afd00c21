"""What is not in order: one row by (check, subject, period), opened, told, closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.readiness.finding import Finding
from monitor.scope import Scope
from monitor.store.tables import findings

_NOUN = tuple(c for c in findings.c if c.name not in ("scope", "opened_at", "told_at", "closed_at"))


class Standing(NamedTuple):
    """A finding with its history."""

    finding: Finding
    opened_at: datetime
    told_at: datetime | None
    """When its owner was last told; None: never."""
    closed_at: datetime | None


def upsert(
    conn: sa.Connection, scope: Scope, check: str, found: Iterable[Finding], now: datetime
) -> tuple[list[Finding], list[Finding]]:
    """Make the open findings of one check those that stand now → (opened, closed).

    One that stood already keeps when it was opened and told, and takes its new words. One that
    was closed and is found again is opened anew.
    """
    standing = {(f.subject, f.period): f for f in found}
    before = {(s.finding.subject, s.finding.period): s.finding for s in _of(conn, scope, check)}
    opened = [f for key, f in standing.items() if key not in before]
    closed = [f for key, f in before.items() if key not in standing]
    for finding in closed:
        conn.execute(_update(scope, finding).values(closed_at=now))
    if standing:
        rows = [
            _values(finding) | {"scope": scope, "opened_at": now} for finding in standing.values()
        ]
        conn.execute(_keep(), rows)
    return opened, closed


def _keep() -> Any:
    statement = insert(findings)
    fresh: dict[str, Any] = {c.name: statement.excluded[c.name] for c in _NOUN}
    was_closed = findings.c.closed_at.is_not(None)
    fresh["opened_at"] = sa.case(
        (was_closed, statement.excluded.opened_at), else_=findings.c.opened_at
    )
    fresh["told_at"] = sa.case((was_closed, None), else_=findings.c.told_at)
    fresh["closed_at"] = None
    return statement.on_conflict_do_update(index_elements=list(findings.primary_key), set_=fresh)


def told(conn: sa.Connection, scope: Scope, named: Sequence[Finding], now: datetime) -> None:
    """Note that the owners of these findings were told at `now`."""
    for finding in named:
        conn.execute(_update(scope, finding).values(told_at=now))


def open_ones(conn: sa.Connection, scope: Scope) -> list[Standing]:
    """Every finding that stands, soonest due first."""
    return _of(conn, scope, None)


def _of(conn: sa.Connection, scope: Scope, check: str | None) -> list[Standing]:
    rows = sa.select(findings).where(findings.c.scope == scope, findings.c.closed_at.is_(None))
    if check is not None:
        rows = rows.where(findings.c.check == check)
    return [
        Standing(
            Finding(**{c.name: row[c.name] for c in _NOUN}),
            row["opened_at"],
            row["told_at"],
            row["closed_at"],
        )
        for row in conn.execute(rows.order_by(findings.c.due, findings.c.subject)).mappings()
    ]


def _values(finding: Finding) -> dict[str, Any]:
    return {c.name: getattr(finding, c.name) for c in _NOUN}


def _update(scope: Scope, finding: Finding) -> sa.Update:
    return sa.update(findings).where(
        findings.c.scope == scope,
        findings.c.check == finding.check,
        findings.c.subject == finding.subject,
        findings.c.period == finding.period,
    )
