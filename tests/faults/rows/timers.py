"""Escalation timers across kills."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="timers",
    row="escalation timers across kills, wall-clock steps of ±1 h, 60 s freezes",
    full={"kills": 150, "steps": 50, "freezes": 50},
    bar="0 missed, 0 doubled, ≤ 5 s late after recovery",
    small={"kills": 1, "steps": 1, "freezes": 1},
    trial=None,
)
