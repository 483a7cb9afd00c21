"""What stands in `service.yaml`, and the frames around rules, sources, checks and channels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from monitor.alerting.areas import Areas
from monitor.ingest.quota import Quota
from monitor.notify.limits import Limits
from monitor.readiness.calendar import OfficeHours, Season
from monitor.reference.people import Letters
from monitor.reference.places import QualityLimits
from monitor.reference.units import Duration, Frozen, Slug


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'"{name}" is no time zone; write Asia/Shanghai') from error
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]
TcpPort = Annotated[int, Field(ge=0, le=65535)]


class Township(Frozen):
    id: Slug
    """Second level of the native topics, and the first part of every key."""
    name: Annotated[str, StringConstraints(min_length=1)]
    """In the signature 【…】 of every message."""


class Broker(Frozen):
    """The MQTT broker that ingest listens to."""

    embedded: bool = False
    """True: one inside the service, kept in memory only. Not durable, for trial."""
    host: str = "127.0.0.1"
    port: TcpPort = 1883
    """0: any free one (embedded only)."""
    tls: bool = False
    ca_file: str | None = None
    """None: the system's certificates."""
    username: str | None = None
    password: str | None = None
    """A reference to a secret in the file, the secret itself once loaded."""
    client_id: str = "monitor-ingest"
    """Names the session that keeps messages while the service is down; one service, one id."""
    session_expiry: Duration = timedelta(days=7)
    keepalive: Duration = timedelta(seconds=30)
    linger: Duration = timedelta(milliseconds=10)
    """How long a batch waits for more: a commit per message wears out a small box's flash."""
    batch: int = Field(default=500, ge=1)
    """At most so many messages in one transaction."""
    in_flight: int = Field(default=100, ge=1, le=65535)
    """The broker's window (max_inflight_messages): a batch never waits for more."""
    inbox: int = Field(default=5000, ge=1)
    """Messages held before reading stops; the broker keeps the rest."""

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return [(k, v) for k, v in super().__repr_args__() if k != "password"]


class Token(Frozen):
    """One bearer token; what it does is done in that person's name."""

    person: Slug
    token: str


class Hook(Frozen):
    """An address that a provider calls back, below /hooks/."""

    channel: Slug
    path: str | None = None
    """The unguessable part of the address; None where the provider signs."""
    signature: str | None = None
    """The provider's signing key."""


class Web(Frozen):
    host: str = "127.0.0.1"
    port: TcpPort = 8080
    tokens: tuple[Token, ...] = ()
    hooks: tuple[Hook, ...] = ()


class Heartbeat(Frozen):
    """Who is told, elsewhere, that the service gets on."""

    url: str | None = None
    """Asked for by POST: a reference to a secret in the file, the address itself once loaded.
    None: only the broker and systemd are told."""
    every: Duration = timedelta(seconds=15)
    signals: bool = True
    """Whether URL/start and URL/fail are used, as healthchecks.io knows them."""

    @field_validator("every")
    @classmethod
    def _in_time(cls, every: timedelta) -> timedelta:
        if not timedelta(seconds=5) <= every <= timedelta(minutes=5):
            raise ValueError("between 5 s and 5 min: what stops must be seen to stop")
        return every

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return [(k, v) for k, v in super().__repr_args__() if k != "url"]


class SourceFrame(Frozen):
    """One of `sources:`; the format's own parameters stand beside these keys."""

    filter: Annotated[str, StringConstraints(min_length=1)]
    format: str


class CheckFrame(Frozen):
    """One of `checks:`, which betters the defaults; a check that is not listed runs with its
    own. The check's parameters stand beside these keys."""

    kind: str
    enabled: bool = True


class RuleFrame(Frozen):
    """One of `rules:`; the kind's own parameters stand beside these keys."""

    id: Slug
    kind: str
    hazard: Slug
    sensors: tuple[Slug, ...] = Field(min_length=1)
    """All of one site."""
    enabled: bool = True


class ChannelFrame(Frozen):
    """One of `channels:`; the kind's own parameters stand beside these keys."""

    id: Slug
    kind: str
    enabled: bool = True
    secrets: Mapping[str, str] = Field(default_factory=dict)


class Calendar(Frozen):
    """When readiness is looked at, and when people are told of what can wait."""

    season: Season = Season()
    """汛期; local: 4/1, 4/15 or 6/1."""
    office: OfficeHours = OfficeHours()
    sweep_minute: int = Field(default=10, ge=0, le=59)
    """Of every hour: what is new in the night is told when the office opens, and what cannot
    wait within the hour. Not 0 or 30, when everybody's clocks send."""

    @field_validator("sweep_minute")
    @classmethod
    def _beside_the_crowd(cls, minute: int) -> int:
        if minute in (0, 30):
            raise ValueError("everybody's clocks send on the full and half hour; take another")
        return minute


class Escalation(Frozen):
    tick: Duration = timedelta(seconds=2)
    """How often due ladders are looked for."""
    county_report: Duration = timedelta(minutes=30)
    """From orange to the first report to the county (首报), a local clock."""


class Retention(Frozen):
    """How long what is kept is kept."""

    calls: Duration | None = None
    """What calls said, their numbers and replies, once nothing of it is under way; None: always.
    The journal stays."""
    readings: Duration | None = Field(default=timedelta(days=366), ge=timedelta(days=30))
    """Single readings; what they were by the hour and the day stays. None: always."""
    readings_of_alerts: Duration = Field(default=timedelta(days=1096), ge=timedelta(days=30))
    """Those of a site from a day before an alert until a day after it, counted from its end."""

    @field_validator("calls")
    @classmethod
    def _beyond_a_night(cls, kept: timedelta | None) -> timedelta | None:
        if kept is not None and kept < timedelta(days=1):
            raise ValueError("is shorter than the night it tells of; write 1 d or more")
        return kept


class ServiceFile(Frozen):
    """`service.yaml` without its open lists (sources, checks)."""

    township: Township
    zone: ZoneName = "Asia/Shanghai"
    example: bool = False
    """True: a made-up township, said on every screen."""
    store: str = "var/monitor.sqlite"
    """A file, counted from the settings' folder unless absolute."""
    store_key: str | None = None
    """The file of the key that seals the numbers in it; made at the first start, 0600. None:
    beside the store, named as it is with .key."""
    broker: Broker = Broker()
    web: Web = Web()
    heartbeat: Heartbeat = Heartbeat()
    letters: Letters = Letters()
    calendar: Calendar = Calendar()
    escalation: Escalation = Escalation()
    areas: Areas = Areas()
    """When several silent sensors of one catchment or village are one alert (片区失联)."""
    retention: Retention = Retention()
    limits: Limits = Limits()
    quota: Quota = Quota()
    """How much one device may say."""
    exercises: Mapping[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    """Drill → the persons and group channels that may hear of it; in any other drill nobody's
    phone rings, and everybody is written down as "would have been told"."""
    quality: Mapping[str, QualityLimits] = Field(default_factory=dict)
    """Quantity → limits, key by key over the shipped ones (`monitor/ingest/defaults.py`)."""
