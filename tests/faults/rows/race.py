"""Two people."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="race",
    row="two people, a timer, an SMS reply and the API answer in the same 10 ms",
    full={"races": 10_000},
    bar="one first answer in the journal, 0 escalation messages sent later than 1 s after it",
    small={"races": 1},
    trial=None,
)
