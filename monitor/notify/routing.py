"""Alert → who is told: site + hazard + severity → duties → people → channels.

The desk always; then the roles of the policy's tier and of all tiers below it (a red tells
everyone whom yellow would tell). Each duty in `answer` begins a ladder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerting.alerts import Alert, Change, Transition
from monitor.alerting.severity import ZH, Condition, Severity
from monitor.journal import Entry
from monitor.notify.calling import Ask, Occasion, promise
from monitor.notify.channel import Medium, Notification
from monitor.notify.codes import code_for, codes_for
from monitor.notify.directory import Directory, barred, called, desk_reach, reaches, takes_part
from monitor.notify.escalation import Escalation
from monitor.notify.ladders import Advance, begin
from monitor.notify.listeners import Audience, merged
from monitor.notify.opening import open_ladder
from monitor.notify.phrases import clock_time, facts
from monitor.notify.policy import Tier
from monitor.notify.tiers import is_doubt, is_reported, roles_told, tier_for
from monitor.reference.people import DUTY_DESK
from monitor.reference.places import Site

__all__ = ["Directory", "Response", "climb", "respond", "stand_down"]

_CALLS = (Change.RAISED, Change.WORSENED, Change.CONFIRMED)
_QUIET = (Medium.SMS, Medium.WECHAT)
"""How people hear of the end of a matter: no phone rings for it."""


@dataclass(frozen=True, slots=True)
class Response:
    """What one change of one alert sets going."""

    escalations: tuple[Escalation, ...] = ()
    notifications: tuple[Notification, ...] = ()
    entries: tuple[Entry, ...] = ()


def respond(
    directory: Directory, transition: Transition, now: datetime, taken: Collection[str] = ()
) -> Response:
    """Who is told and who must answer. `taken`: the digits of escalations that are open.

    Nothing goes out for a transition that does not page; it is only written down.
    """
    site = directory.sites.get(transition.alert.site)
    if not transition.pages or site is None:
        why = "late" if site else "site not in config"
        return Response(entries=(_note(transition.alert, now, "route.not_told", reason=why),))
    if transition.change in _CALLS:
        return _call(directory, site, transition, now, taken)
    return _ease(directory, site, transition, now)


def _call(
    directory: Directory,
    site: Site,
    transition: Transition,
    now: datetime,
    taken: Collection[str],
) -> Response:
    alert = transition.alert
    policy = directory.policies.get(alert.hazard)
    tier = tier_for(policy, alert) or Tier()
    occasion = _occasion(directory, site, transition, now, taken)
    is_worse = transition.change is Change.WORSENED
    heard = roles_told(policy, alert, transition.before) if is_worse else ()
    audience = Audience(directory, alert, site, transition.at, now, frozenset(heard))

    wanted = directory.duties(tier.answer, site)
    asked = [duty for duty in wanted if takes_part(directory, alert.scope, duty, now)]
    told = directory.duties(roles_told(policy, alert, alert.severity), site)
    others = [duty for duty in told if duty not in asked]
    ladders = [open_ladder(directory, alert, site, tier, d, occasion.cause, now) for d in asked]
    begun = [begin(ladder, now) for ladder in ladders]
    desk = next((duty.id for duty in asked if duty.role == DUTY_DESK), None)
    asks = [
        audience.desk(next((x.id for x in ladders if x.duty == desk), None)),
        *(ask for one in begun for ask in audience.rung(one)),
        *audience.told(others, tier),
        *audience.groups(tier),
    ]
    notifications = [promise(occasion, ask) for ask in merged(asks)]
    if is_reported(directory, alert):
        notifications += _report(directory, site, occasion, {*taken, occasion.code})
    entries = [entry for one in begun for entry in one.entries]
    entries += [
        _note(alert, now, "route.not_told", person, duty=duty, reason=why)
        for duty, person, why in audience.missed((*asked, *others), tier)
    ]
    if policy is None:
        entries.append(_note(alert, now, "route.not_told", reason="no policy for the hazard"))
    escalations = (_escalation(occasion, alert, begun),) if begun else ()
    return Response(escalations, tuple(notifications), tuple(entries))


def _escalation(occasion: Occasion, alert: Alert, begun: Iterable[Advance]) -> Escalation:
    return Escalation(
        occasion.cause, alert.scope, alert.id, alert.severity, occasion.now, occasion.code,
        tuple(one.ladder for one in begun), occasion.no_code,
    )  # fmt: skip


def _occasion(
    directory: Directory,
    site: Site,
    transition: Transition,
    now: datetime,
    taken: Collection[str] = (),
) -> Occasion:
    alert, change, at = transition.alert, transition.change, transition.at
    cause = alert.scope.id("escalation", alert.id, change, alert.severity.name, at.isoformat())
    code, no_code = codes_for(cause, taken)
    said = facts(directory, site, alert, alert.lead.since if is_doubt(alert) else at)
    said["old"] = ZH[transition.before]
    return Occasion(
        directory, alert.scope, alert.id, cause, alert.severity, said, now, code,
        no_code if alert.condition is Condition.SUSPECT else "",
    )  # fmt: skip


def _report(
    directory: Directory, site: Site, occasion: Occasion, taken: Collection[str]
) -> list[Notification]:
    """The duty officer's reminder to report to the county, with the local clock set."""
    due = clock_time(occasion.now + directory.county_within, directory)
    cause = occasion.scope.id("report", occasion.cause)
    occasion = replace(
        occasion,
        cause=cause,
        code=code_for(cause, taken),
        facts={**occasion.facts, "due": due},
    )
    found = [desk_reach(directory)]
    for duty in directory.duties((DUTY_DESK,), site):
        found += called(directory, occasion.scope, duty, _QUIET, occasion.now).first
    asks = [Ask(reach, DUTY_DESK, ("report",), {}, None, True) for reach in found]
    return [promise(occasion, ask) for ask in merged(asks)]


def _ease(directory: Directory, site: Site, transition: Transition, now: datetime) -> Response:
    """回落, never 解除: once, when it leaves orange, for those told at orange or red.

    Blue and yellow end on the desk's screen and in the next summary.
    """
    alert = transition.alert
    occasion = _occasion(directory, site, transition, now)
    audience = Audience(directory, alert, site, transition.at, now)
    is_closed = transition.change is Change.CLOSED
    # an alert that has ended keeps its last value over the limit, which is no longer the level
    fell = ("fell", "fell_plain") if alert.is_active else ("fell_plain",)
    uses = ("closed",) if is_closed else fell
    asks: list[Ask] = []
    leaves = alert.severity < Severity.ORANGE <= min(transition.before, alert.told)
    if leaves or is_closed:
        policy = directory.policies.get(alert.hazard)
        duties = directory.duties(roles_told(policy, alert, alert.told), site)
        asks = [audience.desk(None, uses), *audience.told(duties, Tier(media=_QUIET), uses)]
    return Response(notifications=tuple(promise(occasion, ask) for ask in merged(asks)))


def stand_down(
    directory: Directory, alert: Alert, told_persons: Collection[str], by: str, now: datetime
) -> Response:
    """A named person ends the matter: all who were told are told, by SMS and WeChat."""
    site = directory.sites[alert.site]
    leader = directory.people.persons.get(by)
    cause = alert.scope.id("stand-down", alert.id, by)
    said = facts(directory, site, replace(alert, severity=alert.worst), now) | {
        "leader": leader.name if leader else by
    }
    occasion = Occasion(
        directory, alert.scope, alert.id, cause, alert.worst, said, now, code_for(cause)
    )
    found = [desk_reach(directory)]
    for id in dict.fromkeys(told_persons):
        person = directory.people.persons.get(id)
        if person and not barred(directory, alert.scope, id):
            found += reaches(directory, person, _QUIET)
    notifications = (
        promise(occasion, Ask(reach, "", ("stand_down",), {}, None, True)) for reach in found
    )
    entry = _note(alert, now, "alert.stood_down", by, severity=alert.worst.name)
    return Response((), tuple(notifications), (entry,))


def climb(
    directory: Directory,
    alert: Alert,
    escalation: Escalation,
    advances: Iterable[Advance],
    now: datetime,
) -> tuple[Notification, ...]:
    """The messages for the calls that ladders of one escalation make now."""
    site = directory.sites[alert.site]
    alert = replace(alert, severity=escalation.severity)
    since = alert.lead.observed_at
    said = facts(directory, site, alert, since)
    occasion = Occasion(
        directory, alert.scope, alert.id, escalation.id, alert.severity, said, now,
        escalation.code, escalation.no_code,
    )  # fmt: skip
    audience = Audience(directory, alert, site, since, now)
    asks = (ask for one in advances for ask in audience.rung(one))
    return tuple(promise(occasion, ask) for ask in merged(asks))


def _note(alert: Alert, now: datetime, event: str, person: str = "", **facts: str) -> Entry:
    return Entry(alert.scope, now, event, alert.id, person or None, facts)
