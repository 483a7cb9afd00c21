"""When did it happen? The device's word for it, unless its clock is at fault."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from monitor.ingest.reading import Reading
from monitor.ingest.track import Track, lagged

OFF = timedelta(minutes=2)
"""A device time further ahead of ours, or steadily further behind, is a clock fault."""
LATE = timedelta(minutes=10)
LATE_INTERVALS = 3
AHEAD, UNSET, SLOW = "clock ahead", "clock before installation", "clock off"
CLOCK_FAULTS = (AHEAD, UNSET, SLOW)
"""Reasons of an observation whose device's time was not believed."""
_NO_DEVICE_BEFORE = date(2000, 1, 1)
"""A clock that was never set begins in 1970 or 2000."""


def trusted_time(reading: Reading, installed: date | None, track: Track) -> tuple[datetime, str]:
    """(observed_at, what is wrong with the device's clock or "")."""
    told, received = reading.device_time, reading.received_at
    if told is None:
        return received, ""
    behind = received - told
    if behind < -OFF:
        return received, AHEAD
    if told < _earliest(installed):
        return received, UNSET
    if behind > OFF and not reading.retained and lagged(track.lag, behind, received).is_steady:
        return received, SLOW
    return told, ""


@lru_cache(maxsize=4096)
def _earliest(installed: date | None) -> datetime:
    """Midnight of the day where it comes first (UTC+14): the township's own is not earlier."""
    day = installed or _NO_DEVICE_BEFORE
    return datetime.combine(day, time.min, UTC) - timedelta(hours=14)


@lru_cache(maxsize=256)
def late_after(interval: timedelta) -> timedelta:
    """A trusted time that lies further back at reception is late: it judges the past (补判)."""
    return max(LATE_INTERVALS * interval, LATE)
