"""A number that the device uses for "no measurement" (−9999, −5, 888…), per sensor: 0 and −5
are legal levels elsewhere."""

from __future__ import annotations

from monitor.ingest.observation import QualityFlag
from monitor.ingest.standard import Probe, QualityTest


def flag(probe: Probe) -> QualityFlag | None:
    """MISSING where the raw value is one of the sensor's sentinels."""
    return QualityFlag.MISSING if probe.raw in probe.sentinels else None


TEST = QualityTest("sentinel", flag)
