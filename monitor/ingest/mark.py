"""What a named person said of readings that were doubted: real, or false."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.scope import Scope


class Mark(NamedTuple):
    """Of every SUSPECT observation of a sensor in a span of time."""

    scope: Scope
    sensor: str
    since: datetime
    at: datetime
    """When they said it; both ends are included, by observed_at."""
    real: bool
    by: str
    """The person's id."""
    why: str
    """What they saw; by which medium they answered where they said no more."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One observation with what was said of it."""

    sensor: str
    observed_at: datetime
    value: float | None
    """Canonical."""
    real: bool
    by: str
    why: str
    at: datetime
