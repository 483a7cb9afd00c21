"""叫应记录表: who was called when, by what, with which result, and when that person answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from monitor.notify.answers import ENDED, REPORTED, OpenCall, PastCall, kind_of
from monitor.notify.bundling import TELLS_SEVERAL
from monitor.notify.channel import Notification
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import LadderState
from monitor.store.answers import Acknowledgement, answers
from monitor.store.tables import (
    acknowledgements,
    escalations,
    ladders,
    notifications,
    receipts,
)
from monitor.store.tries import Attempt, attempts_of, notification

_MESSAGE = notifications.alias("message")
"""What told a call together with others."""


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
    held_at: datetime | None = None
    """Since when a limit held it back; None: it never did."""
    told_with: int = 0
    """How many more the same message told."""

    @property
    def is_held_back(self) -> bool:
        """Whether it waits because of a limit."""
        return self.held_at is not None and self.state is Delivery.WAITING


def of_subject(conn: sa.Connection, subject: str) -> list[Call]:
    """Every call for an alert (or a bundle of findings), in the order they were promised."""
    wanted = sa.select(notifications).where(notifications.c.subject == subject)
    wanted = wanted.order_by(notifications.c.created_at, notifications.c.step, notifications.c.id)
    rows = conn.execute(wanted).mappings().all()
    ids = [row["id"] for row in rows]
    tried, receipts, answered = attempts_of(conn, ids), _receipts(conn, ids), answers(conn, subject)
    shared = _shared(conn, {row["told_by"] for row in rows} - {None})
    return [
        Call(
            promised := notification(row),
            row["state"],
            row["reason"],
            tried.get(row["id"], ()) + shared.get(row["told_by"], ((), 0))[0],
            *receipts.get(row["id"], (None, "", False)),
            _answer_to(promised, answered),
            row["held_at"],
            shared.get(row["told_by"], ((), 0))[1],
        )
        for row in rows
    ]


def _shared(
    conn: sa.Connection, subjects: Collection[str]
) -> dict[str, tuple[tuple[Attempt, ...], int]]:
    """Of each message that tells several: its attempts, and how many more than one it tells."""
    n = notifications.c
    counted = sa.select(n.told_by, sa.func.count()).where(n.told_by.in_(subjects))
    told = {subject: many - 1 for subject, many in conn.execute(counted.group_by(n.told_by))}
    rows = sa.select(n.id, n.subject).where(n.subject.in_(subjects)).order_by(n.created_at)
    sent = conn.execute(rows).all()
    tried = attempts_of(conn, [id for id, _ in sent])
    found: dict[str, tuple[Attempt, ...]] = {}
    for id, subject in sent:
        found[subject] = found.get(subject, ()) + tried.get(id, ())
    return {subject: (found.get(subject, ()), many) for subject, many in told.items()}


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


def _code() -> sa.ColumnElement[str]:
    """The digits that the person was shown."""
    n = notifications.c
    shown = sa.select(sa.func.max(_MESSAGE.c.code)).where(_MESSAGE.c.subject == n.told_by)
    return sa.func.coalesce(shown.scalar_subquery(), n.code)


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
        sa.select(n.id, _code(), escalations.c.no_code, _answered())
        .outerjoin(ladders, ladders.c.id == n.ladder)
        .outerjoin(escalations, escalations.c.id == ladders.c.escalation)
        .where(n.address == phone, n.created_at >= since, n.state != Delivery.SUPERSEDED)
    )
    return [
        PastCall(id, frozenset({code, no_code or ""} - {""}), is_answered)
        for id, code, no_code, is_answered in conn.execute(rows)
    ]


def _asked(phone: str) -> sa.Select[Any]:
    """Rows of all that asks that number something and is not answered, newest first."""
    n = notifications.c
    was_told = sa.or_(n.state != Delivery.WAITING, n.held_at.is_(None))
    return (
        sa.select(
            *(notifications, ladders.c.escalation, escalations.c.no_code),
            *(
                sa.func.coalesce(_MESSAGE.c.code, n.code).label("shown"),
                sa.func.coalesce(_MESSAGE.c.id, "").label("message"),
            ),
            sa.func.coalesce(_MESSAGE.c.created_at, n.created_at).label("called_at"),
        )
        .outerjoin(_MESSAGE, _MESSAGE.c.subject == n.told_by)
        .outerjoin(ladders, ladders.c.id == n.ladder)
        .outerjoin(escalations, escalations.c.id == ladders.c.escalation)
        .where(
            n.address == phone,
            n.code != "",
            *(~n.use.startswith(use) for use in TELLS_SEVERAL),
            n.state != Delivery.SUPERSEDED,
            was_told,
            sa.or_(ladders.c.state.is_(None), ladders.c.state != LadderState.CANCELLED),
            ~_answered(),
        )
        .order_by(n.created_at.desc(), n.severity.desc())
    )


def open_calls(conn: sa.Connection, phone: str) -> list[OpenCall]:
    """The calls to that number which its person has not answered, newest first.

    One an alert, person, kind and message: of several, the newest. A cancelled ladder waits for
    nobody; what is held back was not asked yet; what was told together has that message's digits.
    """
    calls: dict[tuple[str, str, str, str], OpenCall] = {}
    for row in conn.execute(_asked(phone)).mappings():
        kind, told_by = kind_of(row["use"]), row["told_by"] or ""
        name = (row["subject"], row["person"], kind, told_by)
        newer = calls[name].notifications if name in calls else frozenset()
        call = OpenCall(
            phone=phone,
            person=row["person"],
            alert=row["subject"],
            cause=row["escalation"] or kind,
            code=row["shown"],
            severity=row["severity"],
            no_code="" if told_by else row["no_code"] or "",
            kind=kind,
            told_by=told_by,
        )
        calls[name] = calls.get(name, call)._replace(
            called_at=row["called_at"], notifications=newer | {row["id"], row["message"]} - {""}
        )
    return list(calls.values())
