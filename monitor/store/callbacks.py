"""What comes back by a provider's hook: receipts, and replies that fit no call."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from monitor.notify.channel import DeliveryReceipt, Reply
from monitor.reference.phones import mask_in
from monitor.scope import Scope
from monitor.store.tables import attempts, notifications, receipts, replies


class Unread(NamedTuple):
    """A reply that fits no call, for the duty desk."""

    id: str
    scope: Scope
    phone: str
    text: str
    channel: str
    why: str
    at: datetime


def _id(scope: Scope, channel: str, reply: Reply) -> str:
    parts = (channel, reply.provider_id, reply.phone, reply.sent_at.isoformat(), reply.text)
    return scope.id("reply", *parts)


def reply_known(conn: sa.Connection, scope: Scope, channel: str, reply: Reply) -> bool:
    """Whether the provider posted that reply before, and all that it means was kept."""
    known = sa.exists().where(replies.c.id == _id(scope, channel, reply))
    return bool(conn.execute(sa.select(known)).scalar_one())


def keep_reply(conn: sa.Connection, scope: Scope, channel: str, reply: Reply, why: str) -> bool:
    """Keep a reply for the duty desk, with why it fits no call; `why` "": it answered one, and
    is kept so that a second post of it says nothing new. False: posted before."""
    values = {
        "id": _id(scope, channel, reply),
        "scope": scope,
        "phone": reply.phone,
        "text": reply.text,
        "channel": channel,
        "why": why,
        "at": reply.sent_at,
    }
    return conn.execute(insert(replies).values(values).on_conflict_do_nothing()).rowcount == 1


def unread(conn: sa.Connection) -> list[Unread]:
    """The replies that nobody at the desk has looked at, oldest first."""
    rows = sa.select(replies).where(replies.c.seen_at.is_(None), replies.c.why != "")
    return [
        Unread(**{name: row[name] for name in Unread._fields})
        for row in conn.execute(rows.order_by(replies.c.at)).mappings()
    ]


def reply_seen(conn: sa.Connection, id: str, by: str, at: datetime) -> bool:
    """Note who at the desk looked at a reply. False where it is unknown or was seen before."""
    waiting = (replies.c.id == id) & replies.c.seen_at.is_(None)
    return (
        conn.execute(sa.update(replies).where(waiting).values(seen_by=by, seen_at=at)).rowcount == 1
    )


def keep_receipt(conn: sa.Connection, channel: str, receipt: DeliveryReceipt) -> bool:
    """Keep what the operator says of one copy. False: posted before."""
    name = receipt.notification or _named_by_provider(conn, receipt.provider_id)
    parts = (channel, receipt.provider_id, name, receipt.phone, str(receipt.delivered))
    values: dict[str, Any] = {
        "id": "/".join(parts),
        "channel": channel,
        "notification": name,
        "provider_id": receipt.provider_id,
        "phone": receipt.phone,
        "delivered": receipt.delivered,
        "reason": mask_in(receipt.reason),
        "blames_person": receipt.blames_person,
        "at": receipt.at,
    }
    new = conn.execute(insert(receipts).values(values).on_conflict_do_nothing()).rowcount == 1
    if new and (told := _told_by(conn, name)):  # it is the word on each that it told
        each = [values | {"id": f"{values['id']}/{one}", "notification": one} for one in told]
        conn.execute(insert(receipts).on_conflict_do_nothing(), each)
    return new


def _told_by(conn: sa.Connection, message: str) -> list[str]:
    """The ids of what that message told together; none for one that speaks for itself."""
    n, subject = notifications.c, sa.select(notifications.c.subject)
    parts = n.told_by == subject.where(n.id == message).scalar_subquery()
    return list(conn.execute(sa.select(n.id).where(parts)).scalars())


def _named_by_provider(conn: sa.Connection, provider_id: str) -> str:
    rows = sa.select(attempts.c.notification).where(attempts.c.provider_id == provider_id)
    return (conn.execute(rows).scalars().first() or "") if provider_id else ""
