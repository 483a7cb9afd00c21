"""What a silence (暂停提醒) and a sensor out of service (停用) do to a draft of the batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from monitor.alerting.alerts import Alert, Transition
from monitor.alerting.orders import (
    OutageAgreed,
    PutBack,
    SilenceAgreed,
    SilenceEnded,
    SilenceOrdered,
    TakenOut,
)
from monitor.alerting.severity import Severity
from monitor.alerting.silences import ALONE, Silence, audible, hushed, quieted, resumed
from monitor.ingest.observation import QualityFlag
from monitor.ingest.outage import Outage
from monitor.journal import Entry
from monitor.judging.draft import Draft
from monitor.judging.memory import SensorKey


def put(
    draft: Draft, before: Alert | None, alert: Alert, transition: Transition | None, *, live: bool
) -> None:
    """Lay a changed alert over the draft, with what is to be told of it under the silences."""
    silences = draft.silences(alert.scope)
    if silences:
        alert, transition = hushed(before, alert, transition, silences, live=live)
    draft.put_alert(alert)
    if transition is not None:
        draft.outcome.transitions.append(transition)


def silence(draft: Draft, order: SilenceOrdered) -> bool:
    """Quiet from now on; what was told before is told again when it ends. False: it is quiet there
    already: who orders anew day after day would never let it end."""
    if any(_overlap(draft, order, one) for one in draft.silences(order.scope)):
        return False
    made = Silence(
        id=order.silence,
        scope=order.scope,
        site=order.site,
        hazard=order.hazard,
        sensor=order.sensor,
        owner=order.owner,
        reason=order.reason,
        by=order.by,
        since=order.at,
        until=min(order.until, order.at + ALONE),
        asked_until=order.until,
        agreed_by="",
        ended_at=None,
        ended_by="",
    )
    draft.outcome.silences[made.id] = made
    for alert in draft.active(order.scope):
        if audible(alert, (made,)) is not alert:
            draft.put_alert(quieted(alert, draft.silences(order.scope)))
    return True


def _overlap(draft: Draft, order: SilenceOrdered, known: Silence) -> bool:
    """Whether one covers what the other does: the same gauge or hazard, or a gauge of the site."""
    if order.sensor and known.sensor:
        return order.sensor == known.sensor
    if order.site and known.site:
        return (order.site, order.hazard) == (known.site, known.hazard)
    gauge = draft.knowledge.sensors.get(order.sensor or known.sensor)
    return gauge is not None and gauge.site == (order.site or known.site)


def agree(draft: Draft, order: SilenceAgreed) -> bool:
    """A second person agrees: it lasts as long as was asked. False: nothing awaits that person."""
    known = _named(draft.silences(order.scope), order.silence)
    if known is None or not known.may_agree(order.by):
        return False
    agreed = replace(known, until=known.asked_until, agreed_by=order.by)
    draft.outcome.silences[known.id] = agreed
    return True


def end(draft: Draft, order: SilenceEnded) -> bool:
    """Ended early, by hand. False: it is over already."""
    known = _named(draft.silences(order.scope), order.silence)
    if known is not None:
        _end(draft, known, order.at, order.by)
    return known is not None


def expire(draft: Draft, now: datetime) -> None:
    """End every silence whose time has run out; what it covered and still stands is told."""
    for known in tuple(draft.memory.silences.values()):
        if known.until <= now:
            _end(draft, known, now, "")
            entry = Entry(known.scope, now, "silence.over", known.id, facts={"owner": known.owner})
            draft.outcome.entries.append(entry)


def _named(silences: Iterable[Silence], id: str) -> Silence | None:
    return next((one for one in silences if one.id == id), None)


def _end(draft: Draft, known: Silence, at: datetime, by: str) -> None:
    draft.outcome.silences[known.id] = replace(known, ended_at=at, ended_by=by)
    left = draft.silences(known.scope)
    for alert in draft.active(known.scope):
        again, transition = resumed(alert, known, left, at)
        if transition is not None:
            draft.put_alert(again)
            draft.outcome.transitions.append(transition)


def take_out(draft: Draft, order: TakenOut) -> bool:
    """Out of service, at once; while it shows red only once a second person agrees. False: it is
    out already."""
    key = SensorKey(order.scope, order.sensor)
    known = draft.outage(key)
    if known is not None and known.back_at is None:
        return False
    draft.outcome.outages[key] = Outage(
        scope=order.scope,
        sensor=order.sensor,
        owner=order.owner,
        substitute=order.substitute,
        repair_by=order.repair_by,
        reason=order.reason,
        by=order.by,
        since=order.at,
        needs_second=_shows_red(draft, key),
        agreed_by="",
        back_at=None,
        back_by="",
    )
    return True


def agree_out(draft: Draft, order: OutageAgreed) -> bool:
    """A second person agrees. False: nothing awaits that person."""
    key = SensorKey(order.scope, order.sensor)
    known = draft.outage(key)
    if known is None or not known.may_agree(order.by):
        return False
    draft.outcome.outages[key] = replace(known, since=order.at, agreed_by=order.by)
    return True


def put_back(draft: Draft, order: PutBack) -> bool:
    """In service again: its next good value judges. False: it was not out."""
    key = SensorKey(order.scope, order.sensor)
    known = draft.outage(key)
    if known is None or known.back_at is not None:
        return False
    draft.outcome.outages[key] = replace(known, back_at=order.at, back_by=order.by)
    return True


def held_by_outages(draft: Draft, alert: Alert) -> set[tuple[str, str]]:
    """The contributions that an alert holds only because their sensor is out of service."""
    return {key for key in alert.contributions if draft.is_out(SensorKey(alert.scope, key[1]))}


def _shows_red(draft: Draft, key: SensorKey) -> bool:
    """Whether red stands by that sensor, or its newest value says red, believed or not."""
    around, track = draft.around(key.scope), draft.track(key)
    if around.standing(key.sensor) is Severity.RED:
        return True
    if track is None or track.last is None or track.last.value is None:
        return False
    said = track.last._replace(flag=QualityFlag.GOOD)
    return any(
        rule.kind.fold(rule, None, said, around)[1].reached is Severity.RED
        for rule in draft.knowledge.rules_by_sensor.get(key.sensor, ())
    )
