"""What is remembered of one sensor between two readings. Immutable: a new one each time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.ingest.observation import Observation, QualityFlag
from monitor.ingest.outage import OUT_OF_SERVICE
from monitor.ingest.reading import Reading
from monitor.ingest.standard import GAP_INTERVALS, Standard

KEPT_FOR = timedelta(minutes=15)
KEPT_AT_MOST = 16
"""A minute-gauge's quarter of an hour; of a faster one the newest, so that ten thousand
sensors stay below 100 MB."""

BY_HAND = "hand:"
"""How the key of a value begins that a person read."""

DENIED = "judged false"
"""The reason of a person's word that a doubted value was false: an observation without a value,
because nobody read another one."""

STEADY_COUNT = 5
STEADY_SPAN = timedelta(minutes=2)
STEADY_SPREAD = timedelta(seconds=30)
"""A slow clock lags by the same amount on every live reading: so many readings, arriving over
that long, each within that spread of those before. The values of a late block arrive together, so
their lags differ by as much as their times do."""


class FlatRun(NamedTuple):
    """Values that have stayed within the flat tolerance."""

    since: datetime
    low: float
    high: float


class Lag(NamedTuple):
    """How far the device's time has been behind ours over a run of readings."""

    since: datetime
    """Reception of the first."""
    readings: int
    low: timedelta
    high: timedelta

    @property
    def is_steady(self) -> bool:
        return self.readings >= STEADY_COUNT


class Track(NamedTuple):
    """What is remembered of one sensor. Retained messages leave no trace in it."""

    last: Observation | None
    """Newest by observed_at, whatever its flag."""
    last_good: Observation | None
    """Newest that judges."""
    last_suspect: Observation | None = None
    """Newest, while neither confirmed nor contradicted: the next one that agrees is real."""
    reference: Observation | None = None
    """Newest value taken for real, which the next is held against: `last_good`, or one that is
    doubted only because the device is (a flat line)."""
    spoke_at: datetime | None = None
    """observed_at of the newest with a value, whatever its flag; a gap is counted from it."""
    flat: FlatRun | None = None
    lag: Lag | None = None
    history: tuple[Observation, ...] = ()
    """By observed_at: the last 15 min, at most 16, at least the newest."""


EMPTY = Track(None, None)


def lagged(lag: Lag | None, behind: timedelta, received_at: datetime) -> Lag:
    """The run with one more reading; a run of its own where it does not fit. A clock that drifts
    is followed as it falls behind; what a line held back catches up instead."""
    if lag is None:
        return Lag(received_at, 1, behind, behind)
    low, high = min(lag.low, behind), max(lag.high, behind)
    if high - low > STEADY_SPREAD:
        follows = lag.high < behind <= lag.high + STEADY_SPREAD
        returns = lag.is_steady and lag.low - STEADY_SPREAD <= behind <= lag.high
        if not follows and not returns:
            return Lag(received_at, 1, behind, behind)
        low = high = behind
    if lag.readings + 1 == STEADY_COUNT and received_at - lag.since < STEADY_SPAN:
        return lag._replace(low=low, high=high)
    return Lag(lag.since, lag.readings + 1, low, high)


def doubted(track: Track, reading: Reading) -> Track:
    """The track after a reading that was refused for another value under its time: a clock that
    was set back says the same times once more, and is known by its lag."""
    if reading.device_time is None or reading.retained:
        return track
    behind = reading.received_at - reading.device_time
    return track._replace(lag=lagged(track.lag, behind, reading.received_at))


def flattened(
    track: Track, value: float, at: datetime, interval: timedelta, tolerance: float
) -> FlatRun:
    """The run of like values with this one; begun anew where it differs, or after a gap.
    QARTOD's test is range < tolerance; the same value again is flat at any tolerance."""
    run = track.flat
    if run is not None and not is_gap(track.spoke_at, at, interval):
        if value == run.low == run.high:
            return run
        low, high = min(run.low, value), max(run.high, value)
        if high - low < tolerance:
            return FlatRun(run.since, low, high)
    return FlatRun(at, value, value)


def is_gap(before: datetime | None, at: datetime, interval: timedelta) -> bool:
    """Whether the device was silent so long that two values cannot be compared."""
    return before is None or at - before > GAP_INTERVALS * interval


def remembered(
    track: Track, observation: Observation, flat: FlatRun | None, standard: Standard, gap: bool
) -> Track:
    """The track after one observation. `gap`: the device was silent before it."""
    if observation.retained:
        return track
    at, lag = observation.observed_at, track.lag
    if observation.device_time is not None:
        behind = observation.received_at - observation.device_time
        lag = lagged(lag, behind, observation.received_at)
    if track.last is not None and at < track.last.observed_at:
        return track._replace(lag=lag, history=_inserted(track.history, observation))
    history = _appended(track.history, observation)
    if observation.value is None or OUT_OF_SERVICE in observation.reasons:
        track = track._replace(last=observation, lag=lag, history=history)
        if OUT_OF_SERVICE in observation.reasons:
            # the first word after its repair is held against nothing
            return track._replace(last_suspect=None, reference=None, flat=None)
        return track
    suspect, reference = (None, None) if gap else (track.last_suspect, track.reference)
    if observation.flag <= QualityFlag.UNKNOWN:
        suspect, reference = None, observation
    elif observation.flag is QualityFlag.SUSPECT:
        if standard.doubts_value(observation.reasons):
            suspect = observation
        else:
            reference = observation
    return Track(
        observation,
        observation if observation.judges else track.last_good,
        suspect,
        reference,
        at,
        flat,
        lag,
        history,
    )


def read_by_hand(track: Track, observation: Observation) -> Track:
    """The track after a value that a person read: it settles what was suspect, and says nothing
    about the device's clock or whether its float is stuck."""
    if track.last is not None and observation.observed_at < track.last.observed_at:
        return track._replace(history=_inserted(track.history, observation))
    if observation.value is None:
        history = _appended(track.history, observation)
        return track._replace(last=observation, last_suspect=None, history=history)
    return track._replace(
        last=observation,
        last_good=observation,
        last_suspect=None,
        reference=observation,
        spoke_at=observation.observed_at,
        history=_appended(track.history, observation),
    )


def rebuilt(observations: Iterable[Observation], interval: timedelta, standard: Standard) -> Track:
    """The track after stored observations of one sensor, in order of observed_at."""
    track = EMPTY
    for seen in observations:
        track = followed(track, seen, interval, standard)
    return track


def followed(track: Track, seen: Observation, interval: timedelta, standard: Standard) -> Track:
    """The track after one more stored observation, with the flag that it has."""
    if seen.key.startswith(BY_HAND):
        return read_by_hand(track, seen)
    flat, at, value = track.flat, seen.observed_at, seen.value
    if value is not None and OUT_OF_SERVICE not in seen.reasons:
        flat = flattened(track, value, at, interval, standard.limits.flat_tolerance)
    gap = is_gap(track.spoke_at, at, interval)
    return remembered(track, seen, flat, standard, gap)


def _appended(history: tuple[Observation, ...], new: Observation) -> tuple[Observation, ...]:
    if not history:
        return (new,)
    oldest = new.observed_at - KEPT_FOR
    first = max(0, len(history) + 1 - KEPT_AT_MOST)
    while first < len(history) and history[first].observed_at < oldest:
        first += 1
    return (*history[first:], new)


def _inserted(history: tuple[Observation, ...], new: Observation) -> tuple[Observation, ...]:
    """A value from before the newest takes its place by time; one from before the track none."""
    newest = history[-1].observed_at if history else new.observed_at
    if new.observed_at < newest - KEPT_FOR:
        return history
    kept = sorted((*history, new), key=lambda observation: observation.observed_at)
    return tuple(kept[-KEPT_AT_MOST:])
