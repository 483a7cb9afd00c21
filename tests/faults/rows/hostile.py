"""Hostile payloads."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="hostile",
    row="hostile payloads, grammar-aware, for every format",
    full={"decoded": 5_000_000, "served": 100_000},
    bar=(
        "invalid by construction → quarantine; 0 tracebacks, 0 dead tasks, 0 alerts from "
        "them; good messages' p99 < 2×"
    ),
    small={"decoded": 1, "served": 1},
    trial=None,
)
