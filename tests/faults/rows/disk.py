"""Disk full."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="disk",
    row="disk full, I/O error, read-only, locked 30 s",
    full={"full": 50, "I/O errors": 50, "read-only": 50, "locked": 50},
    bar=(
        "no PUBACK without a commit; `/readyz` red and the operator told ≤ 10 s; recovers "
        "without a restart"
    ),
    small={"full": 1, "I/O errors": 1, "read-only": 1, "locked": 1},
    trial=None,
)
