"""Restore from a backup into an empty folder."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="restore",
    row="restore from a backup into an empty folder",
    full={"restores": 20},
    bar="≤ 5 min of readings missing (each gap told), no SMS sent twice",
    small={"restores": 1},
    trial=None,
)
