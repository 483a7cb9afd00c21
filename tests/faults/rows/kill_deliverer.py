"""SIGKILL the deliverer."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="kill_deliverer",
    row=(
        "SIGKILL the deliverer; gateway 5 % 503, 7 % accepts and drops the connection, 2 % "
        "slower than the timeout"
    ),
    full={"kills": 150, "messages": 10_000},
    bar=(
        "each delivered, or UNSURE with the next channel taken; ≤ 2 copies; doubled ≤ the "
        "unsure share, ≤ 2 % where the gateway can be asked"
    ),
    small={"kills": 1, "messages": 1},
    trial=None,
)
