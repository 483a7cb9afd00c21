"""Sensor clocks: 1970."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULT = Fault(
    name="clocks",
    row="sensor clocks: 1970, +1 day, 2038, an hour slow, drift, jump back",
    full={"devices": 1_000},
    bar="0 missed breaches, 0 alerts dated in the future, each told",
    small={"devices": 1},
    trial=None,
)
