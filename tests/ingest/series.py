"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from monitor.ingest.assess import Assessed, assess
from monitor.ingest.defaults import DEFAULT_QUALITY
from monitor.ingest.observation import Observation
from monitor.ingest.quality import flat_line, gross_range, rate_of_change, sentinel, spike
from monitor.ingest.reading import Reading
from monitor.ingest.standard import Standard
from monitor.ingest.track import Track
from monitor.reference.places import Sensor
from monitor.scope import Scope, Status

TESTS = (flat_line.TEST, gross_range.TEST, rate_of_change.TEST, sentinel.TEST, spike.TEST)
SCOPE = Scope("yunxi", Status.ACTUAL, "")
NOON = datetime(2025, 7, 1, 12, tzinfo=UTC)
GAUGE = Sensor(id="gauge", site="bridge", quantity="level", unit="m")


def said(
    value: float | None,
    at: datetime | None = NOON,
    *,
    received: datetime | None = None,
    key: str = "",
    **more: object,
) -> Reading:
    """A reading of GAUGE; received when it was measured unless said otherwise."""
    came = received or at or NOON
    reading = Reading(
        scope=SCOPE,
        sensor="gauge",
        quantity="level",
        value=value,
        unit=None,
        device_time=at,
        received_at=came,
        key=key or f"t:{int((at or came).timestamp() * 1e6)}",
        retained=False,
        detail=None,
        device_quality=None,
    )
    return reading._replace(**more)  # type: ignore[arg-type]  # the test names the fields


def judged(
    reading: Reading,
    track: Track | None = None,
    sensor: Sensor = GAUGE,
    lowest_limit: float | None = None,
) -> Assessed:
    """`assess` with the shipped tests and limits; fails on a repeat."""
    limits = sensor.quality or DEFAULT_QUALITY[sensor.quantity]
    found = assess(reading, sensor, track, Standard(limits, TESTS, lowest_limit))
    assert found is not None
    return found


def followed(
    values: Iterable[tuple[datetime, float | None]],
    sensor: Sensor = GAUGE,
    lowest_limit: float | None = None,
) -> list[Observation]:
    """A series as it comes, judged one by one."""
    track, found = None, []
    for at, value in values:
        observation, track = judged(said(value, at), track, sensor, lowest_limit)
        found.append(observation)
    return found


def every(minutes: float, *values: float | None) -> list[tuple[datetime, float | None]]:
    """Values at even steps from NOON."""
    return [(NOON + i * timedelta(minutes=minutes), value) for i, value in enumerate(values)]
