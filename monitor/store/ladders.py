"""Escalations and their ladders. The escalate worker alone moves a ladder once it is kept."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.notify.escalation import Escalation, Ladder, LadderState
from monitor.store.pause import goes_on
from monitor.store.tables import alerts, escalations, ladders, notifications

log = logging.getLogger(__name__)


def begin(conn: sa.Connection, opened: Iterable[Escalation]) -> None:
    """Insert escalations with their ladders; one that is kept already keeps its progress."""
    opened = list(opened)
    if not opened:
        return
    rows = [{c.name: getattr(e, c.name) for c in escalations.columns} for e in opened]
    conn.execute(insert(escalations).on_conflict_do_nothing(), rows)
    rungs = [_values(ladder) for e in opened for ladder in e.ladders]
    if rungs:
        conn.execute(insert(ladders).on_conflict_do_nothing(), rungs)


def save(conn: sa.Connection, ladder: Ladder) -> None:
    """Keep how far a ladder has come. Raises LookupError where it was never begun."""
    values = _values(ladder)
    done = conn.execute(sa.update(ladders).where(ladders.c.id == ladder.id).values(values))
    if done.rowcount != 1:
        raise LookupError(f"ladder {ladder.id} was never begun")


def _values(ladder: Ladder) -> dict[str, Any]:
    return {
        column.name: ladder if column.name == "snapshot" else getattr(ladder, column.name)
        for column in ladders.columns
    }


def due(conn: sa.Connection, now: datetime) -> list[Ladder]:
    """The ladders still calling whose next step is due at `now` (included), soonest first."""
    return _read(conn, ladders.c.state == LadderState.CALLING, ladders.c.due_at <= now)


def calling(conn: sa.Connection) -> list[Ladder]:
    """Every ladder still calling, soonest first: an answer or a dead phone may move it early.
    A drill's stand still while something real is called for."""
    return _read(conn, ladders.c.state == LadderState.CALLING, goes_on(ladders.c.scope))


def unanswered(conn: sa.Connection) -> list[Ladder]:
    """Every ladder that nobody has answered, calling or called in vain: an answer that comes
    late, to the hand-dial list, still holds it."""
    return _read(conn, *_open())


def _open() -> tuple[sa.ColumnElement[bool], ...]:
    open = ladders.c.state.in_((LadderState.CALLING, LadderState.DONE))
    return open, goes_on(ladders.c.scope)


def unreadable(conn: sa.Connection, known: Collection[str]) -> dict[str, str]:
    """Ladder → alert of those that nobody has answered and whose rows cannot be read: nobody
    climbs them. `known`: those that were read; others may have begun since."""
    rows = sa.select(ladders.c.id, ladders.c.alert).where(*_open())
    others = {row.id: row.alert for row in conn.execute(rows) if row.id not in known}
    return {id: alert for id, alert in others.items() if _one_of(conn, id) is None}


def of_alert(conn: sa.Connection, alert: str) -> list[Ladder]:
    """Every ladder that an alert ever began."""
    return _read(conn, ladders.c.alert == alert)


def one(conn: sa.Connection, id: str) -> Ladder | None:
    """The ladder with that id."""
    return next(iter(_read(conn, ladders.c.id == id)), None)


def _read(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Ladder]:
    """Without those whose row cannot be read: one must not stop the calls of all the others."""
    rows = sa.select(ladders.c.snapshot).where(*where).order_by(ladders.c.due_at, ladders.c.id)
    try:
        return list(conn.execute(rows).scalars())
    except (ValueError, sa.exc.OperationalError):
        ids = list(conn.execute(rows.with_only_columns(ladders.c.id)).scalars())
        return [ladder for id in ids if (ladder := _one_of(conn, id)) is not None]


def _one_of(conn: sa.Connection, id: str) -> Ladder | None:
    row = sa.select(ladders.c.snapshot).where(ladders.c.id == id)
    try:
        found: Ladder = conn.execute(row).scalar_one()
        return found
    except (ValueError, sa.exc.OperationalError):
        log.exception("ladder %s cannot be read", id)
        return None


def of_escalation(conn: sa.Connection, alert: str) -> list[Escalation]:
    """The escalations of an alert, oldest first, each with its ladders as they stand now."""
    rows = sa.select(escalations).where(escalations.c.alert == alert)
    by_escalation: dict[str, list[Ladder]] = {}
    for ladder in of_alert(conn, alert):
        by_escalation.setdefault(ladder.escalation, []).append(ladder)
    return [
        Escalation(**row, ladders=tuple(by_escalation.get(row["id"], ())))
        for row in conn.execute(rows.order_by(escalations.c.opened_at)).mappings()
    ]


def codes(conn: sa.Connection) -> dict[str, frozenset[str]]:
    """Active alert → the digits that answer its calls and its reports."""
    stands = alerts.c.cleared_at.is_(None)
    e, n = escalations.c, notifications.c
    called = sa.select(e.alert, e.code, e.no_code).join(alerts, alerts.c.id == e.alert)
    asked = sa.select(n.subject, n.code, sa.literal("")).join(alerts, alerts.c.id == n.subject)
    found: dict[str, frozenset[str]] = {}
    for alert, *digits in conn.execute(sa.union(called.where(stands), asked.where(stands))):
        found[alert] = found.get(alert, frozenset()) | (set(digits) - {""})
    return found


def codes_sent(conn: sa.Connection, since: datetime) -> frozenset[str]:
    """Every code that anybody was given since then."""
    n = notifications.c
    rows = sa.select(n.code).where(n.created_at >= since, n.code != "").distinct()
    return frozenset(conn.execute(rows).scalars())
