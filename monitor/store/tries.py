"""What came of attempts to send, and what each promise has become by them.

What a promise becomes is decided in `monitor.notify.delivery`; here it is only kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from monitor.notify.bundling import TELLS_SEVERAL
from monitor.notify.channel import Notification, Receipt, SendOutcome
from monitor.notify.delivery import SETTLED, UNREACHED, Delivery, after
from monitor.store.tables import attempts, notifications

PROMISE = tuple(c for c in notifications.c if c.name in Notification.__dataclass_fields__)
LEASE_RAN_OUT = "no result was recorded: it may have been sent"


class Attempt(NamedTuple):
    """One attempt as it was kept."""

    number: int
    claimed_at: datetime
    outcome: SendOutcome | None
    """None while under way."""
    provider_id: str
    reason: str
    blames_person: bool
    recorded_at: datetime | None


def notification(row: sa.RowMapping) -> Notification:
    """The promise in a row of the table."""
    return Notification(**{c.name: row[c.name] for c in PROMISE})


def record(
    conn: sa.Connection, id: str, attempt: int, receipt: Receipt, now: datetime
) -> Delivery | None:
    """Keep what came of one attempt: see `record_all`."""
    return record_all(conn, [(id, attempt, receipt)], now)[0]


def record_all(
    conn: sa.Connection, results: Sequence[tuple[str, int, Receipt]], now: datetime
) -> list[Delivery | None]:
    """Keep what came of attempts (of a notification, by its number), and what each promise has
    become by it. At most one of each notification.

    None where that attempt was recorded before, by us or because its lease ran out: the first
    record stands, except that an ACCEPTED one overrules a lease that ran out.
    """
    if not results:
        return []
    ids = [id for id, _, _ in results]
    kept = {(row.notification, row.number): row for row in conn.execute(_tries(), {"of": ids})}
    new = []
    for id, number, receipt in results:
        known = kept.get((id, number))
        overrules = known is not None and known.reason == LEASE_RAN_OUT
        overrules = overrules and receipt.outcome is SendOutcome.ACCEPTED
        if known is not None and (known.outcome is None or overrules):
            new.append((id, number, receipt))
    if new:
        conn.execute(_RECORD, [_recorded(*one, now) for one in new])
    became = _settle(conn, {id: receipt.reason for id, _, receipt in new}, now)
    settled = {(id, number): became[id] for id, number, _ in new}
    return [settled.get((id, number)) for id, number, _ in results]


def _recorded(id: str, number: int, receipt: Receipt, now: datetime) -> dict[str, object]:
    return {
        "of": id,
        "nth": number,
        "became": receipt.outcome,
        "named": receipt.provider_id,
        "why": receipt.reason,
        "blames": receipt.blames_person,
        "when": now,
    }


_RECORD = (
    sa.update(attempts)
    .where(
        attempts.c.notification == sa.bindparam("of"),
        attempts.c.number == sa.bindparam("nth"),
    )
    .values(
        outcome=sa.bindparam("became", type_=attempts.c.outcome.type),
        provider_id=sa.bindparam("named"),
        reason=sa.bindparam("why"),
        blames_person=sa.bindparam("blames"),
        recorded_at=sa.bindparam("when", type_=attempts.c.recorded_at.type),
        lease_until=None,
    )
)


def release(conn: sa.Connection, now: datetime, elapsed: float) -> list[Notification]:
    """End every lease that ran out at `elapsed` (included): the attempt becomes UNSURE.

    At start all of them have: whoever held them is gone. Pass infinity then. Returns the promises
    that were given up by it: the next channel is to be taken.
    """
    ran_out = sa.select(attempts.c.notification, attempts.c.number).where(
        attempts.c.lease_until <= elapsed, attempts.c.outcome.is_(None)
    )
    unsure = Receipt(SendOutcome.UNSURE, "", LEASE_RAN_OUT, False)
    over = conn.execute(ran_out).all()
    lost = [id for id, number in over if record(conn, id, number, unsure, now) in UNREACHED]
    rows = sa.select(notifications).where(notifications.c.id.in_(lost))
    return [notification(row) for row in conn.execute(rows).mappings()] if lost else []


def _settle(conn: sa.Connection, reasons: Mapping[str, str], now: datetime) -> dict[str, Delivery]:
    """What promises become by all that was tried of each. `reasons`: of the newest attempts."""
    if not reasons:
        return {}
    outcomes: dict[str, list[SendOutcome]] = {id: [] for id in reasons}
    for row in conn.execute(_tries(), {"of": [*reasons]}):
        if row.outcome is not None:
            outcomes[row.notification].append(row.outcome)
    became: dict[str, Delivery] = {}
    changed, parts = [], []
    for about in conn.execute(_about(), {"of": [*reasons]}):
        state, wait = after(outcomes[about.id])
        reason = reasons[about.id]
        if state is Delivery.WAITING and about.withdrawn:
            state, reason = Delivery.SUPERSEDED, about.withdrawn
        became[about.id] = state
        now_is = {"became": state, "when": now + wait}
        changed.append({**now_is, "of": about.id, "why": reason})
        if state in SETTLED and about.use.startswith(TELLS_SEVERAL):  # so is all that it told
            parts.append({**now_is, "of": about.subject})
    conn.execute(_BECOMES, changed)
    if parts:
        conn.execute(_PARTS_BECOME, parts)
    return became


_STATE = {
    "state": sa.bindparam("became", type_=notifications.c.state.type),
    "next_at": sa.bindparam("when", type_=notifications.c.next_at.type),
}
_BECOMES = (
    sa.update(notifications)
    .where(notifications.c.id == sa.bindparam("of"))
    .values(**_STATE, reason=sa.bindparam("why"))
)
_PARTS_BECOME = (
    sa.update(notifications).where(notifications.c.told_by == sa.bindparam("of")).values(**_STATE)
)


@cache
def _about() -> sa.Select[Any]:
    n = notifications.c
    of = n.id.in_(sa.bindparam("of", expanding=True))
    return sa.select(n.id, n.withdrawn, n.use, n.subject).where(of)


@cache
def _tries() -> sa.Select[Any]:
    """Of these notifications, in order."""
    of = attempts.c.notification.in_(sa.bindparam("of", expanding=True))
    columns = (attempts.c.notification, attempts.c.number, attempts.c.outcome, attempts.c.reason)
    return sa.select(*columns).where(of).order_by(attempts.c.notification, attempts.c.number)


def attempts_of(conn: sa.Connection, ids: Iterable[str]) -> dict[str, tuple[Attempt, ...]]:
    """The attempts of each of these notifications, in order."""
    rows = sa.select(attempts).where(attempts.c.notification.in_(list(ids)))
    found: dict[str, tuple[Attempt, ...]] = {}
    for row in conn.execute(rows.order_by(attempts.c.number)).mappings():
        kept: dict[str, Any] = {name: row[name] for name in Attempt._fields}
        found[row["notification"]] = (*found.get(row["notification"], ()), Attempt(**kept))
    return found
