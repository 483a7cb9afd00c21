"""The journal's rows: one chain of hashes a scope, written inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from monitor.journal import GENESIS, Chain, Entry, canonical, chained, follow
from monitor.scope import Scope
from monitor.store.columns import micros, scope_text
from monitor.store.tables import journal

_KEEP = (
    "INSERT INTO journal (scope, seq, at, event, subject, text, digest, hash)"
    " VALUES (?,?,?,?,?,?,?,?)"
)


class Line(NamedTuple):
    """One kept entry. `text` is its canonical JSON."""

    seq: int
    text: str
    hash: str


def write(conn: sa.Connection, entries: Sequence[Entry]) -> None:
    """Add entries to the chains of their scopes; one that is there already is not added again."""
    by_scope: dict[Scope, dict[str, tuple[Entry, str]]] = {}
    for entry in entries:
        text = canonical(entry)
        by_scope.setdefault(entry.scope, {})[chained(GENESIS, text)] = (entry, text)
    for scope, by_digest in by_scope.items():
        _extend(conn, scope, by_digest)


def _extend(conn: sa.Connection, scope: Scope, by_digest: dict[str, tuple[Entry, str]]) -> None:
    known = _known(conn, scope, by_digest)
    seq, last = _head(conn, scope)
    rows = []
    for digest, (entry, text) in by_digest.items():
        if digest not in known:
            seq, last = seq + 1, chained(last, text)
            at = micros(entry.at)
            row = (scope_text(scope), seq, at, entry.event, entry.subject, text, digest, last)
            rows.append(row)
    if rows:
        conn.exec_driver_sql(_KEEP, rows)


def _known(conn: sa.Connection, scope: Scope, digests: Iterable[str]) -> set[str]:
    these = (
        "SELECT digest FROM journal WHERE scope = ? AND digest IN (SELECT value FROM json_each(?))"
    )
    found = conn.exec_driver_sql(these, (scope_text(scope), json.dumps([*digests])))
    return set(found.scalars())


def _head(conn: sa.Connection, scope: Scope) -> tuple[int, str]:
    newest = "SELECT seq, hash FROM journal WHERE scope = ? ORDER BY seq DESC LIMIT 1"
    row = conn.exec_driver_sql(newest, (scope_text(scope),)).first()
    return (0, GENESIS) if row is None else (row[0], row[1])


def read(
    conn: sa.Connection,
    scope: Scope,
    after: int = 0,
    subject: str | None = None,
    limit: int | None = None,
) -> list[Line]:
    """The lines after sequence number `after`, oldest first; all of them where limit is None."""
    lines = sa.select(journal.c.seq, journal.c.text, journal.c.hash).where(
        journal.c.scope == scope, journal.c.seq > after
    )
    if subject is not None:
        lines = lines.where(journal.c.subject == subject)
    return [Line(*row) for row in conn.execute(lines.order_by(journal.c.seq).limit(limit))]


def chain(conn: sa.Connection, scope: Scope, kept: str = GENESIS) -> Chain:
    """How far a scope's chain holds, and where in it the hash `kept` stands."""
    lines = sa.select(journal.c.seq, journal.c.text, journal.c.hash).where(journal.c.scope == scope)
    rows = conn.execute(lines.order_by(journal.c.seq))
    return follow(((seq, text, stored) for seq, text, stored in rows), kept)


def verify(conn: sa.Connection, scope: Scope) -> int | None:
    """The first sequence number whose line is missing or changed; None when the chain holds."""
    return chain(conn, scope).broken


def scopes(conn: sa.Connection) -> list[Scope]:
    """Every scope that has a chain."""
    return list(conn.execute(sa.select(journal.c.scope).distinct()).scalars())
