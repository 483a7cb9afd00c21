"""What is written down for good: one entry a fact, chained by SHA-256 within a scope.

Persons stand in it by id, so that erasing a person does not break the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from monitor.scope import Scope

SCHEMA_VERSION = 1
GENESIS = "0" * 64
"""The hash before the first entry of a chain."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact as it will be kept.

    `event` is a dotted word from a closed list in `docs/journal.md`, such as "alert.raised",
    "call.step", "answer", "alert.stood_down", "finding.opened". `subject` is the id the entry is
    about (an alert, a finding, a sensor). `facts` holds JSON values only.
    """

    scope: Scope
    at: datetime
    event: str
    subject: str
    person: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def canonical(entry: Entry) -> str:
    """The entry as canonical JSON: sorted keys, no spaces, UTC times to the microsecond."""
    return json.dumps(
        {
            "v": SCHEMA_VERSION,
            "scope": list(entry.scope),
            "at": entry.at.isoformat(timespec="microseconds"),
            "event": entry.event,
            "subject": entry.subject,
            "person": entry.person,
            "facts": dict(entry.facts),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )


def chained(previous: str, text: str) -> str:
    """The hash of an entry's canonical text after the hash before it, in hex."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


class Chain(NamedTuple):
    """How far a chain holds."""

    length: int
    """Lines that hold, from the first."""
    head: str
    """The hash of the last of them; GENESIS where there is none."""
    broken: int | None
    """The first sequence number whose line is missing or changed; None: all lines hold."""
    kept_at: int | None
    """The sequence number of the line that has the hash looked for; None: none has."""


def follow(lines: Iterable[tuple[int, str, str]], kept: str = GENESIS) -> Chain:
    """Follow a chain of (seq, text, hash) from its first line.

    Lines cut off at the end leave a shorter chain that holds: keep a head elsewhere, and give it
    as `kept`. Where no line has it any more, lines are gone.
    """
    length, head = 0, GENESIS
    kept_at = 0 if kept == GENESIS else None
    for seq, text, stored in lines:
        if seq != length + 1 or stored != chained(head, text):
            return Chain(length, head, length + 1, kept_at)
        length, head = seq, stored
        kept_at = seq if stored == kept else kept_at
    return Chain(length, head, None, kept_at)
