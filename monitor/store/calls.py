"""叫应记录表: who was called when, by what, with which result, and when that person answered."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from monitor.notify.answers import OpenCall
from monitor.notify.channel import Notification
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import LadderState
from monitor.store.answers import Acknowledgement, answers
from monitor.store.outbox import Attempt, attempts_of, notification
from monitor.store.tables import (
    acknowledgements,
    escalations,
    ladders,
    notifications,
    receipts,
)


class Call(NamedTuple):
    """One promise with all that came of it."""

    notification: Notification
    state: Delivery
    reason: str
    """The provider's last word, or why it was withdrawn."""
    attempts: tuple[Attempt, ...]
    delivered_at: datetime | None
    """When the phone got it, as the operator's receipt says; None: not known."""
    undelivered: str
    """Why the phone did not get it, as the operator's receipt says; "" otherwise."""
    blames_person: bool
    """Whether that was the phone's fault (关机/停机), not the channel's."""
    answer: Acknowledgement | None
    """That person's first answer after this call was made."""


def of_subject(conn: sa.Connection, subject: str) -> list[Call]:
    """Every call for an alert (or a bundle of findings), in the order they were promised."""
    wanted = sa.select(notifications).where(notifications.c.subject == subject)
    wanted = wanted.order_by(notifications.c.created_at, notifications.c.step, notifications.c.id)
    rows = conn.execute(wanted).mappings().all()
    ids = [row["id"] for row in rows]
    attempts, receipts, answered = (
        attempts_of(conn, ids),
        _receipts(conn, ids),
        answers(conn, subject),
    )
    return [
        Call(
            promised := notification(row),
            row["state"],
            row["reason"],
            attempts.get(row["id"], ()),
            *receipts.get(row["id"], (None, "", False)),
            next(
                (
                    answer
                    for answer in answered
                    if answer.person == promised.person and answer.at >= promised.created_at
                ),
                None,
            ),
        )
        for row in rows
    ]


def _receipts(conn: sa.Connection, ids: list[str]) -> dict[str, tuple[datetime | None, str, bool]]:
    """The operator's last word on each: (delivered at, "", False) or (None, why not, blames)."""
    rows = sa.select(receipts).where(receipts.c.notification.in_(ids)).order_by(receipts.c.at)
    return {
        row.notification: (
            (row.at, "", False) if row.delivered else (None, row.reason, row.blames_person)
        )
        for row in conn.execute(rows)
    }


def open_calls(conn: sa.Connection, phone: str) -> list[OpenCall]:
    """The calls to that number which its person has not answered since, newest first.

    One an alert and person: of several, the newest. A cancelled ladder waits for nobody.
    """
    answered = sa.exists().where(
        acknowledgements.c.alert == notifications.c.subject,
        acknowledgements.c.person == notifications.c.person,
        acknowledgements.c.severity >= notifications.c.severity,
        acknowledgements.c.at >= notifications.c.created_at,
    )
    rows = (
        sa.select(notifications, ladders.c.escalation, escalations.c.no_code)
        .join(ladders, ladders.c.id == notifications.c.ladder)
        .join(escalations, escalations.c.id == ladders.c.escalation)
        .where(
            notifications.c.address == phone,
            notifications.c.code != "",
            notifications.c.state != Delivery.SUPERSEDED,
            ladders.c.state != LadderState.CANCELLED,
            ~answered,
        )
        .order_by(notifications.c.created_at.desc(), notifications.c.severity.desc())
    )
    calls: dict[tuple[str, str], OpenCall] = {}
    for row in conn.execute(rows).mappings():
        call = OpenCall(
            phone=phone,
            person=row["person"],
            alert=row["subject"],
            cause=row["escalation"],
            code=row["code"],
            severity=row["severity"],
            no_code=row["no_code"],
        )
        calls.setdefault((call.alert, call.person), call)
    return list(calls.values())
