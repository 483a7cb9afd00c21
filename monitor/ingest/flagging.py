"""The quality flag of one value as it comes, and whether it bears out a doubted one before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.ingest.observation import Observation, QualityFlag
from monitor.ingest.reading import Reading
from monitor.ingest.standard import Probe, Standard
from monitor.ingest.track import FlatRun, Track, flattened, is_gap
from monitor.reference.places import Sensor

_REMARKS = {
    "good": QualityFlag.GOOD,
    "ok": QualityFlag.GOOD,
    "unknown": QualityFlag.UNKNOWN,
    "suspect": QualityFlag.SUSPECT,
    "questionable": QualityFlag.SUSPECT,
    "estimated": QualityFlag.SUSPECT,
    "fail": QualityFlag.FAIL,
    "bad": QualityFlag.FAIL,
    "invalid": QualityFlag.FAIL,
    "error": QualityFlag.FAIL,
}
"""What devices say about their own values; another word judges nothing and stays a reason."""
DEVICE_REMARK = "device remark"


class Verdict(NamedTuple):
    flag: QualityFlag
    reasons: tuple[str, ...]
    """Names of the tests that did not pass; "device remark", "no value"."""
    flat: FlatRun | None
    """The run of like values with this one."""


def judged(
    reading: Reading,
    sensor: Sensor,
    track: Track,
    standard: Standard,
    value: float | None,
    at: datetime,
    gap: bool,
) -> Verdict:
    """All tests, then what the device itself says. A SUSPECT value that agrees with the suspect
    one before it is GOOD: twice the same is real. `value` is canonical, `at` trusted; `gap`: the
    device was silent before."""
    raw, remark = reading.value, reading.device_quality
    if value is None or raw is None:
        return Verdict(QualityFlag.MISSING, (remark or "no value",), track.flat)
    reference, flat = _before(track, at, value, sensor.interval, standard, gap)
    probe = Probe(
        value=value,
        raw=raw,
        at=at,
        before=reference,
        flat_since=flat.since if flat else None,
        interval=sensor.interval,
        limits=standard.limits,
        sentinels=sensor.sentinels,
        lowest_limit=standard.lowest_limit,
    )
    flag, reasons = _worst(probe, standard)
    if flag is QualityFlag.SUSPECT and _agrees(probe, reasons, track, standard):
        flag, reasons = QualityFlag.GOOD, ()
    if remark is not None:
        own = _REMARKS.get(remark.lower(), QualityFlag.UNKNOWN)
        flag = max(flag, own)
        reasons = reasons if own is QualityFlag.GOOD else (*reasons, DEVICE_REMARK)
    return Verdict(flag, reasons, flat)


def _before(
    track: Track, at: datetime, value: float, interval: timedelta, standard: Standard, gap: bool
) -> tuple[Observation | None, FlatRun | None]:
    """(the value to compare with, the flat run with this value). A reading from before the
    newest is held against its own neighbour in time, and says nothing about flatness."""
    if track.last is not None and at < track.last.observed_at:
        older = [seen for seen in track.history if seen.observed_at <= at and seen.judges]
        if not older or is_gap(older[-1].observed_at, at, interval):
            return None, None
        return older[-1], None
    flat = flattened(track, value, at, interval, standard.limits.flat_tolerance)
    return None if gap else track.reference, flat


def _worst(probe: Probe, standard: Standard) -> tuple[QualityFlag, tuple[str, ...]]:
    """UNKNOWN where no test is on. A sentinel is no value, so nothing else matters then."""
    worst: QualityFlag | None = None
    reasons: tuple[str, ...] = ()
    for test in standard.tests:
        flag = test.flag(probe)
        if flag is None:
            continue
        if flag is QualityFlag.MISSING:
            return flag, (test.name,)
        if worst is None or flag > worst:
            worst = flag
        if flag > QualityFlag.UNKNOWN:
            reasons = (*reasons, test.name)
    return worst or QualityFlag.UNKNOWN, reasons


def _agrees(probe: Probe, reasons: tuple[str, ...], track: Track, standard: Standard) -> bool:
    """Whether the value bears out the suspect one before it: within the limits of it, or further
    the same way. Water that goes on rising faster than any limit is a dam that broke until a
    person says otherwise."""
    suspect, reference = track.last_suspect, probe.before
    if suspect is None or suspect.value is None or probe.at < suspect.observed_at:
        return False
    if is_gap(suspect.observed_at, probe.at, probe.interval) or standard.doubts_device(reasons):
        return False
    if reference is not None and reference.value is not None:
        jump, further = suspect.value - reference.value, probe.value - suspect.value
        if jump * further > 0:
            return True
    against = probe._replace(before=suspect)
    flags = [test.flag(against) for test in standard.tests if test.compares]
    return all(flag is None or flag <= QualityFlag.UNKNOWN for flag in flags)
