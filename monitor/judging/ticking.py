"""What time alone changes: silence, what a second sign makes of it, an area without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.alerting import alerts, areas
from monitor.alerting.alerts import Alert, Cause
from monitor.alerting.areas import AREA, Quiet, area_of, fallen
from monitor.alerting.condition import heard_at, speaks_on_its_own
from monitor.alerting.contribution import Contribution
from monitor.alerting.debounce import silent_after
from monitor.alerting.orders import HAND
from monitor.alerting.severity import Condition, Severity
from monitor.journal import Entry
from monitor.judging.anew import call_anew
from monitor.judging.draft import Draft
from monitor.judging.judge import apply, is_away, judge_tick
from monitor.judging.memory import AlertKey, SensorKey
from monitor.reference.places import Sensor, Site
from monitor.scope import Scope

_RISING = Condition.SILENT_WHILE_RISING
ATTESTED = "，佐证："
"""Before the sign that bore a silence out, which may be a person's words."""


def pass_time(draft: Draft, now: datetime) -> None:
    """Every ten seconds, after all that was heard."""
    judge_tick(draft, now)
    for scope in draft.memory.scopes:
        _silent_areas(draft, scope, now)
        _second_signs(draft, scope, now)
        _gauges_in_use(draft, scope, now)
    call_anew(draft, now)


def _gauges_in_use(draft: Draft, scope: Scope, now: datetime) -> None:
    """Written down whenever a gauge that cannot be believed is replaced by another of its water,
    and when it speaks for itself again."""
    around = draft.around(scope)
    for sensor in draft.knowledge.twins:
        key, other = SensorKey(scope, sensor), around.stand_in(sensor, now)
        used = other.sensor if other else ""
        if draft.track(key) is None or used == draft.memory.stand_ins.get(key, ""):
            continue
        draft.outcome.stand_ins[key] = used
        facts = {"sensor": sensor, "used": used, "because": str(around.word(sensor, now))}
        event = "gauge.stands_in" if used else "gauge.own_again"
        site = draft.knowledge.sensors[sensor].site
        draft.outcome.entries.append(Entry(scope, now, event, site, None, facts))


def _second_signs(draft: Draft, scope: Scope, now: datetime) -> None:
    """A silence while rising is real once a neighbour, rain or a person says the same: at YELLOW,
    or as bad as that sign is."""
    active = tuple(draft.active(scope))
    unsure = [
        (alert, one)
        for alert in active
        for one in alert.contributions.values()
        if one.condition is _RISING and not one.sure
    ]
    for alert, one in unsure:
        here = draft.knowledge.sites[draft.knowledge.sensors[one.sensor].site]
        signs = [s for other in active for s in _signs(draft, other, here, alert.hazard, now)]
        if not signs:
            continue
        sign = max(signs, key=lambda s: s.severity)
        worse = max(one.severity, sign.severity)
        sure = one._replace(sure=True, severity=worse, basis=f"{one.basis}{ATTESTED}{sign.basis}")
        cause = Cause(f"sign:{one.sensor}:{now.isoformat()}", now, True, "sensor")
        apply(draft, AlertKey(scope, alert.site, alert.hazard), [sure], cause)


def _signs(
    draft: Draft, alert: Alert, here: Site, hazard: str, now: datetime
) -> Iterator[Contribution]:
    """What really stands at the site or in its catchment, by a gauge that is believed now, or by a
    person's call."""
    knowledge, around = draft.knowledge, draft.around(alert.scope)
    for one in alert.contributions.values() if alert.hazard == hazard else ():
        by_hand = one.rule == HAND
        if one.condition is not Condition.OVER:
            continue
        if not by_hand and around.word(one.sensor, now) is not Condition.OK:
            continue
        site = alert.site if by_hand else knowledge.sensors[one.sensor].site
        there = knowledge.sites.get(site)
        if there and (there == here or (here.catchment and there.catchment == here.catchment)):
            yield one


def _silent_areas(draft: Draft, scope: Scope, now: datetime) -> None:
    standing = {alert.site: alert for alert in draft.active(scope) if alert.site.startswith(AREA)}
    told = {sensor: area for area, alert in standing.items() for _, sensor in alert.contributions}
    found = fallen(_quiets(draft, scope, told, now), draft.knowledge.areas, standing)
    for area in sorted({*standing, *found}):
        _gather(
            draft, AlertKey(scope, area, draft.knowledge.areas.hazard), found.get(area, ()), now
        )


def _quiets(draft: Draft, scope: Scope, told: Mapping[str, str], now: datetime) -> Iterator[Quiet]:
    """Every sensor that should have spoken: not of those never heard in this world, nor before
    one could have since we began to listen. Of those that are told of already a restart changes
    nothing. `told`: sensor → area."""
    watched = [
        (sensor, heard)
        for sensor in draft.knowledge.sensors.values()
        if (heard := heard_at(draft.track(key := SensorKey(scope, sensor.id)))) is not None
        and speaks_on_its_own(sensor)
        and not is_away(draft, key, now)
    ]
    dead = _dead_gateways(watched, now)
    of_gateway = {sensor.gateway: told[sensor.id] for sensor, _ in watched if sensor.id in told}
    for sensor, heard in watched:
        patience, since = silent_after(sensor), now - heard
        if since < patience * areas.SOON:
            continue
        if sensor.id in told or now >= draft.memory.listening_since + sensor.interval:
            gateway = sensor.gateway if sensor.gateway in dead else ""
            area = told.get(sensor.id) or (of_gateway.get(gateway) if gateway else None)
            own = area_of(draft.knowledge.sites[sensor.site])
            is_silent = since >= patience
            yield Quiet(sensor.id, area or own, heard, is_silent, "" if area else gateway or "")


def _dead_gateways(watched: Sequence[tuple[Sensor, datetime]], now: datetime) -> set[str]:
    """Those through which nothing has come for as long as its most talkative sensor may be
    silent, or soon will have been."""
    spoke: dict[str, datetime] = {}
    patience: dict[str, timedelta] = {}
    for sensor, heard in watched:
        if (name := sensor.gateway) is not None:
            spoke[name] = max(heard, spoke.get(name, heard))
            patience[name] = min(silent_after(sensor), patience.get(name, timedelta.max))
    return {name for name, heard in spoke.items() if now - heard >= patience[name] * areas.SOON}


def _gather(draft: Draft, place: AlertKey, silent: Sequence[Quiet], now: datetime) -> None:
    """The one alert of an area, as its silent sensors have it: what stood for each at its own site
    stands here, and goes back when too few are left."""
    alert = draft.alert(place)
    before = alert.contributions if alert else {}
    wanted = {(one.rule, one.sensor): one for one in _told_here(draft, place, silent, now)}
    gone = [one for key, one in before.items() if key not in wanted]
    if not gone and wanted.keys() == before.keys():
        return
    cause = Cause(f"{place.site}:{now.isoformat()}", now, True, "sensor")
    ended = [one._replace(severity=Severity.NORMAL) for one in gone]
    apply(draft, place, [*wanted.values(), *ended], cause)
    for one in gone:
        if one.condition is _RISING and not silent:
            _send_home(draft, place.scope, one, cause)
    if (after := draft.alert(place)) is not None:
        facts = {"sensors": sorted({sensor for _, sensor in after.contributions})}
        draft.outcome.entries.append(Entry(place.scope, now, "area.silent", after.id, None, facts))


def _told_here(
    draft: Draft, place: AlertKey, silent: Sequence[Quiet], now: datetime
) -> Iterator[Contribution]:
    alert, around = draft.alert(place), draft.around(place.scope)
    for quiet in silent:
        here = (
            [c for c in alert.contributions.values() if c.sensor == quiet.sensor] if alert else []
        )
        rising = [
            *_taken(draft, place, quiet.sensor, now),
            *(c for c in here if c.rule != areas.RULE),
        ]
        if rising or here:
            yield from rising or here
            continue
        last = around.last(quiet.sensor)
        yield Contribution(
            rule=areas.RULE,
            sensor=quiet.sensor,
            severity=Severity.BLUE,
            since=quiet.since,
            condition=Condition.SILENT,
            value=last.value if last else None,
            observed_at=quiet.since,
            basis="断数据",
            limit=None,
            rate=None,
        )


def _taken(draft: Draft, place: AlertKey, sensor: str, now: datetime) -> list[Contribution]:
    """The silences of a sensor that stood at its own site, taken from there."""
    taken = []
    for alert in tuple(draft.active(place.scope)):
        keys = {k for k, c in alert.contributions.items() if k[1] == sensor and _is_silence(c)}
        if not keys or alert.site.startswith(AREA):
            continue
        taken += [alert.contributions[key] for key in keys]
        left, transition = alerts.joined(alert, keys, now)
        draft.put_alert(left)
        if transition is not None:
            draft.outcome.transitions.append(transition)
    return taken


def _is_silence(one: Contribution) -> bool:
    return one.condition is _RISING


def _send_home(draft: Draft, scope: Scope, one: Contribution, cause: Cause) -> None:
    """Too few of its area are silent, and this one still is: its own site's alert tells of it."""
    rule = draft.knowledge.rules.get(one.rule)
    if rule is None or draft.around(scope).word(one.sensor, cause.at) is not Condition.SILENT:
        return
    apply(draft, AlertKey(scope, rule.site.id, rule.hazard), [one], cause)
