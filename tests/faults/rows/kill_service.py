"""SIGKILL the service at random instants while readings arrive."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="kill_service",
    row="SIGKILL the service at random instants while readings arrive",
    full={"kills": 300, "readings": 200_000},
    bar="0 lost, 0 duplicate rows, 0 alerts missing or doubled, no alert without its outbox row",
    small={"kills": 1, "readings": 1},
    trial=None,
)
