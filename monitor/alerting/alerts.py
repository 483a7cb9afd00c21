"""What stands: alerts made of contributions (叫应事项)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from monitor.alerting.severity import Condition, Severity
from monitor.scope import Scope


class Contribution(NamedTuple):
    """What one rule holds for one sensor."""

    rule: str
    sensor: str
    severity: Severity
    since: datetime
    condition: Condition
    value: float | None
    observed_at: datetime
    basis: str
    limit: float | None
    rate: float | None


class Change(StrEnum):
    """What happened to an alert."""

    RAISED = "raised"
    WORSENED = "worsened"  # 升级
    CONFIRMED = "confirmed"  # 存疑 → 属实: real at the same severity
    EASED = "eased"
    CLEARED = "cleared"  # 回落, by values; never 解除
    CLOSED = "closed"  # its site or rule left config/


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert per (site, hazard). Ingest alone writes it; what people do stands elsewhere."""

    id: str
    scope: Scope
    site: str
    hazard: str
    opened_at: datetime
    severity: Severity
    """Max over the standing contributions."""
    worst: Severity
    condition: Condition
    contributions: Mapping[tuple[str, str], Contribution]
    """By (rule, sensor); only those above NORMAL."""
    lead: Contribution
    """The contribution that speaks for the alert: the worst, OVER before the others."""
    origin: str
    """"sensor", or the source a person named with `monitor call`."""
    cleared_at: datetime | None
    updated_at: datetime

    @property
    def is_active(self) -> bool:
        return self.cleared_at is None


class Transition(NamedTuple):
    """One change of one alert, at `at` (observed time), to be told and written down."""

    alert: Alert
    change: Change
    before: Severity
    at: datetime
    pages: bool
    """False: 补判, or a late block whose condition does not stand now; written down, not sent."""
