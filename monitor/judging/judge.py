"""What one reading or a moment of silence does to a draft of the batch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.alerting import alerts, fold
from monitor.alerting.alerts import Cause
from monitor.alerting.contribution import Contribution, contribution
from monitor.alerting.debounce import silent_after
from monitor.alerting.rule import Rule
from monitor.errors import Unreadable
from monitor.ingest.assess import CONFLICT, Seen, assess
from monitor.ingest.message import UNKNOWN_SENSOR, Message, Quarantined
from monitor.ingest.observation import Observation
from monitor.ingest.outage import OUT_OF_SERVICE
from monitor.ingest.reading import Reading
from monitor.ingest.track import EMPTY, doubted
from monitor.judging import quiet
from monitor.judging.draft import Draft
from monitor.judging.memory import AlertKey, Defect, RuleKey, SensorKey
from monitor.judging.recall import begin, remember
from monitor.judging.recent import Tick
from monitor.scope import Scope


def assessed(draft: Draft, reading: Reading, seen: Seen | None) -> Observation | None:
    """What a reading is worth as it comes; None where it is a repeat or in quarantine."""
    knowledge, outcome = draft.knowledge, draft.outcome
    sensor = knowledge.sensors.get(reading.sensor)
    if sensor is None:
        outcome.quarantined.append(_quarantine(reading, UNKNOWN_SENSOR, reading.sensor))
        return None
    key = SensorKey(reading.scope, reading.sensor)
    begin(draft, key)
    standard, outage = knowledge.quality[sensor.id], draft.outage(key)
    try:
        found = assess(reading, sensor, draft.track(key), standard, seen, outage)
    except Unreadable as fault:
        outcome.quarantined.append(_quarantine(reading, fault.reason, fault.detail))
        if fault.reason == CONFLICT:
            outcome.tracks[key] = doubted(draft.track(key) or EMPTY, reading)
        return None
    if found is None:  # told before, word for word
        outcome.ignored += 1
        return None
    outcome.tracks[key] = found.track
    outcome.observations.append(found.observation)
    return None if OUT_OF_SERVICE in found.observation.reasons else found.observation


def judge(draft: Draft, observation: Observation, *, live: bool = True) -> None:
    """Every rule that watches the sensor, then the alerts they contribute to. Not `live`: judged
    again, and nobody is told."""
    if observation.retained:
        return
    scope, sensor = observation.scope, observation.sensor
    around = draft.around(scope)
    for rule in draft.knowledge.rules_by_sensor.get(sensor, ()):
        key = RuleKey(scope, rule.id, sensor)
        before = draft.trail(key)
        try:
            trail, judgement = fold.advance(rule, before, observation, around)
        except Exception as defect:  # noqa: BLE001 - the next rule may be the one that sees the flood
            draft.outcome.defects.append(Defect(f"rule {rule.id}", defect))
            continue
        draft.put_trail(rule, key, before, trail)
        draft.outcome.judgements.append(judgement)
        if judgement.value is None or not (judgement.severity or draft.alarmed):
            continue  # of nearly all readings nothing comes: low water, and no alert anywhere
        place = AlertKey(scope, rule.site.id, rule.hazard)
        if judgement.severity or draft.alert(place) is not None:
            rising = judgement.reached > judgement.severity
            opening, at = f"{sensor}:{observation.key}", observation.observed_at
            tells = live and not observation.late
            cause = Cause(opening, at, tells, "sensor", rising, draft.behind)
            # a value late by minutes is folded where it belongs: what stands is of the newest
            newest = trail.newest or cause.at
            apply(draft, place, [contribution(rule.id, sensor, judgement, newest)], cause)


def withheld(draft: Draft, late: Observation, said: int) -> bool:
    """Whether people were told of more than the late value says, and it lowers nothing. `said`:
    where its judgements begin."""
    rules = draft.knowledge.rules_by_sensor[late.sensor]
    judgements = draft.outcome.judgements[said:]
    if len(judgements) < len(rules):  # a rule with a defect said nothing
        return True
    for rule, judgement in zip(rules, judgements, strict=True):
        alert = draft.alert(AlertKey(late.scope, rule.site.id, rule.hazard))
        held = alert.contributions.get((rule.id, late.sensor)) if alert else None
        if held and judgement.value is not None and judgement.severity < held.severity:
            return True
    return False


def apply(draft: Draft, place: AlertKey, new: Iterable[Contribution], cause: Cause) -> None:
    """Lay what a rule or a person says of a place over the draft, with what is told of it."""
    before = draft.alert(place)
    alert, transition = alerts.apply(before, place, new, cause)
    if alert is not None:
        quiet.put(draft, before, alert, transition, live=cause.live and not cause.behind)


def judge_tick(draft: Draft, now: datetime) -> None:
    """Silence, and all else that time alone changes; not before a sensor could have spoken."""
    for scope in draft.memory.scopes:
        for rule in draft.knowledge.ticking:
            for sensor in rule.sensors.values():
                if draft.track(SensorKey(scope, sensor.id)) is None:
                    continue  # never heard in this world: a drill speaks for few, and of a device
                    # that never spoke readiness tells
                if now < draft.memory.listening_since + sensor.interval:
                    continue
                if is_away(draft, SensorKey(scope, sensor.id), now):
                    continue
                judge_silence(draft, scope, rule, sensor.id, now)


def judge_silence(
    draft: Draft, scope: Scope, rule: Rule, sensor: str, now: datetime, *, live: bool = True
) -> None:
    """What time alone changes of one rule and one sensor."""
    key = RuleKey(scope, rule.id, sensor)
    before = draft.trail(key)
    try:
        ticked = fold.tick(rule, sensor, before, now, draft.around(scope))
    except Exception as defect:  # noqa: BLE001 - nor may one rule deafen the others
        draft.outcome.defects.append(Defect(f"rule {rule.id}", defect))
        return
    if not ticked:
        return
    if live:
        begin(draft, SensorKey(scope, sensor))
        remember(draft, SensorKey(scope, sensor), Tick(now, scope, rule, sensor))
    trail, judgement = ticked
    draft.put_trail(rule, key, before, trail)
    cause = Cause(f"tick:{sensor}:{now.isoformat()}", now, live, "sensor")
    place = AlertKey(scope, rule.site.id, rule.hazard)
    if judgement.severity or draft.alert(place) is not None:
        apply(draft, place, [contribution(rule.id, sensor, judgement, now)], cause)


def is_away(draft: Draft, key: SensorKey, now: datetime) -> bool:
    """Whether a sensor is out of service, or back for so short a time that it may not have
    spoken: time says nothing of it."""
    if (outage := draft.outage(key)) is None:
        return False
    back = outage.back_at
    return outage.is_out or (
        back is not None and now < back + silent_after(draft.knowledge.sensors[key.sensor])
    )


def _quarantine(reading: Reading, reason: str, detail: str) -> Quarantined:
    """A reading has lost its bytes; what it said stands in their place."""
    said = f"{reading.sensor} {reading.key} {reading.value} {reading.unit}"
    message = Message("", said.encode(), reading.received_at, reading.retained)
    return Quarantined(reading.scope, message, reason, detail)
