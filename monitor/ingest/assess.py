"""Reading → Observation: units, trusted time, quality flag, repeats."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.ingest.observation import Observation


@dataclass(frozen=True, slots=True)
class Track:
    """What is remembered of one sensor's recent observations (the last 15 minutes at least)."""

    last: Observation | None
    """Newest by observed_at, whatever its flag."""
    last_good: Observation | None
    """Newest that judges."""
