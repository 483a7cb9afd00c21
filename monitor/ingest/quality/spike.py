"""A jump from the last good value. QARTOD looks at the neighbours on both sides; a service that
judges as readings come has only the one before (docs/quality.md)."""

from __future__ import annotations

from monitor.ingest.observation import QualityFlag
from monitor.ingest.standard import GAP_INTERVALS, Probe, QualityTest


def flag(probe: Probe) -> QualityFlag | None:
    """A jump equal to the limit passes. The limits hold between values up to a gap apart; while
    doubtful values keep the last good one from being renewed they grow with its age, so that a
    gauge that was moved is believed again after a while. UNKNOWN without a value before; against
    such a one no more than SUSPECT: either of the two may be the false one, the next tells."""
    suspect, fail = probe.limits.spike_suspect, probe.limits.spike_fail
    if suspect is None and fail is None:
        return None
    before = probe.before
    if before is None or before.value is None:
        return QualityFlag.UNKNOWN
    jump = abs(probe.value - before.value)
    age = (probe.at - before.observed_at) / (GAP_INTERVALS * probe.interval)
    if age > 1.0:
        jump /= age
    if fail is not None and jump > fail:
        proven = before.flag is not QualityFlag.UNKNOWN
        return QualityFlag.FAIL if proven else QualityFlag.SUSPECT
    if suspect is not None and jump > suspect:
        return QualityFlag.SUSPECT
    return QualityFlag.GOOD


TEST = QualityTest("spike", flag, compares=True)
