"""A reading with its trusted time and its quality flag (监测数据 + 质量标志)."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from monitor.ingest.reading import Detection
from monitor.scope import Scope


class QualityFlag(IntEnum):
    """QARTOD's numbers. GOOD and UNKNOWN judge; SUSPECT asks; FAIL and MISSING never judge."""

    GOOD = 1
    UNKNOWN = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


class Observation(NamedTuple):
    """What is kept of a reading. Times are aware, in UTC."""

    scope: Scope
    sensor: str
    key: str
    device_time: datetime | None
    received_at: datetime
    observed_at: datetime
    """The trusted time: the device's, or `received_at` where the device's clock is at fault."""
    raw_value: float | None
    raw_unit: str
    value: float | None
    """Canonical, with scale and offset; None exactly when the flag is MISSING or unfit."""
    flag: QualityFlag
    reasons: tuple[str, ...]
    """Names of the tests that did not pass, and "clock ahead", "clock before installation"…"""
    late: bool
    """Trusted time older than max(3 × interval, 10 min) at reception."""
    retained: bool
    detail: Detection | None

    @property
    def judges(self) -> bool:
        """Whether a rule may take this value for what the world is like."""
        return self.flag <= QualityFlag.UNKNOWN and not self.retained
