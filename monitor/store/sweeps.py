"""What a sweep of the readiness checks asks of the store, and leaves in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa

from monitor.ingest.message import UNKNOWN_SENSOR
from monitor.ingest.quota import FLOOD
from monitor.journal import Entry
from monitor.notify.channel import Notification, SendOutcome
from monitor.readiness.facts import Gap
from monitor.readiness.sweep import FIRST_SWEEP, TOLD, KnownFinding, KnownFindings, Sweep
from monitor.scope import Scope
from monitor.store import journal, outbox
from monitor.store.columns import micros, scope_text
from monitor.store.findings import open_ones, told, upsert
from monitor.store.tables import attempts, notifications, quarantine, receipts
from monitor.store.tables import journal as lines


class FailedAddress(NamedTuple):
    """The last that is known of an address: nothing gets there, and the failure is not ours."""

    person: str
    channel: str
    address: str


def known_findings(conn: sa.Connection, scope: Scope) -> KnownFindings | None:
    """What the sweeps before have left; None: there was none in that scope."""
    of_scope = sa.select(lines.c.subject, sa.func.max(lines.c.at).label("at")).where(
        lines.c.scope == scope
    )
    begun = of_scope.where(lines.c.subject == "readiness", lines.c.event == FIRST_SWEEP)
    if conn.execute(begun.group_by(lines.c.subject)).first() is None:
        return None
    told_at = conn.execute(of_scope.where(lines.c.event == TOLD).group_by(lines.c.subject))
    return KnownFindings(
        {
            row.finding.key: KnownFinding(row.finding, row.opened_at, row.told_at)
            for row in open_ones(conn, scope)
        },
        {row.subject: row.at for row in told_at},
    )


def unknown_sensors(conn: sa.Connection, scope: Scope, since: datetime) -> dict[str, int]:
    """Sensor ids that were not entered → readings of theirs received from `since` on."""
    q = quarantine.c
    rows = sa.select(q.detail, sa.func.count().label("count")).where(
        q.scope == scope, q.received_at >= micros(since), q.reason == UNKNOWN_SENSOR
    )
    return {row["detail"]: row["count"] for row in conn.execute(rows.group_by(q.detail)).mappings()}


def floods(conn: sa.Connection, scope: Scope, since: datetime) -> dict[str, int]:
    """Devices that said more than their quota → messages not judged, from `since` on."""
    q = quarantine.c
    rows = sa.select(q.topic, q.detail).where(
        q.scope == scope, q.received_at >= micros(since), q.reason == FLOOD
    )
    found: dict[str, int] = {}
    for name, count in conn.execute(rows):
        found[name] = found.get(name, 0) + int(count or 0)  # an erased row has no count
    return found


def gaps(
    conn: sa.Connection, scope: Scope, since: datetime, until: datetime
) -> dict[str, tuple[Gap, ...]]:
    """By sensor the holes between `boot:seq` keys observed from `since` on, where the reading
    after the hole was observed before `until`. Other keys, such as those of what
    a person read, have no order and no holes."""
    holes = (
        "WITH numbered AS (SELECT sensor, observed_at, instr(key, ':') AS colon, key"
        " FROM observations WHERE scope = ? AND observed_at >= ? AND key GLOB '?*:[0-9]*'"
        " AND key NOT GLOB '*:*[^0-9]*' AND key NOT GLOB 't:*'"
        " AND key NOT GLOB 'hand:*'),"
        " said AS (SELECT sensor, observed_at, substr(key, 1, colon - 1) AS boot,"
        " CAST(substr(key, colon + 1) AS INTEGER) AS seq FROM numbered),"
        " turned AS (SELECT *, lag(seq) OVER (PARTITION BY sensor, boot ORDER BY seq) AS before"
        " FROM said)"
        " SELECT sensor, boot, before + 1, seq - 1 FROM turned"
        " WHERE seq > before + 1 AND observed_at < ? ORDER BY sensor, observed_at"
    )
    found: dict[str, tuple[Gap, ...]] = {}
    where = (scope_text(scope), micros(since), micros(until))
    for sensor, *hole in conn.exec_driver_sql(holes, where):
        found[sensor] = (*found.get(sensor, ()), Gap(*hole))
    return found


def keep_sweep(
    conn: sa.Connection,
    scope: Scope,
    result: Sweep,
    promised: Sequence[Notification],
    entries: Sequence[Entry],
    now: datetime,
) -> None:
    """Keep all that one sweep means. Keeping it again changes nothing."""
    found = sorted(result.known.standing.values(), key=lambda one: one.finding.check)
    by_check = {name: list(some) for name, some in groupby(found, lambda one: one.finding.check)}
    for check in by_check.keys() | {key.check for key in result.closed}:
        upsert(conn, scope, check, (one.finding for one in by_check.get(check, ())), now)
    told(conn, scope, [one.finding for one in found if one.told_at == now], now)
    outbox.promise(conn, promised)
    journal.write(conn, entries)


def failed_addresses(conn: sa.Connection, scope: Scope) -> tuple[FailedAddress, ...]:
    """Addresses whose newest message did not get there, for a reason on the person's side.

    What the operator reports of a message goes before what the provider said when it took it. A
    failure of ours says nothing about an address, and neither does an unsure attempt.
    """
    n = notifications.c
    named = (n.person, n.channel, n.address)
    blamed = (attempts.c.outcome == SendOutcome.REFUSED) & attempts.c.blames_person
    tried = (
        sa.select(*named, blamed, n.created_at, sa.literal(0), attempts.c.recorded_at)
        .join(attempts, attempts.c.notification == n.id)
        .where(n.scope == scope, blamed | (attempts.c.outcome == SendOutcome.ACCEPTED))
    )
    reported = (
        sa.select(*named, ~receipts.c.delivered, n.created_at, sa.literal(1), receipts.c.at)
        .join(receipts, receipts.c.notification == n.id)
        .where(n.scope == scope, receipts.c.delivered | receipts.c.blames_person)
    )
    words = [*conn.execute(tried), *conn.execute(reported)]
    failed: dict[FailedAddress, bool] = {}
    for *address, bad, _promised, _kind, _at in sorted(words, key=lambda word: tuple(word[4:])):
        failed[FailedAddress(*address)] = bool(bad)
    return tuple(address for address, bad in failed.items() if bad)
