"""What is quiet by order, and which sensors are out of service. Ingest alone writes here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from monitor.alerting.silences import Silence, audible
from monitor.ingest.outage import Outage
from monitor.notify.delivery import Delivery
from monitor.store import alerts
from monitor.store.tables import notifications
from monitor.store.tables import outages as outage_rows
from monitor.store.tables import silences as silence_rows

_LAST_WORDS = ("stand_down", "closed", "report", "fell")
"""What was over, ordered or owed before anybody asked for silence."""


def keep(conn: sa.Connection, silences: Iterable[Silence], outages: Iterable[Outage]) -> None:
    """Insert new ones, bring known ones up to date."""
    for table, changed in ((silence_rows, silences), (outage_rows, outages)):
        rows = [{c.name: getattr(one, c.name) for c in table.columns} for one in changed]
        if rows:
            statement = insert(table)
            keys = [c.name for c in table.primary_key]
            fresh = {c.name: statement.excluded[c.name] for c in table.columns}
            conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh), rows)


def silences(conn: sa.Connection) -> list[Silence]:
    """Those in force, of every scope, soonest over first."""
    c = silence_rows.c
    rows = sa.select(silence_rows).where(c.ended_at.is_(None)).order_by(c.until, c.id)
    return _read(Silence, conn, rows)


def silence(conn: sa.Connection, id: str) -> Silence | None:
    """The one with that id, in force or over."""
    rows = sa.select(silence_rows).where(silence_rows.c.id == id)
    return next(iter(_read(Silence, conn, rows)), None)


def outages(conn: sa.Connection) -> list[Outage]:
    """The newest of each sensor, also where it is back in service."""
    c = outage_rows.c
    return _read(Outage, conn, sa.select(outage_rows).order_by(c.since, c.sensor))


def silenced(conn: sa.Connection, matters: Sequence[str]) -> dict[str, Silence]:
    """Of these alerts those of which nobody is told anything now, with a silence that says so."""
    standing = silences(conn)
    if not standing:
        return {}
    found: dict[str, Silence] = {}
    for id in matters:
        if (alert := alerts.one(conn, id)) is None:
            continue
        here = [one for one in standing if one.scope == alert.scope]
        spoken = next((one for one in here if one.covers(alert, alert.lead)), None)
        # one that has cleared holds nothing any more: its last word says what it was beneath
        if spoken is not None and (not alert.is_active or audible(alert, here) is None):
            found[id] = spoken
    return found


def audible_now(conn: sa.Connection, matters: Mapping[str, Alert]) -> dict[str, Alert]:
    """Alerts as people may be told of them now; one of which nobody is told stays as it is."""
    standing = silences(conn) if matters else []
    return {
        id: audible(one, [s for s in standing if s.scope == one.scope]) or one
        for id, one in matters.items()
    }


def hush(conn: sa.Connection, matters: Iterable[Alert]) -> None:
    """Take back what was held back of these alerts and belongs to no ladder, where nobody is told
    anything of them now; a ladder takes back its own. An order that stays true goes out."""
    n = notifications.c
    told = [n.use.startswith(use, autoescape=True) for use in _LAST_WORDS]
    for id, spoken in silenced(conn, [alert.id for alert in matters]).items():
        mine = (n.subject == id, n.ladder.is_(None), n.severity < Severity.RED, ~sa.or_(*told))
        gone = {"state": Delivery.SUPERSEDED, "withdrawn": spoken.words, "reason": spoken.words}
        unsent = n.state.in_((Delivery.WAITING, Delivery.HELD))
        conn.execute(sa.update(notifications).where(*mine, unsent).values(gone))


def _read(noun: Any, conn: sa.Connection, rows: sa.Select[Any]) -> list[Any]:
    return [noun(**row) for row in conn.execute(rows).mappings()]
