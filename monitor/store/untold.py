"""Whom a promise did not reach: read for the hand-dial list, where no channel is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.notify.channel import Notification
from monitor.notify.delivery import Delivery
from monitor.scope import Scope
from monitor.store.tables import acknowledgements, alerts, escalations, notifications
from monitor.store.tries import notification

END = "stand_down"
"""How the uses of its messages begin."""
A_DAY = timedelta(days=1)

_UNDONE = tuple(set(Delivery) - {Delivery.ACCEPTED, Delivery.SUPERSEDED})


def untold(conn: sa.Connection, scope: Scope, now: datetime) -> list[Notification]:
    """What was due by `now` about alerts of that scope that stand, asked for no answer, and was
    taken by no provider, neither itself nor with others; the worst and oldest first.

    Not where the person heard of the same alert at that severity or above by another way, or
    answered it.
    """
    n, of = notifications.c, acknowledgements.c
    answered = sa.exists().where(
        of.alert == n.subject, of.person == n.person, of.severity >= n.severity
    )
    rows = (
        sa.select(notifications)
        .join(alerts, alerts.c.id == n.subject)
        .where(
            n.scope == scope,
            alerts.c.cleared_at.is_(None),
            n.ladder.is_(None),
            n.state.in_(_UNDONE),
            n.due_at <= now,
            ~answered,
            ~_told_otherwise(),
            ~_is_end(n.use),
        )
        .order_by(n.severity.desc(), n.created_at, n.id)
    )
    return [notification(row) for row in conn.execute(rows).mappings()]


def untold_ends(
    conn: sa.Connection, scope: Scope, now: datetime, *, on_their_way: bool
) -> list[Notification]:
    """Stand-downs (解除) of the last day that a person heard by no way, oldest first; not where
    people were called for the alert again since, or where the person said that they heard.

    `on_their_way`: also those that are still to be sent.
    """
    n, of, begun = notifications.c, acknowledgements.c, escalations.c
    heard = sa.exists().where(of.alert == n.subject, of.person == n.person, of.at >= n.created_at)
    again = sa.exists().where(begun.alert == n.subject, begun.opened_at > n.created_at)
    other = notifications.alias("under_way").c
    under_way = sa.exists().where(
        other.subject == n.subject,
        other.person == n.person,
        other.state.in_((Delivery.WAITING, Delivery.SENDING)),
        _is_end(other.use),
    )
    rows = (
        sa.select(notifications)
        .where(
            n.scope == scope,
            n.use.startswith(END),  # as it was first meant; another way may be spoken
            n.created_at >= now - A_DAY,
            n.state.in_(_UNDONE),
            sa.true() if on_their_way else ~under_way,
            ~heard,
            ~again,
            ~_told_otherwise(_is_end),
        )
        .order_by(n.created_at, n.id)
    )
    return [notification(row) for row in conn.execute(rows).mappings()]


def _is_end(use: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return use.startswith(END) | use.startswith(f"voice_{END}")


def _told_otherwise(
    of_use: Callable[[sa.ColumnElement[str]], sa.ColumnElement[bool]] = lambda use: sa.true(),
) -> sa.Exists:
    """`of_use`: by a message of such a use."""
    n, other, message = notifications.c, notifications.alias("other"), notifications.alias("with")
    with_others = sa.exists().where(
        message.c.subject == other.c.told_by, message.c.state == Delivery.ACCEPTED
    )
    taken = (other.c.state == Delivery.ACCEPTED) | with_others
    return sa.exists().where(
        other.c.subject == n.subject,
        other.c.person == n.person,
        other.c.severity >= n.severity,
        of_use(other.c.use),
        taken,
    )
