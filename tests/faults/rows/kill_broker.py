"""SIGKILL the broker."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="kill_broker",
    row=(
        "SIGKILL the broker, persistence on and off, devices that keep their buffer until "
        "`committed` names the sequence"
    ),
    full={"kills": 150, "readings": 100_000},
    bar="0 lost, gaps closed in 60 s, every gap of a device without a buffer is a finding",
    small={"kills": 1, "readings": 1},
    trial=None,
)
