"""Reordered by up to 10 min."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="reordered",
    row="reordered by up to 10 min, tripled, with gaps",
    full={"readings": 1_000_000},
    bar=(
        "the same set of (site, hazard, onset, worst severity) counting 补判; pages differ only "
        "where a late block may not page, each listed; final state identical; no live reading "
        "waits for another"
    ),
    small={"readings": 1},
    trial=None,
)
