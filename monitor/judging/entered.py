"""What people entered, laid over a draft of the batch and written down with the name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from monitor.alerting import alerts
from monitor.alerting.alerts import Cause, Change
from monitor.alerting.contribution import Contribution
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
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.assess import DENIED, noted
from monitor.ingest.mark import Mark
from monitor.journal import Entry
from monitor.judging import quiet
from monitor.judging.anew import as_heard
from monitor.judging.draft import Draft
from monitor.judging.judge import apply, judge
from monitor.judging.memory import AlertKey, SensorKey
from monitor.judging.recall import begin, remember


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
    """A contribution by hand. One source that names two villages of a site speaks of the site, and
    of the worse: the second call takes back nothing of the first."""
    place = AlertKey(order.scope, order.site, order.hazard)
    known = alert.contributions.get((HAND, order.source)) if (alert := draft.alert(place)) else None
    if known is not None and known.village != order.village:
        is_less = known.severity > order.severity
        because = known.basis if is_less else order.because
        worse = max(known.severity, order.severity)
        order = order._replace(severity=worse, because=because, village="")
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
        village=order.village,
    )
    key = f"{HAND}:{order.source}:{order.at.isoformat()}"
    apply(draft, place, [new], Cause(key, order.at, live, order.source))


def end_call(draft: Draft, order: EndCall) -> None:
    """Every contribution by hand is withdrawn."""
    place = AlertKey(order.scope, order.site, order.hazard)
    if alert := draft.alert(place):
        alert = as_heard(draft, alert)
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
    remember(draft, key, observation)


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
