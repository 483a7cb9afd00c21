"""A store that was put back from a copy: what it still meant to send may have been sent since.

A copy is marked by `PRAGMA user_version`, in the file's head: no table knows of it. Whoever opens a
marked file to write settles it before anything is sent.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.errors import StoreUnavailable
from monitor.journal import Entry
from monitor.judging.memory import Anew
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import Ladder, LadderState
from monitor.scope import Scope
from monitor.store import journal, ladders
from monitor.store.answers import called_since_stand_down
from monitor.store.columns import instant
from monitor.store.sole import sole_writer
from monitor.store.tables import (
    alerts,
    escalations,
    meta,
    notifications,
    observations,
    stand_downs,
)
from monitor.store.tables import ladders as ladder_rows

A_COPY = 1
"""The value of `user_version` in a backup; 0 in a store that is written."""
RESTORED = "restored from a backup"
"""Row of `meta`, and the reason of what is not sent for it."""


class Restored(NamedTuple):
    """What was put back, and what became of what waited in it."""

    since: datetime
    """The newest that the copy knew: what came after it until `at` is not there."""
    at: datetime
    withheld: int
    """Messages that waited in the copy and are not sent: whether they were, it cannot know."""
    alerts: tuple[str, ...]
    """Open ones that were still being called: called anew by the next value that says they stand,
    or by time where none comes."""


def mark(copy: Path) -> None:
    """Say in a file that it is a copy."""
    with closing(sqlite3.connect(copy)) as conn:
        conn.execute(f"PRAGMA user_version={A_COPY}")


def put_back(copy: Path, store: Path) -> None:
    """Put a verified copy in the place of a store that is not there. Raises StoreUnavailable."""
    if store.exists() or store.with_name(store.name + "-wal").exists():
        raise StoreUnavailable(
            f"{store} is there; move it and what lies beside it (-wal, -shm) away first"
        )
    part = store.with_name(store.name + ".part")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with sole_writer(store):
            part.touch(mode=0o600)
            shutil.copyfile(copy, part)
            mark(part)
            part.replace(store)
    except (OSError, sqlite3.Error) as fault:
        raise StoreUnavailable(f"nothing was restored: {fault}") from fault
    finally:
        part.unlink(missing_ok=True)


def is_copy(conn: sa.Connection) -> bool:
    """Whether the file is a copy that nobody has settled yet."""
    return bool(conn.exec_driver_sql("PRAGMA user_version").scalar_one() == A_COPY)


def settle(conn: sa.Connection, scope: Scope, now: datetime) -> Restored:
    """Send nothing that waited, end the ladders that called, and let the alerts that stand be told
    anew: by a value of now, in words of now. Done once, in the caller's transaction."""
    since = conn.execute(sa.select(sa.func.max(observations.c.received_at))).scalar()
    n = notifications.c
    waits = n.state.in_((Delivery.WAITING, Delivery.SENDING, Delivery.HELD, Delivery.MERGED))
    subjects = set(conn.execute(sa.select(n.subject).where(waits)).scalars())
    gone = {"state": Delivery.SUPERSEDED, "withdrawn": RESTORED, "reason": RESTORED}
    withheld = conn.execute(sa.update(notifications).where(waits).values(gone)).rowcount
    calling = sa.select(ladder_rows.c.snapshot).where(ladder_rows.c.state == LadderState.CALLING)
    for ladder in conn.execute(calling).scalars().all():
        ladders.save(conn, replace(ladder, state=LadderState.CANCELLED, reason=RESTORED))
        subjects.add(ladder.alert)
    unheard = _unheard(conn, subjects)
    found = Restored(now if since is None else instant(since), now, withheld, unheard)
    facts = {"since": found.since.isoformat(), "withheld": withheld, "alerts": len(unheard)}
    journal.write(conn, [Entry(scope, now, "store.restored", scope.township, None, facts)])
    words = json.dumps([found.since.isoformat(), now.isoformat(), withheld, len(unheard), *unheard])
    conn.execute(sa.delete(meta).where(meta.c.name == RESTORED))
    conn.execute(sa.insert(meta).values(name=RESTORED, value=words))
    conn.exec_driver_sql("PRAGMA user_version=0")
    return found


def _unheard(conn: sa.Connection, subjects: Iterable[str]) -> tuple[str, ...]:
    """Of the alerts that were still being called for, those that stand and that nobody has stood
    down, as if nobody had been told."""
    a, of = alerts.c, stand_downs.c
    ended = sa.exists().where(of.alert == a.id, ~called_since_stand_down())
    stands = sa.select(a.id).where(a.id.in_(subjects), a.cleared_at.is_(None), ~ended)
    ids = tuple(conn.execute(stands.order_by(a.id)).scalars())
    nobody = {"announced": Severity.NORMAL, "asked": Severity.NORMAL}
    conn.execute(sa.update(alerts).where(a.id.in_(ids)).values(nobody))
    return ids


def anew(conn: sa.Connection) -> Anew | None:
    """What is to be called anew since the store was put back; None: it never was."""
    found = restored(conn)
    return found and Anew(found.at, frozenset(found.alerts))


def not_called_since(conn: sa.Connection) -> list[Ladder]:
    """The ladders that a restore ended, as they called in the copy, of what stands and nobody was
    called for since: it must be dialled by hand meanwhile."""
    found = restored(conn)
    if found is None:
        return []
    a, of, rows = alerts.c, escalations.c, ladder_rows.c
    called = sa.exists().where(of.alert == rows.alert, of.opened_at >= found.at)
    wanted = sa.select(rows.snapshot).join(alerts, a.id == rows.alert)
    wanted = wanted.where(a.id.in_(found.alerts), a.cleared_at.is_(None), ~called)
    ended = conn.execute(wanted.order_by(rows.due_at, rows.id)).scalars()
    calling = {"state": LadderState.CALLING, "reason": ""}
    return [replace(ladder, **calling) for ladder in ended if ladder.reason == RESTORED]


def restored(conn: sa.Connection) -> Restored | None:
    """The last time that the store was put back from a copy; None: never."""
    words = conn.execute(sa.select(meta.c.value).where(meta.c.name == RESTORED)).scalar()
    if words is None:
        return None
    since, at, withheld, _, *unheard = json.loads(words)
    begun, done = datetime.fromisoformat(since), datetime.fromisoformat(at)
    return Restored(begun, done, withheld, tuple(unheard))
