"""What the judge knows, what it remembers, and what one batch changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from monitor.alerting.alerts import Alert, Place, Transition
from monitor.alerting.areas import Areas, area_of
from monitor.alerting.fold import Trail
from monitor.alerting.orders import SiteClosed
from monitor.alerting.rule import Judgement, Rule
from monitor.alerting.silences import Silence
from monitor.ingest.assess import Track
from monitor.ingest.mark import Mark
from monitor.ingest.message import Quarantined
from monitor.ingest.observation import Observation
from monitor.ingest.outage import Outage
from monitor.ingest.quota import Meter, Quota
from monitor.ingest.reading import Source
from monitor.ingest.standard import Standard
from monitor.journal import Entry
from monitor.judging.recent import Cluster, Recent, clustered
from monitor.judging.recent import RuleKey as RuleKey
from monitor.judging.recent import SensorKey as SensorKey
from monitor.notify.channel import Notification
from monitor.notify.escalation import Escalation
from monitor.notify.routing import Directory
from monitor.reference.places import Sensor, Site
from monitor.scope import Scope, Status

AlertKey = Place
"""There is one active alert for each place."""


class Anew(NamedTuple):
    """What a restore took back: calls that were under way in the copy."""

    since: datetime
    """When the store was put back."""
    alerts: frozenset[str]
    """Whom they were about; each is called anew once."""


class Defect(NamedTuple):
    """A fault of ours that was kept from costing more than its own share."""

    part: str
    """"rule shiqiao-level", "routing"."""
    fault: Exception


@dataclass(frozen=True)
class Knowledge:
    """What we know beforehand: made once from the settings, replaced only by a restart."""

    township: str
    sources: tuple[Source, ...]
    sites: Mapping[str, Site]
    sensors: Mapping[str, Sensor]
    quality: Mapping[str, Standard]
    """How each sensor's readings are tested: its own limits over the quantity's defaults."""
    rules: Mapping[str, Rule]
    rules_by_sensor: Mapping[str, tuple[Rule, ...]]
    """In an order in which a rule that asks what stands comes after those it asks about."""
    directory: Directory
    """Everything that routing and wording need: people, policies, channels, templates."""
    areas: Areas = field(default_factory=Areas)
    """When several silent sensors of one area are one matter (片区失联)."""
    twins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Sensor → the others that measure the same water at its site; not in it: none does."""
    quota: Quota = field(default_factory=Quota)
    """How much one device may say."""

    @property
    def ticking(self) -> tuple[Rule, ...]:
        """The rules that time alone can change."""
        return tuple(rule for rule in self.rules.values() if rule.kind.tick)

    @cached_property
    def area_names(self) -> tuple[str, ...]:
        """Every place that a silent area's alert may stand at."""
        return tuple(sorted({area_of(site) for site in self.sites.values()}))

    @cached_property
    def clusters(self) -> Mapping[str, Cluster]:
        """Sensor → what is judged together with it; sensors that no rule watches are left out."""
        return clustered(self.rules.values())


@dataclass(slots=True)
class Memory:
    """What the ingest worker remembers between batches; the store can rebuild all of it."""

    listening_since: datetime
    """When the session's backlog was drained: nobody is called silent for what came before."""
    scopes: frozenset[Scope]
    tracks: dict[SensorKey, Track] = field(default_factory=dict)
    trails: dict[RuleKey, Trail] = field(default_factory=dict)
    alerts: dict[AlertKey, Alert] = field(default_factory=dict)
    """The active ones only."""
    closed_sites: frozenset[tuple[Scope, str]] = frozenset()
    """Sites that a person marked closed (封桥)."""
    stand_ins: dict[SensorKey, str] = field(default_factory=dict)
    """Sensor that cannot be believed → the gauge of the same water that is used instead."""
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    """Active alert → the digits that answer its calls; no two calls share any."""
    recents: dict[SensorKey, Recent] = field(default_factory=dict)
    """By the name of a cluster. Not stored: what came before a restart is asked of the store."""

    silences: dict[str, Silence] = field(default_factory=dict)
    """Those in force, by id."""
    outages: dict[SensorKey, Outage] = field(default_factory=dict)
    """The newest of each sensor, also where it is back in service."""

    anew: Anew | None = None
    """None: the store was never put back from a copy."""

    meter: Meter | None = None
    """What each device said within this minute; not stored: a restart counts anew."""

    @classmethod
    def empty(cls, township: str, now: datetime) -> Memory:
        """As on the first day."""
        return cls(now, frozenset({Scope(township, Status.ACTUAL, "")}))

    def _in_use(self, alert: str, digits: frozenset[str]) -> None:
        self.codes[alert] = self.codes.get(alert, frozenset()) | digits

    def swap(self, outcome: Outcome) -> None:
        """Take over what was committed."""
        self.tracks.update(outcome.tracks)
        self.trails.update(outcome.trails)
        if outcome.meter is not None:
            self.meter = self.meter or Meter(outcome.meter.minute)
            self.meter.take(outcome.meter)
        self.recents.update(outcome.recents)
        for key, alert in outcome.alerts.items():
            if alert.is_active:
                self.alerts[key] = alert
            else:
                self.alerts.pop(key, None)
                self.codes.pop(alert.id, None)
        for escalation in outcome.escalations:
            self._in_use(escalation.alert, escalation.digits)
        for promised in outcome.notifications:
            if promised.code:  # a report to the county has digits of its own
                self._in_use(promised.subject, frozenset({promised.code}))
        if outcome.site_marks:
            closed = set(self.closed_sites)
            for mark in outcome.site_marks:
                (closed.add if mark.closed else closed.discard)((mark.scope, mark.site))
            self.closed_sites = frozenset(closed)
        self.outages.update(outcome.outages)
        self.stand_ins.update(outcome.stand_ins)
        for silence in outcome.silences.values():
            if silence.ended_at is None:
                self.silences[silence.id] = silence
            else:
                self.silences.pop(silence.id, None)
        new = {key.scope for key in outcome.tracks} - self.scopes
        if new:
            self.scopes |= new


@dataclass(slots=True)
class Outcome:
    """All that one batch means. The store keeps it in one transaction."""

    observations: list[Observation] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    tracks: dict[SensorKey, Track] = field(default_factory=dict)
    """Changed ones; not stored, rebuilt from observations at start."""
    trails: dict[RuleKey, Trail] = field(default_factory=dict)
    rows: dict[RuleKey, Rule] = field(default_factory=dict)
    """The trails whose row must be written: `fold.dump(rule, trails[key])`."""
    recents: dict[SensorKey, Recent] = field(default_factory=dict)
    """Changed ones; not stored."""
    judged_again: dict[tuple[SensorKey, str], Observation] = field(default_factory=dict)
    """By sensor and key: those whose flag a late value changed."""
    alerts: dict[AlertKey, Alert] = field(default_factory=dict)
    """The last of each place."""
    ended: list[Alert] = field(default_factory=list)
    """Alerts that ended within the batch and were followed by another of the same place, and
    those of the past that a late value brought to light or changed."""
    overcalled: list[Alert] = field(default_factory=list)
    """Those of `ended` and `alerts` that a late value showed to have been less than was told."""
    transitions: list[Transition] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    """In order of observations and rules; for the backtest, not stored."""
    escalations: list[Escalation] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    site_marks: list[SiteClosed] = field(default_factory=list)
    silences: dict[str, Silence] = field(default_factory=dict)
    """Changed ones, by id."""
    outages: dict[SensorKey, Outage] = field(default_factory=dict)
    """Changed ones."""
    stand_ins: dict[SensorKey, str] = field(default_factory=dict)
    """Changed ones; "" where none is used any more."""
    marks: list[Mark] = field(default_factory=list)
    """What people said of doubted readings."""
    defects: list[Defect] = field(default_factory=list)
    """What raised instead of deciding; the rest was decided. Not stored: the worker says it."""
    ignored: int = 0
    """Legal messages that are no readings (a join, an ack), and exact repeats."""
    meter: Meter | None = None
    """What the batch added to `Memory.meter`."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep and nothing to remember."""
        return not (
            self.observations
            or self.quarantined
            or self.trails
            or self.alerts
            or self.entries
            or self.site_marks
            or self.silences
            or self.outages
        )
