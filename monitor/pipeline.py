"""The whole decision on one page: what a batch of messages means, and what must be done.

    load what may be known → decide → keep all of it in one transaction → swap → acknowledge

`decide` awaits nothing, logs nothing and mutates nothing that it is given: after a rollback the
same batch is decided again from the old memory, with the same ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from monitor.alerting.alerts import Alert, Transition
from monitor.alerting.rule import Rule
from monitor.ingest.assess import Track
from monitor.ingest.message import Message, Quarantined
from monitor.ingest.observation import Observation
from monitor.ingest.reading import Source
from monitor.journal import Entry
from monitor.notify.channel import Notification
from monitor.notify.escalation import Escalation
from monitor.notify.routing import Directory
from monitor.reference.places import Sensor, Site
from monitor.scope import Scope


class SensorKey(NamedTuple):
    scope: Scope
    sensor: str


class RuleKey(NamedTuple):
    scope: Scope
    rule: str
    sensor: str


class AlertKey(NamedTuple):
    scope: Scope
    site: str
    hazard: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What we know beforehand: made once from the settings, replaced only by a restart."""

    township: str
    sources: tuple[Source, ...]
    sites: Mapping[str, Site]
    sensors: Mapping[str, Sensor]
    rules: Mapping[str, Rule]
    rules_by_sensor: Mapping[str, tuple[Rule, ...]]
    directory: Directory
    """Everything that routing and wording need: people, policies, channels, templates."""


class RuleState(NamedTuple):
    """One row of rule state."""

    params_hash: str
    state: Any


@dataclass(slots=True)
class Memory:
    """What the ingest worker remembers between batches; the store can rebuild all of it."""

    tracks: dict[SensorKey, Track] = field(default_factory=dict)
    rules: dict[RuleKey, RuleState] = field(default_factory=dict)
    alerts: dict[AlertKey, Alert] = field(default_factory=dict)
    """The active ones only."""
    closed_sites: frozenset[tuple[Scope, str]] = frozenset()
    """Sites that a person marked closed (封桥)."""

    def swap(self, outcome: Outcome) -> None:
        """Take over what was committed."""
        self.tracks.update(outcome.tracks)
        self.rules.update(outcome.rules)
        for key, alert in outcome.alerts.items():
            if alert.is_active:
                self.alerts[key] = alert
            else:
                self.alerts.pop(key, None)


@dataclass(slots=True)
class Outcome:
    """All that one batch means. The store keeps it in one transaction."""

    observations: list[Observation] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    tracks: dict[SensorKey, Track] = field(default_factory=dict)
    """Changed ones; not stored, rebuilt from observations at start."""
    rules: dict[RuleKey, RuleState] = field(default_factory=dict)
    alerts: dict[AlertKey, Alert] = field(default_factory=dict)
    transitions: list[Transition] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    ignored: int = 0
    """Legal messages that are no readings (a join, an ack), and exact repeats."""


def decide(
    knowledge: Knowledge, memory: Memory, batch: Sequence[Message], now: datetime
) -> Outcome:
    """Judge a batch in arrival order. An empty batch is the ten-second tick."""
    raise NotImplementedError  # replaced before the first slice runs
