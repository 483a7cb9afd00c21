"""Late values are judged as if they had come in time (补判).

All that was observed since a late value is judged once more after it, in the order in which it
was observed, and nobody is told. What stands then is told as any live value's judgement is, but
what came late never lowers what people were told. What is written down of the alerts since is
set right: an alert of the past is added, another began earlier or was worse than it seemed.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerting import alerts
from monitor.alerting.alerts import Alert, Cause, Change, Place, Transition, owed
from monitor.alerting.contribution import Contribution
from monitor.alerting.pairing import as_it_was, paired, part_of
from monitor.alerting.severity import Severity
from monitor.ingest.observation import Observation
from monitor.ingest.trusted_time import late_after
from monitor.journal import Entry
from monitor.judging import quiet
from monitor.judging.draft import Draft
from monitor.judging.judge import judge, withheld
from monitor.judging.memory import SensorKey
from monitor.judging.recall import alarmed, cluster_of, remember
from monitor.judging.recent import Cluster, Moment, Recent, at
from monitor.judging.relived import World
from monitor.judging.window import ended


def take(
    draft: Draft, observation: Observation, known: Container[SensorKey] = ()
) -> SensorKey | None:
    """Judge an observation where it belongs in time. The name of its cluster where that is longer
    ago than memory, and the past of that cluster is `known`: with it all others are judged."""
    key = SensorKey(observation.scope, observation.sensor)
    found = cluster_of(draft, key)
    recent = draft.recent(found[1]) if found else None
    if found is None or recent is None or observation.retained:
        judge(draft, observation)
        return None
    cluster, name = found
    in_turn = recent.newest is None or observation.observed_at >= recent.newest
    track = draft.track(key)
    straight = track is not None and track.last is observation and not recent.apart
    if straight and (in_turn or not alarmed(draft, recent, cluster, key.scope)):
        said = len(draft.outcome.judgements)
        judge(draft, observation)
        recent = draft.outcome.recents[name] = recent.with_moment(observation)
        if in_turn:
            exact = not (observation.late and withheld(draft, observation, said))
        else:
            exact = not alarmed(draft, recent, cluster, key.scope)
        if exact:
            return None
        del draft.outcome.judgements[said:]  # it is said again below
    elif not in_turn and not recent.reaches(observation.observed_at):
        if name in known:
            return name
        judge(draft, observation)
        remember(draft, key, observation)
        return None
    else:
        recent = recent.with_moment(observation)
    Again(draft, cluster, name, recent, observation).judge(*World.of(draft, recent))
    return None


@dataclass(frozen=True, slots=True)
class Again:
    """All that one late observation changes."""

    draft: Draft
    cluster: Cluster
    name: SensorKey
    recent: Recent
    """With the observation."""
    late: Observation
    others: Sequence[Observation] = ()
    """Late ones of the same batch."""
    before: World | None = None
    """Without the late values, where the base is not known to be exact: only what comes out there
    as it is known is set right."""

    def judge(self, world: World, count: int = 0) -> None:
        """Judge the moments again, tell what stands, and set right what is written down. `count`:
        so many of them `world` has judged already."""
        known = self.recent.moments[count:]
        moments = world.relive(known)
        for one in (self.late, *self.others):
            self.draft.outcome.judgements += world.words.get((one.sensor, one.key), ())
        places = self.cluster.places(self.late.scope)
        exact = self.before is None or not any(self._differ(self.before, one) for one in places)
        if exact:
            self._adopt(world, known, moments)
        ended: list[Alert] = []
        apart = False
        for place in places:
            if exact:
                self._tell(world, place)
            ended += self._set_right(world, place)
            apart |= self._differ(world, place)
        base, newest = self.recent.base, self.recent.newest
        moments = (*self.recent.moments[:count], *moments)
        lived = world.lived(self.late.scope, self.cluster, len(moments)) if apart else None
        self.draft.outcome.recents[self.name] = Recent(
            base, moments, newest, tuple(ended), apart, lived=lived
        )

    def _differ(self, world: World, place: Place) -> bool:
        """Whether what people were told is not what the values say."""
        told = self.draft.alert(place)
        return (told.contributions if told else {}) != self._standing(world, place)

    def _standing(self, world: World, place: Place) -> Mapping[tuple[str, str], Contribution]:
        """What the values say, with what time made of it since: a silence that the one alert of
        its area tells of stands there, and one that was borne out is as sure as it was."""
        told, true = self.draft.alert(place), world.draft.alert(place)
        before = told.contributions if told else {}
        found = true.contributions if true else {}
        return {
            key: before[key].still(one) if key in before else one
            for key, one in found.items()
            if not self._told_by_area(key)
        }

    def _told_by_area(self, key: tuple[str, str]) -> bool:
        knowledge, scope = self.draft.knowledge, self.late.scope
        places = (Place(scope, area, knowledge.areas.hazard) for area in knowledge.area_names)
        return any(key in alert.contributions for one in places if (alert := self.draft.alert(one)))

    def _adopt(self, world: World, known: Sequence[Moment], moments: Sequence[Moment]) -> None:
        outcome, relived = self.draft.outcome, world.draft.outcome
        for key, track in relived.tracks.items():
            live = self.draft.track(key)
            outcome.tracks[key] = track._replace(lag=live.lag if live else None)
        for rule_key, trail in relived.trails.items():
            rule = self.draft.knowledge.rules[rule_key.rule]
            self.draft.put_trail(rule, rule_key, self.draft.trail(rule_key), trail)
        for before, now in zip(sorted(known, key=at), moments, strict=True):
            if isinstance(now, Observation) and now != before:
                outcome.judged_again[SensorKey(now.scope, now.sensor), now.key] = now
        outcome.defects.extend(relived.defects)

    def _tell(self, world: World, place: Place) -> None:
        """What stands now, as a live value would: a late one pages nobody and lowers nothing."""
        told = self.draft.alert(place)
        before = told.contributions if told else {}
        standing = self._standing(world, place)
        gone = [
            c._replace(severity=Severity.NORMAL) for k, c in before.items() if k not in standing
        ]
        changed = (*standing.values(), *gone)
        if not changed:
            return
        rising = any(
            said.reached > said.severity
            for one in changed
            if (said := world.said.get((one.rule, one.sensor))) is not None
            and one.severity < before.get((one.rule, one.sensor), one).severity
        )
        opening, newest = f"{self.late.sensor}:{self.late.key}", self.recent.newest
        live = not self.late.late
        at_the_end = newest or self.late.observed_at
        cause = Cause(opening, at_the_end, live, "sensor", rising, self.draft.behind)
        alert, transition = alerts.apply(told, place, changed, cause)
        if alert is not None:
            tells = live and not cause.behind
            quiet.put(self.draft, told, alert, transition, live=tells)

    def _set_right(self, world: World, place: Place) -> Iterator[Alert]:
        """The alerts of the past there, as they are to be written down."""
        doubtful, episodes = self._doubtful(place), world.alerts(place)
        for record, episode in paired(self._written(place), episodes):
            if record is None:
                assert episode is not None
                if (episode.opened_at, episode.worst) not in doubtful:
                    yield self._found(episode)
                continue
            part = None if episode else part_of(record, episodes)
            right = as_it_was(record, episode) if episode else self._unfounded(record, part)
            if (record.opened_at, record.worst) in doubtful:
                right = record
            if right != record:
                self._correct(record, right, part)
            if not right.is_active:
                yield right

    def _doubtful(self, place: Place) -> set[tuple[datetime, Severity]]:
        """What does not come out as it is known, though nothing late is in it."""
        if self.before is None:
            return set()
        pairs = paired(self._written(place), self.before.alerts(place))
        known = ((a, b) for a, b in pairs if a is None or b is None or as_it_was(a, b) != a)
        return {(one.opened_at, one.worst) for pair in known for one in pair if one}

    def _written(self, place: Place) -> list[Alert]:
        active = self.draft.alert(place)
        known = [*ended(self.draft, self.recent), *((active,) if active else ())]
        return [one for one in known if (one.scope, one.site, one.hazard) == place]

    def _found(self, episode: Alert) -> Alert:
        """An alert that nobody knew of, and that is over."""
        parts = (str(moment) for moment in (episode.opened_at, episode.cleared_at))
        id = episode.scope.id("past alert", episode.site, episode.hazard, *parts)
        past = replace(episode, id=id)
        self.draft.put_past(past)
        stood = replace(past, severity=past.worst, condition=past.lead.condition, cleared_at=None)
        raised = Transition(stood, Change.RAISED, Severity.NORMAL, past.opened_at, False)
        cleared = Transition(past, Change.CLEARED, past.worst, past.updated_at, False)
        self.draft.outcome.transitions += (raised, cleared)
        return past

    def _unfounded(self, record: Alert, part: Alert | None) -> Alert:
        """The values never stood so long, or were `part` of what another record tells: it is no
        alert, though people may have been called. Of silence by itself it is not said, which was
        one whatever came later."""
        base = self.recent.base.at
        known_since = base is None or record.opened_at > base
        alone = part is None or part.opened_at > record.opened_at
        if record.is_active or (alone and (not known_since or record.lead.is_silence)):
            return record
        return replace(record, worst=Severity.NORMAL)

    def _correct(self, record: Alert, right: Alert, part: Alert | None) -> None:
        (self.draft.put_alert if right.is_active else self.draft.put_past)(right)
        facts = {
            "site": right.site,
            "hazard": right.hazard,
            "opened_at": right.opened_at.isoformat(),
            "worst": right.worst.name,
            "opened_at_before": record.opened_at.isoformat(),
            "worst_before": record.worst.name,
            "sensor": self.late.sensor,
            "observed_at": self.late.observed_at.isoformat(),
        }
        if (right.opened_at, right.worst) != (record.opened_at, record.worst):
            entry = Entry(
                right.scope, self.late.received_at, "alert.corrected", right.id, None, facts
            )
            self.draft.outcome.entries.append(entry)
        stood = part.worst if part else right.worst
        if stood < right.announced and right.worst < record.worst:
            self.draft.outcome.overcalled.append(right)


def tell_owed(draft: Draft, now: datetime) -> None:
    """All that waited in the broker is read: call for what stands and nobody was told of. What was
    measured so long ago that it tells of the past waits for a live value (补判)."""
    standing = draft.memory.alerts.keys() | draft.outcome.alerts.keys()
    for place in sorted(standing):
        alert = draft.alert(place)
        sensor = draft.knowledge.sensors.get(alert.lead.sensor) if alert else None
        if alert is None or sensor is None:
            continue
        if now - alert.lead.observed_at > late_after(sensor.interval):
            continue
        if (told := owed(alert, now)) is not None:
            quiet.put(draft, alert, *told, live=True)
