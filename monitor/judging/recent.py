"""What came lately at places that hang together, kept so that it can be judged again.

A value that comes late is judged as if it had come in time: what was known before it is taken up
again, and all that was observed since is judged once more, in the order in which it was observed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.alerting.alerts import Alert, Place
from monitor.alerting.fold import Trail
from monitor.alerting.orders import CallByHand, EndCall
from monitor.alerting.rule import Judgement, Rule
from monitor.ingest.observation import Observation
from monitor.ingest.track import Track
from monitor.scope import Scope

WINDOW = timedelta(minutes=15)
"""How far back memory alone can judge again; for older values the store is asked."""
LEAD = timedelta(hours=2)
"""Observations from so long before a late value are judged with it, and more where a rule sums up
for longer: what was pending then has ripened or fallen."""
FURTHEST = timedelta(days=7)
"""A value older than this is kept, and judges nothing."""


class SensorKey(NamedTuple):
    scope: Scope
    sensor: str


class RuleKey(NamedTuple):
    scope: Scope
    rule: str
    sensor: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Sensors whose judgements hang together, because they are judged for the same sites."""

    name: str
    sensors: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def lead(self) -> timedelta:
        """How long before a late value judging must begin anew."""
        return max((LEAD, *(rule.kind.window for rule in self.rules)))

    def places(self, scope: Scope) -> list[Place]:
        """What its alerts may be about."""
        return list(dict.fromkeys(Place(scope, rule.site.id, rule.hazard) for rule in self.rules))


def clustered(rules: Collection[Rule]) -> dict[str, Cluster]:
    """The cluster of each sensor that is judged."""
    of_site: dict[str, set[str]] = {}
    for rule in rules:
        of_site.setdefault(rule.site.id, set()).update(rule.sensors)
    group: dict[str, set[str]] = {}
    for sensors in of_site.values():
        joined = sensors.union(*(group[sensor] for sensor in sensors if sensor in group))
        group |= dict.fromkeys(joined, joined)
    watching: dict[int, list[Rule]] = {}
    for rule in rules:
        for sensor in sorted(rule.sensors)[:1]:  # all of them are in one group
            watching.setdefault(id(group[sensor]), []).append(rule)
    clusters: dict[str, Cluster] = {}
    for sensors in {id(one): one for one in group.values()}.values():
        cluster = Cluster(min(sensors), tuple(sorted(sensors)), tuple(watching[id(sensors)]))
        clusters |= dict.fromkeys(sensors, cluster)
    return clusters


class Tick(NamedTuple):
    """Time alone changed what a rule says of a sensor."""

    at: datetime
    scope: Scope
    rule: Rule
    sensor: str


Moment = Observation | Tick | CallByHand | EndCall
"""Whatever can change what is judged."""


def at(moment: Moment) -> datetime:
    """When it was."""
    return moment.observed_at if isinstance(moment, Observation) else moment.at


class Snapshot(NamedTuple):
    """What was known at one time."""

    at: datetime | None
    """observed_at of the newest value in it; None before any."""
    tracks: Mapping[SensorKey, Track]
    trails: Mapping[RuleKey, Trail]
    alerts: Mapping[Place, Alert]
    """As the values have it; what people were told is no part of it."""


class Past(NamedTuple):
    """What the store holds of a cluster from a time on at which nothing stood."""

    since: datetime
    observations: tuple[Observation, ...]
    alerts: tuple[Alert, ...]
    """Those that ended since."""


class Half(NamedTuple):
    """What was known part of the way, while nothing stood: what is kept will begin there."""

    at: datetime
    """Of the newest moment until then."""
    now: Snapshot
    through: int
    """After so many of the moments, in the order in which they came."""


class Lived(NamedTuple):
    """Moments judged again, where people were told something else than the values say."""

    through: int
    """How many of the moments: the first, which are in the order of their times."""
    now: Snapshot
    """After them, as the values have it."""
    ended: tuple[Alert, ...]
    """What stood and ended within them, as the values have it."""
    said: Mapping[tuple[str, str], Judgement]
    """The last word of each rule on each sensor."""


class Recent(NamedTuple):
    """The last quarter of an hour of one cluster, and what was known before."""

    base: Snapshot
    moments: tuple[Moment, ...] = ()
    """All since then."""
    newest: datetime | None = None
    """Of base and moments."""
    ended: tuple[Alert, ...] = ()
    """Alerts that ended since then, as they are written down."""
    apart: bool = False
    """What people were told is not what the values say: a late value does not lower it."""
    half: Half | None = None
    """None: only judging again tells what was known when."""
    lived: Lived | None = None
    """While `apart`: how far the values are judged, so that one more does not judge all anew."""

    def with_moment(self, moment: Moment) -> Recent:
        """With one more."""
        base, moments, newest, ended, apart, half, lived = self
        when = at(moment)
        if newest is None or when > newest:
            newest = when
        return Recent(base, (*moments, moment), newest, ended, apart, half, lived)

    def reaches(self, moment: datetime) -> bool:
        """Whether what was known before that time is known."""
        return self.base.at is None or moment >= self.base.at

    @property
    def spans(self) -> timedelta:
        """From the first moment to the newest."""
        if self.newest is None or not self.moments:
            return timedelta(0)
        return self.newest - at(self.moments[0])


def quiet_since(when: datetime, lead: timedelta, alerts: Collection[Alert]) -> datetime | None:
    """The newest time at least `lead` before `when` at which none of the alerts stood, so that
    nothing of what was before need be known; None where that is too long ago."""
    since = when - lead
    while when - since <= FURTHEST:
        standing = [
            one.opened_at
            for one in alerts
            if one.opened_at <= since and (one.cleared_at is None or one.cleared_at > since)
        ]
        if not standing:
            return since
        since = min(standing) - lead
    return None
