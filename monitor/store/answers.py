"""What people do: answers, stand-downs, closed sites."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.alerting.orders import SiteClosed
from monitor.alerting.severity import Severity
from monitor.notify.channel import Notification
from monitor.notify.delivery import Delivery
from monitor.scope import Scope
from monitor.store.tables import (
    acknowledgements,
    closed_sites,
    escalations,
    notifications,
    stand_downs,
)

SENT_HOME = "not sent: the matter had been stood down"


class Acknowledgement(NamedTuple):
    """A named person answered for an alert at a severity (应答)."""

    scope: Scope
    alert: str
    person: str
    severity: Severity
    """The worst that the person had been told when answering."""
    word: str
    """"received"; "real" and "false" where a suspect reading asks; "reported" to the county;
    "ended" where a stand-down was heard."""
    via: str
    """"sms", "phone", "api", "desk", …"""
    by: str
    """Who entered it: the person, or the officer who took the call."""
    at: datetime


class StandDown(NamedTuple):
    """A named person ended the matter (解除)."""

    scope: Scope
    alert: str
    by: str
    reason: str
    at: datetime


def acknowledge(conn: sa.Connection, answer: Acknowledgement) -> bool:
    """Keep an answer. False where that person gave the same one since last called: the first
    stands. Called again, for another duty or at a redial, the person answers anew."""
    called_at = _last_called(conn, answer.alert, answer.person)
    parts = (answer.alert, answer.person, str(int(answer.severity)), answer.word, called_at)
    values = answer._asdict() | {"id": answer.scope.id("ack", *parts)}
    done = conn.execute(insert(acknowledgements).values(values).on_conflict_do_nothing())
    return done.rowcount == 1


def _last_called(conn: sa.Connection, alert: str, person: str) -> str:
    n = notifications.c
    last = sa.select(sa.func.max(n.created_at)).where(n.subject == alert, n.person == person)
    found: datetime | None = conn.execute(last.where(n.code != "")).scalar_one()
    return found.isoformat() if found else ""


def answers(conn: sa.Connection, alert: str) -> list[Acknowledgement]:
    """Every answer for an alert, oldest first."""
    rows = sa.select(acknowledgements).where(acknowledgements.c.alert == alert)
    rows = rows.order_by(acknowledgements.c.at, acknowledgements.c.id)
    return [_read(Acknowledgement, row) for row in conn.execute(rows).mappings()]


def stand_down(conn: sa.Connection, ended: StandDown) -> bool:
    """Keep who ended the matter. False where it was ended before, and nobody was called since:
    the first stands. The journal keeps them all."""
    statement = insert(stand_downs).values(ended._asdict())
    again = statement.on_conflict_do_update(
        index_elements=["alert"], set_=ended._asdict(), where=called_since_stand_down()
    )
    return conn.execute(again).rowcount == 1


def called_since_stand_down() -> sa.Exists:
    """Whether an alert worsened after it was stood down, and people were called anew."""
    of, end = escalations.c, stand_downs.c
    return sa.exists().where(of.alert == end.alert, of.opened_at > end.at)


def spare_sent_home(conn: sa.Connection, made: Iterable[Notification]) -> None:
    """Take back, of these promises, that a level fell in a matter which a named person had ended:
    it says to stay, and who was told to go home would not know which holds."""
    n = notifications.c
    fell = [one.id for one in made if one.use.startswith("fell")]
    if fell:
        of_it = stand_downs.c.alert == n.subject
        is_over = sa.exists().where(of_it, ~called_since_stand_down())
        mine = sa.update(notifications).where(n.id.in_(fell), n.state == Delivery.WAITING, is_over)
        gone = {"state": Delivery.SUPERSEDED, "withdrawn": SENT_HOME, "reason": SENT_HOME}
        conn.execute(mine.values(gone))


def stood_down(conn: sa.Connection, alert: str) -> StandDown | None:
    """Who ended that alert's matter; None while nobody has."""
    row = conn.execute(sa.select(stand_downs).where(stand_downs.c.alert == alert)).mappings()
    return next((_read(StandDown, found) for found in row), None)


def mark_sites(conn: sa.Connection, marks: Iterable[SiteClosed]) -> None:
    """Mark sites closed (封桥) or open again, in this order; the first mark of a name stands."""
    for scope, site, is_closed, by, at in marks:
        if is_closed:
            statement = insert(closed_sites).values(scope=scope, site=site, by=by, at=at)
            conn.execute(statement.on_conflict_do_nothing())
        else:
            here = (closed_sites.c.scope == scope) & (closed_sites.c.site == site)
            conn.execute(sa.delete(closed_sites).where(here))


def closed(conn: sa.Connection) -> frozenset[tuple[Scope, str]]:
    """Every site that is marked closed."""
    return frozenset((mark.scope, mark.site) for mark in closures(conn))


def closures(conn: sa.Connection) -> list[SiteClosed]:
    """Who closed what, and when; the first first."""
    c = closed_sites.c
    rows = conn.execute(sa.select(c.scope, c.site, c.by, c.at).order_by(c.at, c.site))
    return [SiteClosed(scope, site, True, by, at) for scope, site, by, at in rows]


def _read(noun: Any, row: sa.RowMapping) -> Any:
    return noun(**{name: row[name] for name in noun._fields})
