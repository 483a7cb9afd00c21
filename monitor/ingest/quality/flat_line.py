"""QARTOD flat line: a device that says the same for too long is stuck, or its float is."""

from __future__ import annotations

from datetime import timedelta

from monitor.ingest.observation import QualityFlag
from monitor.ingest.standard import Probe, QualityTest


def _lasted(probe: Probe, limit: timedelta | None) -> bool:
    """QARTOD counts whole intervals: 50 min of a quarter-hourly series are three of them. At
    least one: a single value is no line."""
    if limit is None or probe.flat_since is None:
        return False
    return probe.at - probe.flat_since >= max(1, limit // probe.interval) * probe.interval


def flag(probe: Probe) -> QualityFlag | None:
    """Off below the lowest limit: low water is flat for weeks, and nothing hangs on it."""
    suspect, fail = probe.limits.flat_suspect, probe.limits.flat_fail
    if suspect is None and fail is None:
        return None
    if probe.lowest_limit is None or probe.value < probe.lowest_limit:
        return None
    if _lasted(probe, fail):
        return QualityFlag.FAIL
    return QualityFlag.SUSPECT if _lasted(probe, suspect) else QualityFlag.GOOD


TEST = QualityTest("flat line", flag, doubts_device=True)
