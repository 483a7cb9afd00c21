"""What the judge knows, what it remembers, and what one batch changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from monitor.alerting import fold
from monitor.alerting.alerts import Alert, Place, Transition
from monitor.alerting.fold import Trail
from monitor.alerting.orders import SiteClosed
from monitor.alerting.rule import Judgement, Rule
from monitor.alerting.severity import Severity
from monitor.alerting.silences import Silence
from monitor.ingest.assess import Track
from monitor.ingest.message import Quarantined
from monitor.ingest.observation import Observation
from monitor.ingest.outage import Outage
from monitor.ingest.reading import Source
from monitor.ingest.standard import Standard
from monitor.journal import Entry
from monitor.notify.channel import Notification
from monitor.notify.escalation import Escalation
from monitor.notify.routing import Directory
from monitor.recent import Cluster, Recent, clustered
from monitor.recent import RuleKey as RuleKey
from monitor.recent import SensorKey as SensorKey
from monitor.reference.places import Sensor, Site
from monitor.scope import Scope, Status

AlertKey = Place
"""There is one active alert for each place."""


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

    @property
    def ticking(self) -> tuple[Rule, ...]:
        """The rules that time alone can change."""
        return tuple(rule for rule in self.rules.values() if rule.kind.tick)

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
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    """Active alert → the digits that answer its calls; no two calls share any."""
    recents: dict[SensorKey, Recent] = field(default_factory=dict)
    """By the name of a cluster. Not stored: what came before a restart is asked of the store."""

    silences: dict[str, Silence] = field(default_factory=dict)
    """Those in force, by id."""
    outages: dict[SensorKey, Outage] = field(default_factory=dict)
    """The newest of each sensor, also where it is back in service."""

    @classmethod
    def empty(cls, township: str, now: datetime) -> Memory:
        """As on the first day."""
        return cls(now, frozenset({Scope(township, Status.ACTUAL, "")}))

    def swap(self, outcome: Outcome) -> None:
        """Take over what was committed."""
        self.tracks.update(outcome.tracks)
        self.trails.update(outcome.trails)
        self.recents.update(outcome.recents)
        for key, alert in outcome.alerts.items():
            if alert.is_active:
                self.alerts[key] = alert
            else:
                self.alerts.pop(key, None)
                self.codes.pop(alert.id, None)
        for escalation in outcome.escalations:
            known = self.codes.get(escalation.alert, frozenset())
            self.codes[escalation.alert] = known | escalation.digits
        if outcome.site_marks:
            closed = set(self.closed_sites)
            for mark in outcome.site_marks:
                (closed.add if mark.closed else closed.discard)((mark.scope, mark.site))
            self.closed_sites = frozenset(closed)
        self.outages.update(outcome.outages)
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
    defects: list[Defect] = field(default_factory=list)
    """What raised instead of deciding; the rest was decided. Not stored: the worker says it."""
    ignored: int = 0
    """Legal messages that are no readings (a join, an ack), and exact repeats."""

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


class Draft:
    """Memory with what this batch has changed laid over it; memory itself is not touched."""

    __slots__ = ("_arounds", "knowledge", "memory", "outcome")

    def __init__(self, knowledge: Knowledge, memory: Memory) -> None:
        self.knowledge = knowledge
        self.memory = memory
        self.outcome = Outcome()
        self._arounds: dict[Scope, Around] = {}

    def track(self, key: SensorKey) -> Track | None:
        return self.outcome.tracks.get(key) or self.memory.tracks.get(key)

    def trail(self, key: RuleKey) -> Trail | None:
        return self.outcome.trails.get(key) or self.memory.trails.get(key)

    def put_trail(self, rule: Rule, key: RuleKey, before: Trail | None, after: Trail) -> None:
        """`before`: what `trail` gave."""
        if fold.keeps(rule, before, after):
            self.outcome.rows[key] = rule
        self.outcome.trails[key] = after

    def alert(self, place: AlertKey) -> Alert | None:
        """The active alert of a place."""
        alert = self.outcome.alerts.get(place) or self.memory.alerts.get(place)
        return alert if alert is not None and alert.is_active else None

    def active(self, scope: Scope) -> list[Alert]:
        """Every active alert of a scope."""
        places = {**self.memory.alerts, **self.outcome.alerts}
        return [one for one in places.values() if one.scope == scope and one.is_active]

    def silences(self, scope: Scope) -> tuple[Silence, ...]:
        """Those in force in one world."""
        known, changed = self.memory.silences, self.outcome.silences
        if not known and not changed:
            return ()
        now_are = {**known, **changed}.values()
        return tuple(s for s in now_are if s.scope == scope and s.ended_at is None)

    def outage(self, key: SensorKey) -> Outage | None:
        """The newest outage of a sensor."""
        return self.outcome.outages.get(key) or self.memory.outages.get(key)

    def is_out(self, key: SensorKey) -> bool:
        """Whether a sensor is out of service now."""
        outage = self.outage(key)
        return outage is not None and outage.is_out

    @property
    def alarmed(self) -> bool:
        """Whether there may be an active alert anywhere: mostly there is none."""
        return bool(self.outcome.alerts or self.memory.alerts)

    def put_alert(self, alert: Alert) -> None:
        place = AlertKey(alert.scope, alert.site, alert.hazard)
        before = self.outcome.alerts.get(place)
        if before is not None and before.id != alert.id:
            self.outcome.ended.append(before)
        self.outcome.alerts[place] = alert

    def put_past(self, alert: Alert) -> None:
        """One that a late value brought to light or changed, and that is no more the newest of
        its place."""
        place = AlertKey(alert.scope, alert.site, alert.hazard)
        newest = self.outcome.alerts.get(place)
        if newest is not None and newest.id == alert.id:
            self.outcome.alerts[place] = alert
        else:
            self.outcome.ended.append(alert)

    def put_told(self, alert: Alert) -> None:
        """What people are told of an alert once the batch is netted. All else of it stays as the
        batch left it: a transition holds the alert as it was then."""
        place = AlertKey(alert.scope, alert.site, alert.hazard)
        last = self.outcome.alerts.get(place)
        if last is not None and last.id == alert.id:
            told = replace(last, announced=alert.announced, asked=alert.asked)
            self.outcome.alerts[place] = told

    def recent(self, key: SensorKey) -> Recent | None:
        """By the name of a cluster."""
        return self.outcome.recents.get(key) or self.memory.recents.get(key)

    def around(self, scope: Scope) -> Around:
        """What a rule may ask, within one world."""
        if scope not in self._arounds:
            self._arounds[scope] = Around(self, scope)
        return self._arounds[scope]


class Around:
    """Surroundings of one scope (see `alerting/rule.py`)."""

    __slots__ = ("_draft", "_scope")

    def __init__(self, draft: Draft, scope: Scope) -> None:
        self._draft = draft
        self._scope = scope

    def standing(self, sensor: str) -> Severity:
        worst = Severity.NORMAL
        if not self._draft.alarmed:
            return worst
        for rule in self._draft.knowledge.rules_by_sensor.get(sensor, ()):
            alert = self._draft.alert(AlertKey(self._scope, rule.site.id, rule.hazard))
            held = alert.contributions.get((rule.id, sensor)) if alert else None
            if held is not None and held.severity > worst:
                worst = held.severity
        return worst

    def is_closed(self, site: str) -> bool:
        closed = (self._scope, site) in self._draft.memory.closed_sites
        for mark in self._draft.outcome.site_marks:
            if (mark.scope, mark.site) == (self._scope, site):
                closed = mark.closed
        return closed

    def last(self, sensor: str) -> Observation | None:
        track = self._draft.track(SensorKey(self._scope, sensor))
        return track.last_good if track else None
