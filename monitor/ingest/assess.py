"""Reading → Observation: units, trusted time, quality flag, repeats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from monitor.errors import Unreadable
from monitor.ingest.flagging import DEVICE_REMARK, judged
from monitor.ingest.json_object import time_key
from monitor.ingest.observation import Observation, QualityFlag
from monitor.ingest.outage import OUT_OF_SERVICE, Outage
from monitor.ingest.reading import Reading
from monitor.ingest.standard import Standard
from monitor.ingest.track import BY_HAND, DENIED, EMPTY, Track, is_gap, read_by_hand, remembered
from monitor.ingest.trusted_time import CLOCK_FAULTS, late_after, trusted_time
from monitor.reference.places import Sensor
from monitor.reference.units import QUANTITIES, factor
from monitor.scope import Scope

__all__ = ["DENIED", "Assessed", "Seen", "Track", "again", "assess", "noted"]

CONFLICT = "conflict"
"""Reason of another value under a known key."""
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
    standard: Standard,
    seen: Seen | None = None,
    outage: Outage | None = None,
) -> Assessed | None:
    """Judge one reading as it comes; None for an exact repeat. `outage`: the sensor's newest.

    Raises Unreadable: "wrong unit", "wrong quantity", "conflict" (the same key with another
    value), "NaN or infinite".
    """
    if reading.quantity is not None and reading.quantity != sensor.quantity:
        raise Unreadable("wrong quantity", f"{sensor.id} measures {sensor.quantity}")
    track = track or EMPTY
    at, fault = trusted_time(reading, sensor, track)
    key = reading.key
    if fault and key.startswith("t:"):
        key = time_key(at)  # a clock that stands still would make conflicts of all that it says
    if _is_repeat(reading, key, track, seen):
        return None
    value = canonical(reading, sensor)
    gap = is_gap(track.spoke_at, at, sensor.interval)
    flag, reasons, flat = judged(reading, sensor, track, standard, value, at, gap)
    value = None if flag is QualityFlag.MISSING else value
    if outage is not None and outage.withholds(at):
        flag, reasons, flat = QualityFlag.FAIL, (OUT_OF_SERVICE, *reasons), track.flat
    observation = Observation(
        scope=reading.scope,
        sensor=sensor.id,
        key=key,
        device_time=reading.device_time,
        received_at=reading.received_at,
        observed_at=at,
        raw_value=reading.value,
        raw_unit=reading.unit or sensor.unit,
        value=value,
        flag=flag,
        reasons=(*reasons, fault) if fault else reasons,
        late=reading.received_at - at > late_after(sensor.interval),
        retained=reading.retained,
        detail=reading.detail,
    )
    return Assessed(observation, remembered(track, observation, flat, standard, gap))


def again(known: Observation, sensor: Sensor, track: Track | None, standard: Standard) -> Assessed:
    """The flag of a known observation once more, after all that is known now of the time before
    it. Its time, key and lateness stay: they were settled when it came. So does the flag of what
    a person read, and of what has no value."""
    track = track or EMPTY
    if known.key.startswith(BY_HAND):
        return Assessed(known, read_by_hand(track, known))
    gap = is_gap(track.spoke_at, known.observed_at, sensor.interval)
    if known.value is None:
        return Assessed(known, remembered(track, known, track.flat, standard, gap))
    at, clock = known.observed_at, [why for why in known.reasons if why in CLOCK_FAULTS]
    flag, reasons, flat = judged(_said(known), sensor, track, standard, known.value, at, gap)
    observation = known._replace(flag=flag, reasons=(*reasons, *clock))
    return Assessed(observation, remembered(track, observation, flat, standard, gap))


def _said(known: Observation) -> Reading:
    """The reading of an observation. Of the device's remark only the flag is kept."""
    remark = known.flag.name if DEVICE_REMARK in known.reasons else None
    return Reading(
        scope=known.scope,
        sensor=known.sensor,
        quantity=None,
        value=known.raw_value,
        unit=known.raw_unit,
        device_time=known.device_time,
        received_at=known.received_at,
        key=known.key,
        retained=known.retained,
        detail=known.detail,
        device_quality=remark,
    )


def noted(
    scope: Scope, sensor: Sensor, track: Track | None, value: float | None, at: datetime, why: str
) -> Assessed:
    """A value that a person read off the staff gauge, canonical: GOOD, and the next one of the
    device is held against it. `why` says who read it and stands as its reason. None: they only
    say that what was doubted is false."""
    observation = Observation(
        scope=scope,
        sensor=sensor.id,
        key=BY_HAND + time_key(at).removeprefix("t:"),
        device_time=None,
        received_at=at,
        observed_at=at,
        raw_value=value,
        raw_unit=QUANTITIES[sensor.quantity].unit,
        value=value,
        flag=QualityFlag.MISSING if value is None else QualityFlag.GOOD,
        reasons=(why,),
        late=False,
        retained=False,
        detail=None,
    )
    return Assessed(observation, read_by_hand(track or EMPTY, observation))


def _is_repeat(reading: Reading, key: str, track: Track, seen: Seen | None) -> bool:
    if reading.redelivered and key.startswith("t:") and _was_last(reading, track):
        return True
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
        raise Unreadable(CONFLICT, f"{reading.sensor} {key}: {raw} and {reading.value}")
    return True


def _was_last(reading: Reading, track: Track) -> bool:
    """Whether a message that may have come before says what the last one said. A device without a
    clock, or with a wrong one, gives nothing else to know it by; a value that was lost on its way
    and is the same again is no loss."""
    last = track.last
    said = reading.device_time, reading.value
    return last is not None and (last.device_time, last.raw_value) == said


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
