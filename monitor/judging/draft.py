"""Memory with what one batch has changed laid over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.alerting import fold
from monitor.alerting.alerts import Alert
from monitor.alerting.condition import of_sensor
from monitor.alerting.fold import Trail
from monitor.alerting.rule import Rule
from monitor.alerting.severity import Condition, Severity
from monitor.alerting.silences import Silence
from monitor.ingest.assess import Track
from monitor.ingest.observation import Observation
from monitor.ingest.outage import Outage
from monitor.judging.memory import AlertKey, Knowledge, Memory, Outcome, RuleKey, SensorKey
from monitor.judging.recent import Recent
from monitor.scope import Scope


class Draft:
    """Memory with what this batch has changed laid over it; memory itself is not touched."""

    __slots__ = ("_arounds", "behind", "knowledge", "memory", "outcome")

    def __init__(self, knowledge: Knowledge, memory: Memory, *, behind: bool = False) -> None:
        """`behind`: the batch waited in the broker, and more waits behind it."""
        self.behind = behind
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
        if not self.outcome.outages and not self.memory.outages:
            return None
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
            self.outcome.alerts[place] = _told_at_most(last, alert)
        ended = self.outcome.ended
        ended[:] = [_told_at_most(one, alert) if one.id == alert.id else one for one in ended]

    def recent(self, key: SensorKey) -> Recent | None:
        """By the name of a cluster."""
        return self.outcome.recents.get(key) or self.memory.recents.get(key)

    def around(self, scope: Scope) -> Around:
        """What a rule may ask, within one world."""
        if scope not in self._arounds:
            self._arounds[scope] = Around(self, scope)
        return self._arounds[scope]


def _told_at_most(last: Alert, alert: Alert) -> Alert:
    # never more than the batch left: an order may have come after the transition
    announced, asked = min(last.announced, alert.announced), min(last.asked, alert.asked)
    return replace(last, announced=announced, asked=asked)


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

    def word(self, sensor: str, at: datetime) -> Condition:
        """OK, SUSPECT or SILENT: whether that sensor can be believed at `at`."""
        key = SensorKey(self._scope, sensor)
        if self._draft.is_out(key):
            return Condition.SILENT
        return of_sensor(self._draft.knowledge.sensors[sensor], self._draft.track(key), at)

    def stand_in(self, sensor: str, at: datetime) -> Observation | None:
        twins = self._draft.knowledge.twins.get(sensor)
        if not twins or self.word(sensor, at) is Condition.OK:
            return None
        good = (self.last(twin) for twin in twins if self.word(twin, at) is Condition.OK)
        return max((one for one in good if one), key=lambda one: one.observed_at, default=None)
