"""Reading → Observation: units, trusted time, quality flag, repeats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from monitor.errors import Unreadable
from monitor.ingest.json_object import time_key
from monitor.ingest.observation import Observation, QualityFlag
from monitor.ingest.quality_test import Probe, QualityTest
from monitor.ingest.reading import Reading
from monitor.ingest.track import (
    EMPTY,
    FlatRun,
    Track,
    flattened,
    is_gap,
    lagged,
    remembered,
)
from monitor.reference.places import QualityLimits, Sensor
from monitor.reference.units import QUANTITIES, factor
from monitor.scope import Scope

AHEAD = timedelta(minutes=2)
"""A device time further ahead of ours, or steadily further behind, is a clock fault."""
LATE = timedelta(minutes=10)
"""Late is later than this, and than three intervals."""
LATE_INTERVALS = 3
_NO_DEVICE_BEFORE = date(2000, 1, 1)
"""A clock that was never set begins at 1970 or 2000."""

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

Seen = Mapping[tuple[Scope, str, str], float | None]
"""(scope, sensor, key) → raw value of what the store keeps beyond the track."""


class Assessed(NamedTuple):
    """What one reading is worth, and what is remembered after it."""

    observation: Observation
    track: Track


def assess(
    reading: Reading,
    sensor: Sensor,
    track: Track | None,
    defaults: QualityLimits,
    tests: tuple[QualityTest, ...],
    *,
    lowest_limit: float | None = None,
    seen: Seen | None = None,
) -> Assessed | None:
    """Judge one reading as it comes; None for an exact repeat.

    `defaults` hold where the sensor has no limits of its own. `lowest_limit`: the lowest that a
    rule holds for the sensor, canonical; None where no rule does. Raises Unreadable: "wrong
    unit", "wrong quantity", "conflict" (the same key with another value), "NaN or infinite".
    """
    if reading.quantity is not None and reading.quantity != sensor.quantity:
        raise Unreadable("wrong quantity", f"{sensor.id} measures {sensor.quantity}")
    track = track or EMPTY
    limits = sensor.quality or defaults
    at, fault = trusted_time(reading, sensor, track)
    key = reading.key
    if fault and key.startswith("t:"):
        key = time_key(at)  # a clock that stands still would make conflicts of all that it says
    if _is_repeat(reading, key, track, seen):
        return None
    value = canonical(reading, sensor)
    flag, reasons = _judge(reading, sensor, track, limits, tests, value, at, lowest_limit)
    observation = Observation(
        scope=reading.scope,
        sensor=sensor.id,
        key=key,
        device_time=reading.device_time,
        received_at=reading.received_at,
        observed_at=at,
        raw_value=reading.value,
        raw_unit=reading.unit or sensor.unit,
        value=None if flag is QualityFlag.MISSING else value,
        flag=flag,
        reasons=(*reasons, fault) if fault else reasons,
        late=reading.received_at - at > max(LATE_INTERVALS * sensor.interval, LATE),
        retained=reading.retained,
        detail=reading.detail,
    )
    return Assessed(observation, remembered(track, observation, sensor, limits, tests))


def trusted_time(reading: Reading, sensor: Sensor, track: Track) -> tuple[datetime, str]:
    """(observed_at, what is wrong with the device's clock or "")."""
    told, received = reading.device_time, reading.received_at
    if told is None:
        return received, ""
    behind = received - told
    if behind < -AHEAD:
        return received, "clock ahead"
    if told < _earliest(sensor.installed):
        return received, "clock before installation"
    if behind > AHEAD and not reading.retained and lagged(track.lag, behind, received).is_steady:
        return received, "clock off"
    return told, ""


@lru_cache(maxsize=4096)
def _earliest(installed: date | None) -> datetime:
    """Midnight of the day where it comes first (UTC+14): the township's own is not earlier."""
    day = installed or _NO_DEVICE_BEFORE
    return datetime.combine(day, time.min, UTC) - timedelta(hours=14)


def _is_repeat(reading: Reading, key: str, track: Track, seen: Seen | None) -> bool:
    for observation in track.history:
        if observation.key == key:
            raw = observation.raw_value
            break
    else:
        name = (reading.scope, reading.sensor, key)
        if seen is None or name not in seen:
            return False
        raw = seen[name]
    if raw != reading.value:
        raise Unreadable("conflict", f"{reading.sensor} {key}: {raw} and {reading.value}")
    return True


@lru_cache(maxsize=256)
def _factor(unit: str, quantity: str) -> float:
    try:
        return factor(unit, QUANTITIES[quantity])
    except KeyError as error:
        raise Unreadable("wrong unit", f"{unit!r:.40} for {quantity}") from error


def canonical(reading: Reading, sensor: Sensor) -> float | None:
    """raw × factor × scale + offset, in the quantity's own unit; None stays None."""
    times = _factor(reading.unit or sensor.unit, sensor.quantity)
    if reading.value is None:
        return None
    value = reading.value * times * sensor.scale + sensor.offset
    if not isfinite(value):
        raise Unreadable("NaN or infinite", f"{reading.value} in {sensor.quantity}")
    return value


def _judge(
    reading: Reading,
    sensor: Sensor,
    track: Track,
    limits: QualityLimits,
    tests: tuple[QualityTest, ...],
    value: float | None,
    at: datetime,
    lowest_limit: float | None,
) -> tuple[QualityFlag, tuple[str, ...]]:
    raw = reading.value
    if value is None or raw is None:
        return QualityFlag.MISSING, (reading.device_quality or "no value",)
    reference, flat = _before(track, at, value, sensor, limits)
    probe = Probe(
        value=value,
        raw=raw,
        at=at,
        before=reference,
        flat_since=flat.since if flat else None,
        interval=sensor.interval,
        limits=limits,
        sentinels=sensor.sentinels,
        lowest_limit=lowest_limit,
    )
    flag, reasons = _worst(probe, tests)
    if flag is QualityFlag.SUSPECT and _agrees(probe, reasons, track, tests):
        flag, reasons = QualityFlag.GOOD, ()
    if reading.device_quality is not None:
        remark = _REMARKS.get(reading.device_quality.lower(), QualityFlag.UNKNOWN)
        if remark > flag:
            flag = remark
        if remark > QualityFlag.GOOD:
            reasons = (*reasons, "device remark")
    return flag, reasons


def _before(
    track: Track, at: datetime, value: float, sensor: Sensor, limits: QualityLimits
) -> tuple[Observation | None, FlatRun | None]:
    """(the value to compare with, the flat run with this value). A reading from before the
    newest is held against its own neighbour in time, and says nothing about flatness."""
    if track.last is not None and at < track.last.observed_at:
        older = [o for o in track.history if o.observed_at <= at and o.judges]
        if not older or is_gap(older[-1].observed_at, at, sensor.interval):
            return None, None
        return older[-1], None
    flat = flattened(track, value, at, sensor, limits.flat_tolerance)
    return (None if is_gap(track.spoke_at, at, sensor.interval) else track.reference), flat


def _worst(probe: Probe, tests: tuple[QualityTest, ...]) -> tuple[QualityFlag, tuple[str, ...]]:
    """The worst flag; UNKNOWN where no test is on. A sentinel is no value, so nothing else
    matters then."""
    worst: QualityFlag | None = None
    reasons: tuple[str, ...] = ()
    for test in tests:
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


def _agrees(
    probe: Probe, reasons: tuple[str, ...], track: Track, tests: tuple[QualityTest, ...]
) -> bool:
    """Whether the value bears out the suspect one before it, which makes it real: within the
    limits of it, or further the same way. Water that goes on rising faster than any limit is a
    dam that broke until a person says otherwise."""
    suspect, reference = track.last_suspect, probe.before
    if suspect is None or suspect.value is None or probe.at < suspect.observed_at:
        return False
    if is_gap(suspect.observed_at, probe.at, probe.interval):
        return False
    if any(test.doubts_device and test.name in reasons for test in tests):
        return False
    if reference is not None and reference.value is not None:
        jump, further = suspect.value - reference.value, probe.value - suspect.value
        if jump * further > 0:
            return True
    against = probe._replace(before=suspect)
    flags = [test.flag(against) for test in tests if test.compares]
    return all(flag is None or flag <= QualityFlag.UNKNOWN for flag in flags)


__all__ = ["AHEAD", "LATE", "Assessed", "Seen", "Track", "assess"]
