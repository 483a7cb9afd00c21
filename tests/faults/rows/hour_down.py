"""Service down for an hour: 100 sensors at ten a minute queue up."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="hour_down",
    row="service down for an hour: 100 sensors at ten a minute queue up",
    full={"hours": 10, "messages": 600_000},
    bar="0 lost (mosquitto as shipped), drained ≤ 30 s, nothing pages that no longer stands",
    small={"hours": 1, "messages": 1},
    trial=None,
)
