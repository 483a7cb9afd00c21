"""The whole decision on one page: what a batch means, and what must be done.

    load what may be known → decide → keep all of it in one transaction → swap → acknowledge

`decide` awaits nothing, logs nothing and mutates nothing that it is given: after a rollback the
same batch is decided again from the old memory, with the same ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from monitor.alerting import alerts, areas
from monitor.alerting.alerts import CALLS, Alert, Change, Transition, untold
from monitor.alerting.net import net
from monitor.alerting.orders import HAND, Order
from monitor.alerting.severity import Severity
from monitor.alerting.silences import audible, hushed
from monitor.errors import NotAReading, Unreadable
from monitor.ingest.assess import Seen
from monitor.ingest.message import Message, Quarantined
from monitor.ingest.observation import Observation
from monitor.ingest.quota import Meter
from monitor.ingest.read import read, scope_of
from monitor.ingest.reading import Reading
from monitor.journal import Entry
from monitor.judging import quiet
from monitor.judging.backfill import NO_PASTS, Pasts, far_back, missed
from monitor.judging.draft import Draft
from monitor.judging.entered import obey
from monitor.judging.hindsight import take, tell_owed
from monitor.judging.judge import assessed
from monitor.judging.memory import AlertKey, Defect, Knowledge, Memory, Outcome, SensorKey
from monitor.judging.quota import Gate
from monitor.judging.ticking import pass_time
from monitor.judging.window import close
from monitor.notify.calling import Response
from monitor.notify.drills import break_off
from monitor.notify.past import of_the_past, overcalled
from monitor.notify.routing import closed, respond
from monitor.notify.unrouted import unrouted
from monitor.scope import Scope, Status


class Intake(NamedTuple):
    """A batch decoded: readings as they came, and what could not be read."""

    readings: tuple[Reading, ...]
    quarantined: tuple[Quarantined, ...]
    ignored: int
    meter: Meter | None = None
    """What was counted of each device; None: nothing was held against a quota."""


def hear(knowledge: Knowledge, messages: Sequence[Message]) -> Intake:
    """Decode a batch. One unreadable message never touches the next."""
    readings: list[Reading] = []
    quarantined: list[Quarantined] = []
    ignored = 0
    for message in messages:
        try:
            readings.extend(read(knowledge.sources, knowledge.township, message))
        except Unreadable as fault:
            scope = scope_of(message, knowledge.township)
            quarantined.append(Quarantined(scope, message, fault.reason, fault.detail))
        except NotAReading:
            ignored += 1
    return Intake(tuple(readings), tuple(quarantined), ignored)


def within_quota(knowledge: Knowledge, memory: Memory, intake: Intake, now: datetime) -> Intake:
    """What is to be judged and kept of it; of what a device said beyond its quota one row tells."""
    gate = Gate(knowledge, memory, now)
    readings = gate.readings(intake.readings)
    quarantined = gate.unreadable(intake.quarantined)
    return Intake(readings, (*quarantined, *gate.floods()), intake.ignored, gate.meter)


def not_remembered(memory: Memory, intake: Intake) -> list[tuple[Scope, str, str]]:
    """(scope, sensor, key) of readings older than what memory would know again: ask the store."""
    old = []
    for reading in intake.readings:
        track = memory.tracks.get(SensorKey(reading.scope, reading.sensor))
        at = reading.device_time
        if at and track and track.history and at < track.history[0].observed_at:
            old.append((reading.scope, reading.sensor, reading.key))
    return old


def missing(
    knowledge: Knowledge, memory: Memory, intake: Intake, seen: Seen | None
) -> dict[SensorKey, datetime]:
    """Clusters with values older than memory can judge again → from when on to ask the store."""
    return missed(Draft(knowledge, memory), intake.readings, seen)


def decide(
    knowledge: Knowledge,
    memory: Memory,
    intake: Intake,
    now: datetime,
    *,
    orders: Sequence[Order] = (),
    seen: Seen | None = None,
    pasts: Pasts = NO_PASTS,
    tick: bool = False,
    behind: bool = False,
    caught_up: bool = False,
) -> Outcome:
    """Judge a batch in arrival order, then what people ordered, then what time alone changes.

    `seen`: what the store holds of readings older than memory; `pasts`: of the clusters for which
    `missing` asks. `tick`: true every ten seconds.
    `behind`: the batch waited in the broker and more waits behind it, so nobody is called yet for
    what may have passed. `caught_up`: all of that is read, and whatever stands is told.
    """
    draft = Draft(knowledge, memory, behind=behind)
    outcome = draft.outcome
    quiet.expire(draft, now)
    outcome.quarantined.extend(intake.quarantined)
    outcome.ignored = intake.ignored
    outcome.meter = intake.meter
    far: dict[SensorKey, list[Observation]] = {}
    for reading in intake.readings:
        observation = assessed(draft, reading, seen)
        if observation and (cluster := take(draft, observation, pasts)):
            far.setdefault(cluster, []).append(observation)
    for cluster, lates in far.items():
        far_back(draft, cluster, lates, pasts[cluster])
    for order in orders:
        obey(draft, order)
    if tick:
        pass_time(draft, now)
    if caught_up:
        tell_owed(draft, now)
    close(draft)
    if outcome.transitions:
        _respond(draft, now)
    for alert in outcome.overcalled:
        outcome.notifications.append(overcalled(knowledge.directory, alert, now))
    return outcome


def _respond(draft: Draft, now: datetime) -> None:
    """Every transition is written down, and told as a batch that is told once."""
    memory, outcome = draft.memory, draft.outcome
    told = tuple(net(outcome.transitions))
    heard_of = {transition.alert.id for transition in told if transition.pages}
    kept = {transition.alert.id for transition in told}
    raised = {one.alert.id for one in outcome.transitions if one.change is Change.RAISED}
    for transition in outcome.transitions:
        alert = transition.alert
        pages = transition.pages and alert.id in heard_of
        outcome.entries.append(_entry(transition._replace(pages=pages), now))
        unheard = alert.id not in heard_of and (alert.id in raised or not alert.told)
        by_order = any(s.covers(alert, alert.lead) for s in draft.silences(alert.scope))
        if transition.change is Change.CLEARED and unheard and not by_order:
            outcome.notifications.append(of_the_past(draft.knowledge.directory, alert, now))
        if alert.id not in kept:  # raised and ended within the batch: the desk alone reads of it
            draft.put_told(untold(alert))
    _break_off(draft, told, now)
    taken = {code for codes in memory.codes.values() for code in codes}
    for transition in told:
        draft.put_told(transition.alert)
        response = _responded(draft, transition, now, taken)
        taken.update(*(escalation.digits for escalation in response.escalations))
        taken.update(promised.code for promised in response.notifications)
        outcome.escalations.extend(response.escalations)
        outcome.notifications.extend(response.notifications)
        outcome.entries.extend(response.entries)


def _break_off(draft: Draft, told: Iterable[Transition], now: datetime) -> None:
    """The first real matter that calls people out breaks off every drill in which anybody was
    told anything: who takes part must know before that call that it is real."""
    directory, outcome = draft.knowledge.directory, draft.outcome
    calls = (one.alert for one in told if one.pages and one.change in CALLS)
    real = next(filter(_calls_out, calls), None)
    if real is None or any(map(_calls_out, draft.memory.alerts.values())):
        return
    drills: dict[Scope, Alert] = {}
    for alert in sorted({**draft.memory.alerts, **outcome.alerts}.values(), key=lambda a: a.told):
        if alert.scope.status is Status.EXERCISE and alert.is_active and alert.told:
            drills[alert.scope] = alert
    for drill in drills.values():
        response = break_off(directory, drill, real, now)
        outcome.notifications.extend(response.notifications)
        outcome.entries.extend(response.entries)


def _calls_out(alert: Alert) -> bool:
    """See `store.pause.goes_on`: what stops a drill."""
    stands = alert.scope.is_actual and alert.is_active
    return stands and alert.announced >= Severity.YELLOW


def _responded(
    draft: Draft, transition: Transition, now: datetime, taken: Collection[str]
) -> Response:
    """A defect in routing or wording costs neither the alert nor what else the batch means."""
    directory, alert = draft.knowledge.directory, transition.alert
    if transition.pages:
        heard = audible(alert, draft.silences(alert.scope))
        transition = transition._replace(alert=heard or alert)
    try:
        return respond(directory, transition, now, taken)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the desk must hear of the alert
        draft.outcome.defects.append(Defect("routing", fault))
        return unrouted(directory, transition, fault, now)


def retire(
    knowledge: Knowledge, memory: Memory, told: Mapping[str, Collection[str]], now: datetime
) -> Outcome:
    """At start: what stands by a site, rule or sensor that left `config/` is closed, and those
    who were told are told. `told`: active alert → the persons who were called for it; where the
    site itself is gone, today's lists name nobody at it."""
    draft = Draft(knowledge, memory)
    for place, alert in memory.alerts.items():
        gone = {key for key in alert.contributions if not _still_there(knowledge, place, *key)}
        if not gone:
            continue
        silences = draft.silences(place.scope)
        ended, transition = alerts.withdraw(alert, gone, now)
        ended, transition = hushed(alert, ended, transition, silences, live=True)
        draft.put_alert(ended)
        if transition is not None:
            draft.outcome.transitions.append(transition)
            draft.outcome.entries.append(_entry(transition, now))
            response = _responded(draft, transition, now, ())
            promised = {one.id: one for one in response.notifications}
            if transition.change is Change.CLOSED:
                all_told = closed(knowledge.directory, ended, told.get(alert.id, ()), now)
                promised |= {one.id: one for one in all_told.notifications}
            draft.outcome.notifications.extend(promised.values())
            draft.outcome.entries.extend(response.entries)
    return draft.outcome


def _still_there(knowledge: Knowledge, place: AlertKey, rule_id: str, sensor: str) -> bool:
    if rule_id == HAND:
        return place.site in knowledge.sites
    if place.site.startswith(areas.AREA):
        known = knowledge.sensors.get(sensor)
        if known is None:
            return False
        own = areas.area_of(knowledge.sites[known.site])
        return own == place.site or known.gateway is not None  # whose sensors are told as one
    rule = knowledge.rules.get(rule_id)
    return rule is not None and sensor in rule.sensors and rule.hazard == place.hazard


def _entry(transition: Transition, now: datetime) -> Entry:
    alert, lead = transition.alert, transition.alert.lead
    facts = {
        "site": alert.site,
        "hazard": alert.hazard,
        "severity": alert.severity.name,
        "before": transition.before.name,
        "condition": alert.condition,
        "observed_at": transition.at.isoformat(),
        "rule": lead.rule,
        "sensor": lead.sensor,
        "value": lead.value,
        "basis": lead.basis,
        "told": transition.pages,
    }
    return Entry(alert.scope, now, f"alert.{transition.change}", alert.id, None, facts)
