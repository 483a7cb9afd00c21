"""What a person tells the judge. Orders stand in the same line as messages, so that ingest stays
the only writer of an alert's condition and severity, and a person is answered after the commit."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from monitor.alerting.severity import Severity
from monitor.scope import Scope

HAND = "hand"
"""The rule id under which a person's own contribution stands."""


class CallByHand(NamedTuple):
    """`monitor call LEVEL PLACE`: the chain starts without a sensor (the county rang)."""

    scope: Scope
    site: str
    hazard: str
    severity: Severity
    because: str
    source: str
    """Who said so: 县防办, 村里, …; two sources are two contributions."""
    by: str
    at: datetime


class EndCall(NamedTuple):
    """Takes every contribution by hand off the alert; what sensors say stays."""

    scope: Scope
    site: str
    hazard: str
    by: str
    at: datetime


class GaugeRead(NamedTuple):
    """`monitor read SITE 3.2`: a person read the staff gauge; a good observation of the sensor."""

    scope: Scope
    sensor: str
    value: float
    by: str
    at: datetime


class SuspectJudged(NamedTuple):
    """Somebody went and looked: the suspect reading is real, or it is false."""

    scope: Scope
    site: str
    hazard: str
    real: bool
    by: str
    at: datetime


class SiteClosed(NamedTuple):
    """A bridge or road was closed (封桥) or opened again by a person."""

    scope: Scope
    site: str
    closed: bool
    by: str
    at: datetime


Order = CallByHand | EndCall | GaugeRead | SuspectJudged | SiteClosed
