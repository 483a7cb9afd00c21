"""Power cut: recorded write and fsync prefixes of the real schema replayed."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="power_cut",
    row="power cut: recorded write and fsync prefixes of the real schema replayed, torn last write",
    full={"cuts": 200},
    bar="0 committed rows lost, 0 corrupt",
    small={"cuts": 1},
    trial=None,
)
