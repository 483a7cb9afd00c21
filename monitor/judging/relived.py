"""What the values alone say, judged once more in the order in which they were observed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from monitor.alerting.alerts import Alert, Place
from monitor.alerting.orders import CallByHand, EndCall
from monitor.alerting.rule import Judgement
from monitor.ingest.assess import again
from monitor.ingest.observation import Observation
from monitor.ingest.track import EMPTY, followed
from monitor.judging.draft import Draft
from monitor.judging.entered import call, end_call
from monitor.judging.judge import judge, judge_silence
from monitor.judging.memory import Memory, SensorKey
from monitor.judging.recall import snapshot
from monitor.judging.recent import Cluster, Lived, Moment, Recent, Snapshot, Tick, at
from monitor.scope import Scope


class World:
    """A memory of its own, in which nobody is told."""

    def __init__(self, draft: Draft, base: Snapshot, settled: Collection[Observation] = ()) -> None:
        """`settled`: those whose flags are not judged again, as what they hang on is not known."""
        memory = draft.memory
        known = Memory(
            memory.listening_since,
            memory.scopes,
            tracks=dict(base.tracks),
            trails=dict(base.trails),
            alerts=dict(base.alerts),
            closed_sites=memory.closed_sites,
            outages=memory.outages,
        )
        self.draft = Draft(draft.knowledge, known)
        self._settled = frozenset((one.sensor, one.key) for one in settled)
        self._ended: tuple[Alert, ...] = ()
        self.said: dict[tuple[str, str], Judgement] = {}
        """The last word of each rule on each sensor."""
        self.words: dict[tuple[str, str], list[Judgement]] = {}
        """By sensor and key of an observation: what the rules said of it."""

    @classmethod
    def of(cls, draft: Draft, recent: Recent) -> tuple[World, int]:
        """As far as its moments are judged already, and how many that is: none of them where one
        has come since that belongs before the last of these."""
        lived = recent.lived
        if lived is None:
            return cls(draft, recent.base), 0
        last = at(recent.moments[lived.through - 1])
        if any(at(moment) < last for moment in recent.moments[lived.through :]):
            return cls(draft, recent.base), 0
        world = cls(draft, lived.now)
        world._ended, world.said = lived.ended, dict(lived.said)
        return world, lived.through

    def lived(self, scope: Scope, cluster: Cluster, count: int) -> Lived:
        """What `of` begins with once these `count` moments are judged."""
        return Lived(count, snapshot(self.draft, scope, cluster), self.ended, self.said)

    @property
    def ended(self) -> tuple[Alert, ...]:
        """All that is over, in order of time."""
        changed = (t.alert for t in self.draft.outcome.transitions)
        return (*self._ended, *(alert for alert in changed if not alert.is_active))

    def alerts(self, place: Place) -> list[Alert]:
        """All that stood there, in order of time."""
        past = [one for one in self.ended if (one.scope, one.site, one.hazard) == place]
        now = self.draft.alert(place)
        return [*past, now] if now else past

    def relive(self, moments: Iterable[Moment]) -> tuple[Moment, ...]:
        """The moments as they are judged now; observations may have another flag."""
        return tuple(self._relive(moment) for moment in sorted(moments, key=at))

    def _relive(self, moment: Moment) -> Moment:
        match moment:
            case Observation():
                return self._observe(moment)
            case Tick(now, scope, rule, sensor):
                judge_silence(self.draft, scope, rule, sensor, now, live=False)
            case CallByHand():
                call(self.draft, moment, live=False)
            case EndCall():
                end_call(self.draft, moment)
        return moment

    def _observe(self, known: Observation) -> Observation:
        knowledge, outcome = self.draft.knowledge, self.draft.outcome
        key, sensor = SensorKey(known.scope, known.sensor), knowledge.sensors[known.sensor]
        track, standard = self.draft.track(key), knowledge.quality[sensor.id]
        if (known.sensor, known.key) in self._settled:
            outcome.tracks[key] = followed(track or EMPTY, known, sensor.interval, standard)
        else:
            known, outcome.tracks[key] = again(known, sensor, track, standard)
        before = len(outcome.judgements)
        judge(self.draft, known, live=False)
        said = self.words[known.sensor, known.key] = outcome.judgements[before:]
        for rule, judgement in zip(knowledge.rules_by_sensor[sensor.id], said, strict=False):
            if judgement.value is not None:
                self.said[rule.id, sensor.id] = judgement
        return known
