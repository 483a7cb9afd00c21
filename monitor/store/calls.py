"""叫应记录表: who was called when, by what, with which result, and when that person answered."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from monitor.notify.answers import ENDED, REPORTED, OpenCall, PastCall, kind_of
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
            _answer_to(promised, answered),
        )
        for row in rows
    ]


def _answer_to(promised: Notification, answered: list[Acknowledgement]) -> Acknowledgement | None:
    """The person's first answer to it: having heard is one thing, having reported another."""
    for answer in answered:
        kind = answer.word if answer.word in (REPORTED, ENDED) else ""
        later = answer.at >= promised.created_at and kind == kind_of(promised.use)
        if later and answer.person == promised.person:
            return answer
    return None


def _receipts(conn: sa.Connection, ids: list[str]) -> dict[str, tuple[datetime | None, str, bool]]:
    """The operator's last word on each: (delivered at, "", False) or (None, why not, blames)."""
    rows = sa.select(receipts).where(receipts.c.notification.in_(ids)).order_by(receipts.c.at)
    return {
        row.notification: (
            (row.at, "", False) if row.delivered else (None, row.reason, row.blames_person)
        )
        for row in conn.execute(rows)
    }


def _answered() -> sa.Exists:
    """Whether the person of a notification has answered it since."""
    n, of = notifications.c, acknowledgements.c
    kept_as = sa.case(
        (n.use.startswith("report", autoescape=True), REPORTED),
        (n.use.startswith("stand_down", autoescape=True), ENDED),
        else_="",
    )
    asked_apart = of.word.in_((REPORTED, ENDED))
    return sa.exists().where(
        of.alert == n.subject,
        of.person == n.person,
        of.severity >= n.severity,
        of.at >= n.created_at,
        sa.or_(of.word == kept_as, sa.and_(kept_as == "", ~asked_apart)),
    )


def past_calls(conn: sa.Connection, phone: str, since: datetime) -> list[PastCall]:
    """Everything that was sent to that number since then, whoever else it was sent to."""
    n = notifications.c
    rows = (
        sa.select(n.id, n.code, escalations.c.no_code, _answered())
        .outerjoin(ladders, ladders.c.id == n.ladder)
        .outerjoin(escalations, escalations.c.id == ladders.c.escalation)
        .where(n.address == phone, n.created_at >= since, n.state != Delivery.SUPERSEDED)
    )
    return [
        PastCall(id, frozenset({code, no_code or ""} - {""}), is_answered)
        for id, code, no_code, is_answered in conn.execute(rows)
    ]


def open_calls(conn: sa.Connection, phone: str) -> list[OpenCall]:
    """The calls to that number which its person has not answered, newest first.

    One an alert, person and kind: of several, the newest. A cancelled ladder waits for nobody.
    """
    n = notifications.c
    rows = (
        sa.select(notifications, ladders.c.escalation, escalations.c.no_code)
        .outerjoin(ladders, ladders.c.id == n.ladder)
        .outerjoin(escalations, escalations.c.id == ladders.c.escalation)
        .where(
            n.address == phone,
            n.code != "",
            n.state != Delivery.SUPERSEDED,
            sa.or_(ladders.c.state.is_(None), ladders.c.state != LadderState.CANCELLED),
            ~_answered(),
        )
        .order_by(n.created_at.desc(), n.severity.desc())
    )
    calls: dict[tuple[str, str, str], OpenCall] = {}
    for row in conn.execute(rows).mappings():
        kind = kind_of(row["use"])
        name = (row["subject"], row["person"], kind)
        newer = calls[name].notifications if name in calls else frozenset()
        call = OpenCall(
            phone=phone,
            person=row["person"],
            alert=row["subject"],
            cause=row["escalation"] or kind,
            code=row["code"],
            severity=row["severity"],
            no_code=row["no_code"] or "",
            kind=kind,
        )
        calls[name] = calls.get(name, call)._replace(
            called_at=row["created_at"], notifications=newer | {row["id"]}
        )
    return list(calls.values())
