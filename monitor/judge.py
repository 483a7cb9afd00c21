"""What one reading, one order or a moment of silence does to a draft of the batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from monitor import quiet
from monitor.alerting import alerts, fold
from monitor.alerting.alerts import Cause, Change
from monitor.alerting.contribution import Contribution, contribution
from monitor.alerting.debounce import silent_after
from monitor.alerting.orders import (
    HAND,
    CallByHand,
    EndCall,
    GaugeRead,
    Order,
    OutageAgreed,
    PutBack,
    SilenceAgreed,
    SilenceEnded,
    SilenceOrdered,
    SiteClosed,
    SuspectJudged,
    TakenOut,
)
from monitor.alerting.rule import Judgement, Rule
from monitor.alerting.severity import Condition, Severity
from monitor.draft import Draft
from monitor.errors import Unreadable
from monitor.ingest.assess import DENIED, Seen, assess, noted
from monitor.ingest.mark import Mark
from monitor.ingest.message import UNKNOWN_SENSOR, Message, Quarantined
from monitor.ingest.observation import Observation
from monitor.ingest.outage import OUT_OF_SERVICE
from monitor.ingest.reading import Reading
from monitor.journal import Entry
from monitor.memory import AlertKey, Defect, RuleKey, SensorKey
from monitor.recall import begin, remember
from monitor.recent import Tick
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
    if live:
        remember(draft, SensorKey(scope, sensor), observation)
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
        place = AlertKey(scope, rule.site.id, rule.hazard)
        if judgement.value is not None and _matters(draft, place, judgement):
            rising = judgement.reached > judgement.severity
            opening, at = f"{sensor}:{observation.key}", observation.observed_at
            cause = Cause(opening, at, live and not observation.late, "sensor", rising)
            # a value late by minutes is folded where it belongs: what stands is of the newest
            newest = trail.newest or cause.at
            _apply(draft, place, contribution(rule.id, sensor, judgement, newest), cause)


def _matters(draft: Draft, place: AlertKey, judgement: Judgement) -> bool:
    """Of nearly all readings nothing comes: low water, and no alert there."""
    return judgement.severity > Severity.NORMAL or (
        draft.alarmed and draft.alert(place) is not None
    )


def _apply(draft: Draft, place: AlertKey, new: Contribution, cause: Cause) -> None:
    before = draft.alert(place)
    alert, transition = alerts.apply(before, place, (new,), cause)
    if alert is not None:
        quiet.put(draft, before, alert, transition, live=cause.live)


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
                if _is_away(draft, SensorKey(scope, sensor.id), now):
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
    if _matters(draft, place, judgement):
        _apply(draft, place, contribution(rule.id, sensor, judgement, now), cause)


def _is_away(draft: Draft, key: SensorKey, now: datetime) -> bool:
    """Whether a sensor is out of service, or back for so short a time that it may not have
    spoken: time says nothing of it."""
    if (outage := draft.outage(key)) is None:
        return False
    back = outage.back_at
    return outage.is_out or (
        back is not None and now < back + silent_after(draft.knowledge.sensors[key.sensor])
    )


def obey(draft: Draft, order: Order) -> None:
    """What a person told the judge, written down with the name; of an order that came too late to
    mean anything nothing is."""
    done = True
    match order:
        case CallByHand():
            _remember_order(draft, order)
            call(draft, order)
        case EndCall():
            _remember_order(draft, order)
            end_call(draft, order)
        case GaugeRead(scope, sensor, value, _, at):
            _hand_reading(draft, SensorKey(scope, sensor), value, at, "staff gauge")
        case SuspectJudged():
            _judge_suspect(draft, order)
        case SiteClosed():
            draft.outcome.site_marks.append(order)
        case SilenceOrdered():
            done = quiet.silence(draft, order)
        case SilenceAgreed():
            done = quiet.agree(draft, order)
        case SilenceEnded():
            done = quiet.end(draft, order)
        case TakenOut():
            done = quiet.take_out(draft, order)
        case OutageAgreed():
            done = quiet.agree_out(draft, order)
        case PutBack():
            done = quiet.put_back(draft, order)
    if not done:
        return
    draft.outcome.entries.append(_order_entry(order))


def _remember_order(draft: Draft, order: CallByHand | EndCall) -> None:
    for rule in draft.knowledge.rules.values():
        if (rule.site.id, rule.hazard) == (order.site, order.hazard):
            key = SensorKey(order.scope, min(rule.sensors))
            begin(draft, key)
            remember(draft, key, order)
            return


def call(draft: Draft, order: CallByHand, *, live: bool = True) -> None:
    """A contribution by hand."""
    place = AlertKey(order.scope, order.site, order.hazard)
    new = Contribution(
        rule=HAND,
        sensor=order.source,
        severity=order.severity,
        since=order.at,
        condition=Condition.OVER,
        value=None,
        observed_at=order.at,
        basis=order.because,
        limit=None,
        rate=None,
    )
    key = f"{HAND}:{order.source}:{order.at.isoformat()}"
    _apply(draft, place, new, Cause(key, order.at, live, order.source))


def end_call(draft: Draft, order: EndCall) -> None:
    """Every contribution by hand is withdrawn."""
    place = AlertKey(order.scope, order.site, order.hazard)
    if alert := draft.alert(place):
        gone = {key for key in alert.contributions if key[0] == HAND}
        gone |= quiet.held_by_outages(draft, alert)
        ended, transition = alerts.withdraw(alert, gone, order.at)
        ended = alerts.released(ended)
        if transition is not None:  # whoever was told hears of it by the stand-down
            change = Change.EASED if ended.is_active else Change.CLEARED
            transition = transition._replace(alert=ended, change=change, pages=False)
        known = replace(alert, announced=ended.announced, asked=ended.asked)
        quiet.put(draft, known, ended, transition, live=False)


def _judge_suspect(draft: Draft, order: SuspectJudged) -> None:
    """Somebody looked. Real: the doubtful value counts as read by them. False: the doubt is
    dropped, and nothing is put in its place. Either way the doubted readings are marked."""
    alert = draft.alert(AlertKey(order.scope, order.site, order.hazard))
    for item in tuple(alert.contributions.values()) if alert else ():
        key = SensorKey(order.scope, item.sensor)
        track = draft.track(key)
        if item.condition is not Condition.SUSPECT or track is None:
            continue
        draft.outcome.marks.append(
            Mark(*key, item.since, order.at, order.real, order.by, order.why)
        )
        if not order.real:
            _hand_reading(draft, key, None, order.at, DENIED)
            continue
        suspect = track.last_suspect
        doubted = suspect.value if suspect is not None else item.value
        if doubted is not None:
            _hand_reading(draft, key, doubted, order.at, "judged real")


def _hand_reading(
    draft: Draft, key: SensorKey, value: float | None, at: datetime, why: str
) -> None:
    sensor = draft.knowledge.sensors[key.sensor]
    begin(draft, key)
    observation, track = noted(key.scope, sensor, draft.track(key), value, at, why)
    draft.outcome.tracks[key] = track
    draft.outcome.observations.append(observation)
    judge(draft, observation)


def _quarantine(reading: Reading, reason: str, detail: str) -> Quarantined:
    """A reading has lost its bytes; what it said stands in their place."""
    said = f"{reading.sensor} {reading.key} {reading.value} {reading.unit}"
    message = Message("", said.encode(), reading.received_at, reading.retained)
    return Quarantined(reading.scope, message, reason, detail)


_EVENTS: Mapping[type, str] = {
    CallByHand: "order.call",
    EndCall: "order.call_ended",
    GaugeRead: "order.gauge_read",
    SuspectJudged: "order.suspect_judged",
    SiteClosed: "order.site_closed",
    SilenceOrdered: "order.silenced",
    SilenceAgreed: "order.silence_agreed",
    SilenceEnded: "order.silence_ended",
    TakenOut: "order.out_of_service",
    OutageAgreed: "order.outage_agreed",
    PutBack: "order.back_in_service",
}


def _order_entry(order: Order) -> Entry:
    """What a person ordered, as the journal keeps it."""
    facts: Mapping[str, object] = {
        name: _plain(value)
        for name, value in order._asdict().items()
        if name not in ("scope", "by", "at")
    }
    about = (getattr(order, name, "") for name in ("silence", "site", "sensor"))
    subject: str = next(filter(None, about))
    return Entry(order.scope, order.at, _EVENTS[type(order)], subject, order.by, facts)


def _plain(value: object) -> object:
    if isinstance(value, Severity):
        return value.name
    return value.isoformat() if isinstance(value, date) else value
