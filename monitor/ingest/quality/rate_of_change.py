"""QARTOD rate of change: faster than the quantity can move."""

from __future__ import annotations

from monitor.ingest.observation import QualityFlag
from monitor.ingest.standard import Probe, QualityTest

_SHORTEST_S = 60.0
"""Seconds. Two values closer than this are taken for so far apart: the ripple under a gauge
that speaks every second is not a rise of metres an hour."""


def flag(probe: Probe) -> QualityFlag | None:
    """SUSPECT above the limit per hour, either way. GOOD without a value before, as QARTOD."""
    limit = probe.limits.rate_suspect
    if limit is None:
        return None
    before = probe.before
    if before is None or before.value is None:
        return QualityFlag.GOOD
    seconds = max((probe.at - before.observed_at).total_seconds(), _SHORTEST_S)
    rate = abs(probe.value - before.value) / seconds * 3600.0
    return QualityFlag.SUSPECT if rate > limit else QualityFlag.GOOD


TEST = QualityTest("rate of change", flag, compares=True)
