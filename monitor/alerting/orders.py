"""What a person tells the judge. Orders stand in the same line as messages, so that ingest stays
the only writer of an alert's condition and severity, and a person is answered after the commit."""

from __future__ import annotations

from datetime import date, datetime
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
    village: str = ""
    """Which one was named; "" where it was the site itself."""


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
    why: str = ""
    """What was seen, in words; "" where only the answer came."""


class SiteClosed(NamedTuple):
    """A bridge or road was closed (封桥) or opened again by a person."""

    scope: Scope
    site: str
    closed: bool
    by: str
    at: datetime


class SilenceOrdered(NamedTuple):
    """`monitor silence`: nobody is called for a place, or for what a sensor says."""

    scope: Scope
    silence: str
    """Its id."""
    site: str
    hazard: str
    sensor: str
    """"" where a place is named; else site and hazard are ""."""
    owner: str
    reason: str
    until: datetime
    """As it was asked for; beyond 24 hours it takes a second person."""
    by: str
    at: datetime


class SilenceAgreed(NamedTuple):
    """A second person agrees to a silence of more than 24 hours."""

    scope: Scope
    silence: str
    by: str
    at: datetime


class SilenceEnded(NamedTuple):
    """A person ends a silence before its time."""

    scope: Scope
    silence: str
    by: str
    at: datetime


class TakenOut(NamedTuple):
    """A broken sensor is taken out of service (停用)."""

    scope: Scope
    sensor: str
    owner: str
    substitute: str
    repair_by: date
    reason: str
    by: str
    at: datetime


class OutageAgreed(NamedTuple):
    """A second person agrees to take out a sensor that shows red."""

    scope: Scope
    sensor: str
    by: str
    at: datetime


class PutBack(NamedTuple):
    """A sensor is in service again."""

    scope: Scope
    sensor: str
    by: str
    at: datetime


Order = (
    CallByHand
    | EndCall
    | GaugeRead
    | SuspectJudged
    | SiteClosed
    | SilenceOrdered
    | SilenceAgreed
    | SilenceEnded
    | TakenOut
    | OutageAgreed
    | PutBack
)
