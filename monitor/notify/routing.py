"""Alert → who is told: site + hazard + severity → duties → people → channels.

The desk always; then the roles of the policy's tier and of all tiers below it (a red tells
everyone whom yellow would tell). Each duty in `answer` begins a ladder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from monitor.alerting.alerts import Alert, Change, Transition
from monitor.alerting.severity import Severity
from monitor.notify.calling import Ask, Occasion, Response, note, promise
from monitor.notify.channel import Notification
from monitor.notify.codes import code_for
from monitor.notify.directory import Directory, called, desk_reach, takes_part
from monitor.notify.ending import QUIET, closed, concerned, ease, stand_down
from monitor.notify.escalation import Escalation
from monitor.notify.ladders import Advance, begin
from monitor.notify.listeners import Audience, merged
from monitor.notify.occasions import occasion_of, site_of
from monitor.notify.opening import open_ladders
from monitor.notify.phrases import clock_time, facts
from monitor.notify.policy import Tier
from monitor.notify.tiers import is_reported, roles_told, tier_for
from monitor.reference.people import DUTY_DESK
from monitor.reference.places import Site

__all__ = ["Directory", "Response", "climb", "closed", "respond", "stand_down"]

_CALLS = (Change.RAISED, Change.WORSENED, Change.CONFIRMED)


def respond(
    directory: Directory, transition: Transition, now: datetime, taken: Collection[str] = ()
) -> Response:
    """Who is told and who must answer. `taken`: the digits of escalations that are open.

    Nothing goes out for a transition that does not page; it is only written down.
    """
    alert = transition.alert
    site = site_of(directory, alert)
    if not transition.pages:
        return Response(entries=(note(alert, now, "route.not_told", reason="late"),))
    if transition.change is Change.CLOSED:
        return closed(directory, alert, concerned(directory, site, alert, now), now)
    if transition.change in _CALLS:
        return _call(directory, site, transition, now, taken)
    return ease(directory, site, transition, now)


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
    occasion = occasion_of(directory, site, transition, now, taken)
    is_worse = transition.change is Change.WORSENED
    heard = roles_told(policy, alert, transition.before) if is_worse else ()
    audience = Audience(directory, alert, site, transition.at, now, frozenset(heard))

    wanted = directory.duties(tier.answer, site)
    asked = [duty for duty in wanted if takes_part(directory, alert.scope, duty, now)]
    told = directory.duties(roles_told(policy, alert, alert.severity), site)
    others = [duty for duty in told if duty not in asked]
    ladders = open_ladders(directory, alert, site, tier, asked, occasion.cause, now)
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
        use = "report" if transition.before < Severity.ORANGE else "report_again"
        notifications += _report(directory, site, occasion, use, {*taken, occasion.code})
    entries = [entry for one in begun for entry in one.entries]
    entries += [
        note(alert, now, "route.not_told", person, duty=duty, reason=why)
        for duty, person, why in audience.missed((*asked, *others), tier)
    ]
    if policy is None:
        entries.append(note(alert, now, "route.not_told", reason="no policy for the hazard"))
    escalations = (_escalation(occasion, alert, begun),) if begun else ()
    return Response(escalations, tuple(notifications), tuple(entries))


def _escalation(occasion: Occasion, alert: Alert, begun: Iterable[Advance]) -> Escalation:
    return Escalation(
        occasion.cause, alert.scope, alert.id, alert.severity, occasion.now, occasion.code,
        tuple(one.ladder for one in begun), occasion.no_code,
    )  # fmt: skip


def _report(
    directory: Directory, site: Site, occasion: Occasion, use: str, taken: Collection[str]
) -> list[Notification]:
    """The duty officer's reminder to report to the county, with the local clock set: 首报 once,
    then 续报."""
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
        found += called(directory, occasion.scope, duty, QUIET, occasion.now).first
    asks = [Ask(reach, DUTY_DESK, (use,), {}, None, True) for reach in found]
    return [promise(occasion, ask) for ask in merged(asks)]


def climb(
    directory: Directory,
    alert: Alert,
    escalation: Escalation,
    advances: Iterable[Advance],
    now: datetime,
) -> tuple[Notification, ...]:
    """The messages for the calls that ladders of one escalation make now.

    They say how bad it is now; the answer counts for the escalation that asks.
    """
    site = site_of(directory, alert)
    alert = replace(alert, severity=alert.severity or escalation.severity)
    since = alert.lead.observed_at
    said = facts(directory, site, alert, since)
    occasion = Occasion(
        directory, alert.scope, alert.id, escalation.id, escalation.severity, said, now,
        escalation.code, escalation.no_code,
    )  # fmt: skip
    audience = Audience(directory, alert, site, since, now)
    asks = (ask for one in advances for ask in audience.rung(one))
    return tuple(promise(occasion, ask) for ask in merged(asks))
