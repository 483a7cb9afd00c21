"""Each worker killed or failing."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="workers",
    row=(
        "each worker killed or failing, the loop blocked, the MQTT socket half dead while the "
        "client says connected"
    ),
    full={"killed": 20, "failing": 20, "blocked": 20, "half dead": 20},
    bar="noticed ≤ 60 s from outside, restarted ≤ 30 s, the others undisturbed",
    small={"killed": 1, "failing": 1, "blocked": 1, "half dead": 1},
    trial=None,
)
