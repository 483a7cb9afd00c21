"""A person's waiting texts and what they were told of late; what was decided of them is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.notify.arranging import Pending, Queue, Said
from monitor.notify.bundling import LATE, LIMIT, PRESSED, REPEAT, TOGETHER, WINDOW
from monitor.notify.channel import Notification, SendOutcome
from monitor.notify.delivery import Delivery
from monitor.store.alerts import AT_ONCE, some
from monitor.store.caps import OVER_CAP, lately
from monitor.store.pause import goes_on
from monitor.store.quiet import audible_now
from monitor.store.tables import alerts, attempts, notifications

DAY = timedelta(days=1)
HIDDEN = "not sent: a worse message of the same place was promised to the same person"
REPORTED_SINCE = "not sent: a later report of the same matter was promised to the same person"
_ENDS = ("stand_down", "closed", "report")
"""What no worse level makes needless."""
_UNSENT = (Delivery.WAITING, Delivery.HELD)
_TELLS = [notifications.c.use.startswith(use) for use in (TOGETHER, LATE)]
"""Whether it is a message that tells several."""
_PART = notifications.alias("part")
_HIDE = (
    sa.update(notifications)
    .where(
        notifications.c.subject == sa.bindparam("of"),
        notifications.c.person == sa.bindparam("who"),
        notifications.c.channel == sa.bindparam("by"),
        notifications.c.state == Delivery.WAITING,
        notifications.c.severity < sa.bindparam("level", type_=notifications.c.severity.type),
        sa.bindparam("asks", type_=sa.Boolean) | (notifications.c.code == ""),
        ~sa.or_(*(notifications.c.use.startswith(use, autoescape=True) for use in _ENDS)),
    )
    .values(state=Delivery.SUPERSEDED, withdrawn=HIDDEN, reason=HIDDEN)
)
"""For one of a storm's thousand promises: the statement is made once."""


def queues(
    conn: sa.Connection,
    channel: str,
    texts: Collection[str],
    now: datetime,
    persons: Collection[str],
    *,
    with_held: bool = False,
) -> list[Queue]:
    """Of these persons, where a text is due on `channel`: what is due there and was never tried,
    and what they were told in a day by any channel of `texts`.

    `with_held`: all that is held back beside. In a storm hundreds are held for one person, and
    are looked at only where something may be sent.
    """
    n = notifications.c
    waits = (n.state == Delivery.WAITING, n.channel == channel, goes_on(n.scope))
    fresh = ~sa.exists().where(attempts.c.notification == n.id)
    found: dict[tuple[Any, ...], Queue] = {}
    for some_of in _parts(sorted(persons)):
        of = n.person.in_(some_of)
        whose = sa.select(n.scope, n.person).where(of, *waits, n.next_at <= now, fresh)
        found |= {tuple(row): Queue(*row) for row in conn.execute(whose.distinct())}
        held = sa.or_(n.next_at <= now, n.held_at.is_not(None) & sa.literal(with_held))
        rows = sa.select(notifications, _elsewhere(texts).label("elsewhere"))
        _fill(conn, found, rows.where(of, *waits, fresh, held))
        for key, said in _told(conn, of, texts, now):
            if key in found:
                found[key].told.append(said)
    return list(found.values())


def late_queues(
    conn: sa.Connection, channel: str, beside: Collection[str], before: datetime, now: datetime
) -> list[Queue]:
    """Of everybody for whom something is due on `channel` since `before` or longer: all such, by
    any channel of `beside` as well, and what an unsent message of these was to tell together."""
    n = notifications.c
    put_off = n.reason.in_((WINDOW, LIMIT, REPEAT, PRESSED, OVER_CAP))
    old = sa.or_(n.next_at <= before, ~put_off & (n.due_at <= before))
    waits = n.state == Delivery.WAITING
    mine = (waits, n.channel == channel, n.next_at <= now, n.person != "", goes_on(n.scope), old)
    whose = sa.select(n.scope, n.person).where(*mine)
    found = {tuple(row): Queue(*row) for row in conn.execute(whose.distinct())}
    for some_of in _parts(sorted({person for _, person in found})):
        unsent = n.state.in_(_UNSENT) & old
        theirs = (n.person.in_(some_of), n.channel.in_({channel, *beside}), unsent)
        told = sa.select(n.subject).where(*theirs, sa.or_(*_TELLS))
        rows = sa.select(notifications, sa.false().label("elsewhere"))
        _fill(conn, found, rows.where(*theirs))
        _fill(conn, found, rows.where(n.told_by.in_(told), n.state == Delivery.MERGED))
    return list(found.values())


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _elsewhere(texts: Collection[str]) -> sa.Exists:
    n, other = notifications.c, notifications.alias("other").c
    reaches = (Delivery.WAITING, Delivery.SENDING, Delivery.ACCEPTED)
    return sa.exists().where(
        other.subject == n.subject,
        other.person == n.person,
        other.code == n.code,
        other.created_at == n.created_at,
        other.channel.not_in(texts),
        other.state.in_(reaches),
    )


def _fill(
    conn: sa.Connection, found: Mapping[tuple[Any, ...], Queue], rows: sa.Select[Any]
) -> None:
    waiting = conn.execute(rows).mappings().all()
    matters = audible_now(conn, some(conn, {row["subject"] for row in waiting}))
    for row in waiting:
        queue = found.get((row["scope"], row["person"]))
        if queue is not None:
            promised = Notification(**{k: row[k] for k in Notification.__dataclass_fields__})
            about = matters.get(promised.subject)
            queue.waiting.append(Pending(promised, about, row["held_at"], row["elsewhere"]))


def _told(
    conn: sa.Connection, of: sa.ColumnElement[bool], texts: Collection[str], now: datetime
) -> Iterator[tuple[tuple[Any, ...], Said]]:
    """A text that tells several things gives one row for each."""
    n, part, a = notifications.c, _PART.c, alerts.c
    no_copy = attempts.c.outcome.in_((SendOutcome.REFUSED, SendOutcome.BUSY))
    sent = (
        sa.select(attempts.c.notification, sa.func.max(attempts.c.claimed_at).label("at"))
        .join(notifications)
        .where(of, n.channel.in_(texts), *lately(now, DAY))
        .where(sa.or_(attempts.c.outcome.is_(None), ~no_copy))
        .group_by(attempts.c.notification)
        .subquery()
    )
    subject = sa.func.coalesce(part.subject, n.subject)
    rows = (
        sa.select(
            *(n.scope, n.person, n.id, sent.c.at, subject),
            sa.func.coalesce(part.use, n.use),
            sa.type_coerce(
                sa.func.coalesce(part.severity, n.severity), notifications.c.severity.type
            ),
            sa.func.coalesce(part.code, n.code) != "",
            sa.func.coalesce(a.site, ""),
            sa.func.coalesce(a.hazard, ""),
            n.severity == Severity.RED,
        )
        .select_from(notifications)
        .join(sent, sent.c.notification == n.id)
        .outerjoin(_PART, part.told_by == n.subject)
        .outerjoin(alerts, a.id == subject)
    )
    for scope, person, *said in conn.execute(rows):
        yield (scope, person), Said(*said)


def hold(conn: sa.Connection, held: Mapping[str, tuple[datetime, str]], now: datetime) -> None:
    """Till when these are not sent, and why."""
    rows = [{"of": id, "until": until, "why": why, "at": now} for id, (until, why) in held.items()]
    if rows:
        put_off = sa.update(notifications).where(notifications.c.id == sa.bindparam("of"))
        at = sa.func.coalesce(
            notifications.c.held_at, sa.bindparam("at", type_=notifications.c.held_at.type)
        )
        conn.execute(
            put_off.values(next_at=sa.bindparam("until"), reason=sa.bindparam("why"), held_at=at),
            rows,
        )


def let_go(conn: sa.Connection, ids: Iterable[str], now: datetime) -> None:
    """These are sent now, as they are."""
    mine = notifications.c.id.in_(list(ids))
    conn.execute(sa.update(notifications).where(mine).values(next_at=now, reason=""))


def merge(conn: sa.Connection, told_by: str, ids: Collection[str], reason: str) -> None:
    """These are told in the message whose subject is `told_by`."""
    taken = notifications.c.id.in_(list(ids))
    became = {"state": Delivery.MERGED, "told_by": told_by, "reason": reason}
    conn.execute(sa.update(notifications).where(taken).values(became))


def replace_by_other(conn: sa.Connection, ids: Collection[str], reason: str) -> None:
    """These go by another way, as messages of their own."""
    taken = notifications.c.id.in_(list(ids))
    became = {"state": Delivery.SUPERSEDED, "withdrawn": reason, "reason": reason}
    conn.execute(sa.update(notifications).where(taken).values(became))


def codes_of(conn: sa.Connection, person: str, since: datetime) -> frozenset[str]:
    """The digits of all that a person was promised since then."""
    n = notifications.c
    rows = sa.select(n.code).where(n.person == person, n.created_at >= since, n.code != "")
    return frozenset(conn.execute(rows.distinct()).scalars())


def spare_reminders(conn: sa.Connection, ladder: str, reason: str) -> None:
    """Take back what is held back for that ladder and only repeats what the person was told."""
    n, before = notifications.c, notifications.alias("before").c
    was_told = sa.exists().where(
        before.subject == n.subject,
        before.person == n.person,
        before.code == n.code,
        before.state.in_((Delivery.ACCEPTED, Delivery.MERGED)),
    )
    repeats = (n.ladder == ladder, n.state == Delivery.WAITING, n.held_at.is_not(None), was_told)
    gone = {"state": Delivery.SUPERSEDED, "withdrawn": reason, "reason": reason}
    conn.execute(sa.update(notifications).where(*repeats).values(gone))


def hide(conn: sa.Connection, made: Sequence[Notification]) -> None:
    """Take back what a worse one of these makes needless: see `outbox.promise`."""
    worse = [
        {"of": one.subject, "who": one.person, "by": one.channel, "level": one.severity}
        | {"asks": bool(one.code)}
        for one in made
        if one.severity > Severity.YELLOW and not one.use.startswith(_ENDS)
    ]
    if worse:
        conn.execute(_HIDE, worse)
    _hide_reports(conn, {one.subject for one in made if one.use.startswith("report")})


def _hide_reports(conn: sa.Connection, subjects: Collection[str]) -> None:
    """Of two reports to the county that one officer is to make, the later says all of the earlier:
    told after it, that one would read as if the level had fallen again."""
    n, later = notifications.c, notifications.alias("later").c
    overtakes = sa.exists().where(
        *(later.subject == n.subject, later.person == n.person),
        *(later.use.startswith("report"), later.state != Delivery.SUPERSEDED),
        sa.tuple_(later.severity, later.created_at) > sa.tuple_(n.severity, n.created_at),
    )
    mine = (n.subject.in_(list(subjects)), n.use.startswith("report"), n.state.in_(_UNSENT))
    gone = {"state": Delivery.SUPERSEDED, "withdrawn": REPORTED_SINCE, "reason": REPORTED_SINCE}
    if subjects:
        conn.execute(sa.update(notifications).where(*mine, overtakes).values(gone))


def told_again(conn: sa.Connection, subjects: Collection[str]) -> None:
    """A message for several is tried by the next channel: they are on their way again."""
    if subjects:
        parts = notifications.c.told_by.in_(list(subjects))
        conn.execute(sa.update(notifications).where(parts).values(state=Delivery.MERGED))
