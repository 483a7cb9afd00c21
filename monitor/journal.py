"""What is written down for good: one entry a fact, chained by SHA-256 within a scope.

Persons stand in it by id, so that erasing a person does not break the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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
