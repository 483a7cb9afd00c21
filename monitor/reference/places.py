"""Places at risk and the devices that watch them."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from monitor.reference.units import Duration, Frozen, Slug


class SiteKind(StrEnum):
    RIVER = "river"
    FORD = "ford"  # 漫水桥
    RESERVOIR = "reservoir"
    SLOPE = "slope"
    RAIN = "rain"
    HOUSE = "house"


class Village(Frozen):
    """An administrative village."""

    id: Slug
    name: str
    area: str = ""
    """The group that moves first, as the red message names it (河西组)."""
    households: int | None = Field(default=None, ge=0)
    people: int | None = Field(default=None, ge=0)


class Threat(Frozen):
    """A village that this site threatens, with the water's way there."""

    village: Slug
    travel: Duration = timedelta(0)
    """Travel time entered by hand; 0 where the village lies at the site."""


def _some(given: timedelta) -> timedelta:
    if given <= timedelta(0):
        raise ValueError("nobody can look in no time; write 15 min")
    return given


LookFor = Annotated[Duration, AfterValidator(_some)]
"""How long somebody has to look at a doubt; more than nothing."""


class Site(Frozen):
    """A place at risk: river section, ford, reservoir, slope (监测站 / 风险点)."""

    id: Slug
    name: str
    kind: SiteKind
    village: Slug
    """Where it lies: its own village's people are always concerned."""
    catchment: str = ""
    datum: str = ""
    """The named datum of its elevations; required for levels by `monitor check`."""
    threatens: tuple[Threat, ...] = ()
    warning_level: float | None = None
    """警戒水位 in m of the datum: people are shown the distance to it."""
    voice_name: str = ""
    look_within: LookFor | None = None
    """存疑、失联: how long whoever is asked has to look before the next is, by day. None: as the
    policy says."""
    look_within_night: LookFor | None = None
    """The same from 22:00 to 07:00 local."""


class Area(Site):
    """Several sites that are told as one (片区): named by the first, its people are theirs all."""

    parts: tuple[Site, ...]

    @classmethod
    def of(cls, id: str, parts: tuple[Site, ...]) -> Area:
        """At least one part."""
        first = parts[0]
        known = {name: getattr(first, name) for name in Site.model_fields}
        return cls.model_construct(**(known | {"id": id, "parts": parts, "warning_level": None}))


class Named(Site):
    """A site as it is told of where a person called for one village: by that village's name."""

    called: Slug

    @classmethod
    def of(cls, site: Site, village: Village) -> Named:
        """Everything else stays the site's own: who is concerned, and where it lies."""
        known = {name: getattr(site, name) for name in Site.model_fields}
        named = {"name": village.name, "voice_name": village.name, "called": village.id}
        return cls.model_construct(**(known | named))


def parts_of(site: Site) -> tuple[Site, ...]:
    """The sites of an area; a site is its own."""
    return site.parts if isinstance(site, Area) else (site,)


class SpanLimits(Frozen):
    """Both ends included: a value on the end is inside (as QARTOD)."""

    low: float
    high: float


class QualityLimits(Frozen):
    """Limits of the quality tests, in canonical units; None switches a test off.

    Each field is read by the test of the same name in `monitor/ingest/quality/`.
    """

    gross_fail: SpanLimits | None = None
    gross_suspect: SpanLimits | None = None
    spike_suspect: float | None = Field(default=None, gt=0)
    spike_fail: float | None = Field(default=None, gt=0)
    rate_suspect: float | None = Field(default=None, gt=0)
    """Per hour."""
    flat_suspect: Duration | None = None
    flat_fail: Duration | None = None
    flat_tolerance: float = Field(default=0.0, ge=0)


class Sensor(Frozen):
    """A device that measures one quantity, in one unit, at one site."""

    id: Slug
    site: Slug
    quantity: str
    unit: str
    name: str = ""
    interval: Duration = timedelta(minutes=5)
    """How often it speaks; silence is told after three of them (at least ten minutes)."""
    installed: date | None = None
    """A device time before this day is a clock fault."""
    offset: float = 0.0
    """Added after conversion, in canonical units: calibration, or the gauge zero's elevation."""
    scale: float = 1.0
    """Multiplied after conversion: −1 with an offset turns a distance into a level."""
    sentinels: tuple[float, ...] = ()
    """Raw values that mean "no measurement"; −9999 and the like are values where not listed."""
    reports: Literal["always", "above"] = "always"
    """"above": the device speaks only above `reports_above`; its silence below is normal."""
    reports_above: float | None = None
    buffered: bool = False
    """The device keeps each reading until `risk-out/…/committed/<sensor>` names it."""
    gateway: Slug | None = None
    """The gateway or DTU that its readings come through; None: it speaks for itself. When all of
    a gateway's sensors are silent, one finding tells of the gateway."""
    owner: Slug | None = None
    """The duty told when the device is out of order; None: the duty desk."""
    quality: QualityLimits | None = None
    """Key by key over the defaults of the quantity; null switches a test off."""
