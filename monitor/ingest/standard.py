"""What a quality test is, and what it may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.ingest.observation import Observation, QualityFlag
from monitor.reference.places import QualityLimits


class Probe(NamedTuple):
    """One value as it comes, with what came before it; what comes after is not known yet."""

    value: float
    """Canonical."""
    raw: float
    """As the device said it, in its own unit."""
    at: datetime
    """Trusted time."""
    before: Observation | None
    """The newest value that the tests took for real; None at the start and across a gap."""
    flat_since: datetime | None
    """Since when the values have stayed within `flat_tolerance`; None where not known."""
    interval: timedelta
    """How often the device speaks."""
    limits: QualityLimits
    sentinels: tuple[float, ...]
    """Raw values that mean "no measurement"."""
    lowest_limit: float | None
    """Lowest limit that any rule holds for the sensor; None where no rule does."""


@dataclass(frozen=True, slots=True)
class QualityTest:
    """One file in `monitor/ingest/quality/` binds one as TEST.

    `flag(probe)` is pure; None where its limits are not set or it has nothing to say.
    """

    name: str
    """As it stands in an observation's reasons."""
    flag: Callable[[Probe], QualityFlag | None]
    compares: bool = False
    """It holds the value against the one before it."""
    doubts_device: bool = False
    """It doubts the device and not this value, so that a second like value settles nothing."""


@dataclass(frozen=True, slots=True)
class Standard:
    """What the values of one sensor are held against; made once from the settings."""

    limits: QualityLimits
    tests: tuple[QualityTest, ...]
    lowest_limit: float | None = None
    """Lowest limit that any rule holds for the sensor, canonical; None where no rule does."""

    def doubts_device(self, reasons: tuple[str, ...]) -> bool:
        """Whether one of the tests that did not pass doubts the device itself."""
        return any(test.doubts_device and test.name in reasons for test in self.tests)

    def doubts_value(self, reasons: tuple[str, ...]) -> bool:
        """Whether one of the tests that did not pass doubts the value."""
        return any(not test.doubts_device and test.name in reasons for test in self.tests)


GAP_INTERVALS = 3
"""A silence longer than so many intervals is a gap: across it no two values are compared."""
