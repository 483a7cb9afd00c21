"""When did it happen? The device's word for it, unless its clock is at fault."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from monitor.ingest.reading import Reading
from monitor.ingest.track import Track, lagged
from monitor.reference.places import Sensor

OFF = timedelta(minutes=2)
"""A device time further ahead of ours, or steadily further behind, is a clock fault."""
SLIGHT_COUNT = 12
"""Readings that must lag alike by no more than what is judged as live anyway: five of a line that
delays them at random do now and then, and would be taken for a slow clock."""
LATE = timedelta(minutes=10)
LATE_INTERVALS = 3
AHEAD, UNSET, SLOW = "clock ahead", "clock before installation", "clock off"
CLOCK_FAULTS = (AHEAD, UNSET, SLOW)
"""Reasons of an observation whose device's time was not believed."""
_NO_DEVICE_BEFORE = date(2000, 1, 1)
"""A clock that was never set begins in 1970 or 2000."""


def trusted_time(reading: Reading, sensor: Sensor, track: Track) -> tuple[datetime, str]:
    """(observed_at, what is wrong with the device's clock or "")."""
    told, received = reading.device_time, reading.received_at
    if told is None:
        return received, ""
    behind = received - told
    if behind < -OFF:
        return received, AHEAD
    if told < _earliest(sensor.installed):
        return received, UNSET
    if behind > OFF and not reading.retained:
        lag = lagged(track.lag, behind, received)
        if lag.is_steady and (behind > late_after(sensor.interval) or lag.readings >= SLIGHT_COUNT):
            return received, SLOW
    return min(told, received), ""


@lru_cache(maxsize=4096)
def _earliest(installed: date | None) -> datetime:
    """Midnight of the day where it comes first (UTC+14): the township's own is not earlier."""
    day = installed or _NO_DEVICE_BEFORE
    return datetime.combine(day, time.min, UTC) - timedelta(hours=14)


@lru_cache(maxsize=256)
def late_after(interval: timedelta) -> timedelta:
    """A trusted time that lies further back at reception is late: it judges the past (补判)."""
    return max(LATE_INTERVALS * interval, LATE)
