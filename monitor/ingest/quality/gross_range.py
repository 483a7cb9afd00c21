"""QARTOD gross range: what no device can have measured fails, what no one has seen is suspect."""

from __future__ import annotations

from monitor.ingest.observation import QualityFlag
from monitor.ingest.standard import Probe, QualityTest


def flag(probe: Probe) -> QualityFlag | None:
    """Both ends of a span belong to it."""
    fail, suspect = probe.limits.gross_fail, probe.limits.gross_suspect
    if fail is not None and not fail.low <= probe.value <= fail.high:
        return QualityFlag.FAIL
    if suspect is not None and not suspect.low <= probe.value <= suspect.high:
        return QualityFlag.SUSPECT
    return None if fail is None and suspect is None else QualityFlag.GOOD


TEST = QualityTest("gross range", flag)
