"""The river model seen by its gauges: one storm as a stream of messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge

from simulators.gauges import Fault, Gauge, publications, samples, with_faults
from simulators.publication import Publication
from simulators.river import Story

UPSTREAM = Gauge("upstream", "level", "m", every=5)
TOWN = Gauge("town", "level", "m", every=5)
FORD = Gauge("ford", "level", "m", every=5)
RESERVOIR = Gauge("reservoir", "level", "m", every=15)


def series(story: Story) -> Mapping[str, Sequence[float]]:
    """Every series of the story by its name: rain gauges and levels."""
    return {**story.rain, **story.levels}


def gauges(story: Story) -> Mapping[str, Gauge]:
    """A gauge for each series, with the series' name for its sensor."""
    rain = {name: Gauge(name, "rain", "mm", every=5, decimals=1) for name in story.rain}
    levels = {gauge.sensor: gauge for gauge in (UPSTREAM, TOWN, FORD, RESERVOIR)}
    return {**rain, **levels}


def messages(
    story: Story,
    devices: Mapping[str, Gauge],
    township: str,
    start: datetime,
    faults: Mapping[str, Sequence[Fault]] | None = None,
) -> Iterator[Publication]:
    """All devices' messages in the order they are sent. `devices`, `faults`: by series name."""
    known = series(story)
    streams = (
        publications(
            device,
            with_faults(
                samples(device, known[name], start, story.step), (faults or {}).get(name, ())
            ),
            township,
        )
        for name, device in devices.items()
    )
    return merge(*streams, key=lambda publication: publication.at)
