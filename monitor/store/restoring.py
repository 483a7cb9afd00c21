"""A store that was put back from a copy: what it still meant to send may have been sent since.

A copy is marked by `PRAGMA user_version`, in the file's head: no table knows of it. Whoever opens a
marked file to write settles it before anything is sent.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.errors import StoreUnavailable
from monitor.journal import Entry
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import LadderState
from monitor.scope import Scope
from monitor.store import journal, ladders
from monitor.store.columns import instant
from monitor.store.sole import sole_writer
from monitor.store.tables import alerts, meta, notifications, observations
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
    alerts: int
    """Open ones that were still being called: called anew as soon as a value says they stand."""


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
    unheard = sa.update(alerts).where(alerts.c.id.in_(subjects), alerts.c.cleared_at.is_(None))
    nobody = {"announced": Severity.NORMAL, "asked": Severity.NORMAL}
    told = conn.execute(unheard.values(nobody)).rowcount
    found = Restored(now if since is None else instant(since), now, withheld, told)
    facts = {"since": found.since.isoformat(), "withheld": withheld, "alerts": told}
    journal.write(conn, [Entry(scope, now, "store.restored", scope.township, None, facts)])
    words = json.dumps([found.since.isoformat(), now.isoformat(), withheld, told])
    conn.execute(sa.delete(meta).where(meta.c.name == RESTORED))
    conn.execute(sa.insert(meta).values(name=RESTORED, value=words))
    conn.exec_driver_sql("PRAGMA user_version=0")
    return found


def restored(conn: sa.Connection) -> Restored | None:
    """The last time that the store was put back from a copy; None: never."""
    words = conn.execute(sa.select(meta.c.value).where(meta.c.name == RESTORED)).scalar()
    if words is None:
        return None
    since, at, withheld, told = json.loads(words)
    return Restored(datetime.fromisoformat(since), datetime.fromisoformat(at), withheld, told)
