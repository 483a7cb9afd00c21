"""Devices that measure a series and tell it in native JSON, with the faults that devices have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from simulators.publication import Publication, body, native_topic


class Sample(NamedTuple):
    """One measurement; `sent_at` is later than `at` where the device held it back."""

    at: datetime
    sent_at: datetime
    value: float


Fault = Callable[[Iterable[Sample]], Iterator[Sample]]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A device in the field."""

    sensor: str
    quantity: str
    unit: str
    every: int
    """It speaks once in so many steps of its series; rain is summed over them, a level taken."""
    decimals: int = 3
    boot: str = "b1"


def samples(gauge: Gauge, series: Sequence[float], start: datetime, step: int) -> Iterator[Sample]:
    """What it measures of a series with a value each `step` minutes, the first one a step in."""
    for end in range(gauge.every, len(series) + 1, gauge.every):
        window = series[end - gauge.every : end]
        value = sum(window) if gauge.quantity == "rain" else window[-1]
        at = start + timedelta(minutes=end * step)
        yield Sample(at, at, round(value, gauge.decimals))


def publications(gauge: Gauge, measured: Iterable[Sample], township: str) -> Iterator[Publication]:
    """Its messages in the order it sends them; `seq` counts what was measured and sent."""
    topic = native_topic(township, gauge.sensor, gauge.quantity)
    for seq, sample in enumerate(measured, 1):
        facts = {
            "value": sample.value,
            "unit": gauge.unit,
            "time": sample.at.isoformat(timespec="milliseconds"),
            "boot": gauge.boot,
            "seq": seq,
        }
        yield Publication(sample.sent_at, topic, body(facts))


def spike(at: datetime, by: float) -> Fault:
    """The first sample from `at` on is wrong by so much; all others are right."""

    def broken(measured: Iterable[Sample]) -> Iterator[Sample]:
        struck = False
        for sample in measured:
            hit = not struck and sample.at >= at
            struck = struck or hit
            yield sample._replace(value=sample.value + by) if hit else sample

    return broken


def silence(begins: datetime, ends: datetime) -> Fault:
    """Nothing is measured from `begins` on, until `ends` (not included)."""

    def broken(measured: Iterable[Sample]) -> Iterator[Sample]:
        return (sample for sample in measured if not begins <= sample.at < ends)

    return broken


def stuck(begins: datetime, ends: datetime) -> Fault:
    """From `begins` until `ends` (not included) it repeats the last value from before."""

    def broken(measured: Iterable[Sample]) -> Iterator[Sample]:
        last: float | None = None
        for sample in measured:
            if begins <= sample.at < ends and last is not None:
                yield sample._replace(value=last)
            else:
                last = sample.value
                yield sample

    return broken


def late_block(begins: datetime, ends: datetime) -> Fault:
    """What is measured from `begins` until `ends` (not included) is held and sent at `ends`."""

    def broken(measured: Iterable[Sample]) -> Iterator[Sample]:
        for sample in measured:
            yield sample._replace(sent_at=ends) if begins <= sample.at < ends else sample

    return broken


def with_faults(measured: Iterable[Sample], faults: Iterable[Fault]) -> Iterator[Sample]:
    """The faults one after the other."""
    for fault in faults:
        measured = fault(measured)
    return iter(measured)
