"""Alert → who is told: site + hazard + severity → duties → people → channels.

The desk always; then the roles of the policy's tier and of all tiers below it (a red tells
everyone whom yellow would tell). Each duty in `answer` begins a ladder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from monitor.alerting.alerts import CALLS, Alert, Change, Transition
from monitor.alerting.severity import Severity
from monitor.journal import Entry
from monitor.notify.calling import Ask, Occasion, Response, note, promise
from monitor.notify.channel import Notification
from monitor.notify.codes import code_for
from monitor.notify.directory import Directory, called, desk_reach, takes_part
from monitor.notify.ending import QUIET, closed, concerned, ease, stand_down
from monitor.notify.escalation import Escalation, LadderState
from monitor.notify.ladders import Advance, begin
from monitor.notify.listeners import Audience, merged
from monitor.notify.occasions import occasion_of, site_of
from monitor.notify.opening import open_ladders
from monitor.notify.phrases import clock_time, facts
from monitor.notify.policy import Policy, Tier
from monitor.notify.templates import DRILL, WHOLE
from monitor.notify.tiers import is_reported, roles_told, seen_at, tier_for
from monitor.notify.wording import WordingFault, word
from monitor.reference.people import DUTY_DESK, Duty
from monitor.reference.places import Site
from monitor.scope import Status

__all__ = ["Directory", "Response", "climb", "closed", "respond", "stand_down"]


def respond(
    directory: Directory, transition: Transition, now: datetime, taken: Collection[str] = ()
) -> Response:
    """Who is told and who must answer. `taken`: the digits of escalations that are open.

    Nothing goes out for a transition that does not page; it is only written down.
    """
    alert = transition.alert
    site = site_of(directory, alert)
    if not transition.pages:
        reason = "late" if transition.change in CALLS else "nothing that is not told otherwise"
        reason = transition.withheld or reason
        more = {"severity": alert.severity.name} if transition.withheld else {}
        return Response(entries=(note(alert, now, "route.not_told", reason=reason, **more),))
    if transition.change is Change.CLOSED:
        return closed(directory, alert, concerned(directory, site, alert, now), now)
    if transition.change in CALLS:
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
    before = transition.before if transition.change is Change.WORSENED else Severity.NORMAL
    heard = roles_told(policy, alert, before)
    since = min(transition.at, alert.lead.observed_at)
    audience = Audience(directory, alert, site, since, now, frozenset(heard))

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
        again = transition.known >= Severity.ORANGE
        notifications += _report(directory, site, occasion, again, {*taken, occasion.code})
    notifications += _hand_dial(occasion, audience, begun)
    entries = [entry for one in begun for entry in one.entries]
    entries += _not_told(audience, policy, (*asked, *others), tier)
    escalations = (_escalation(occasion, alert, begun),) if begun else ()
    return Response(escalations, tuple(notifications), tuple(entries))


def _not_told(
    audience: Audience, policy: Policy | None, duties: Iterable[Duty], tier: Tier
) -> Iterator[Entry]:
    """Why not (invariant 13), for everyone whom nothing reaches."""
    alert, now = audience.alert, audience.now
    for duty, person, why in audience.missed(duties, tier):
        yield note(alert, now, "route.not_told", person, duty=duty, reason=why)
    if policy is None:
        yield note(alert, now, "route.not_told", reason="no policy for the hazard")


def _escalation(occasion: Occasion, alert: Alert, begun: Iterable[Advance]) -> Escalation:
    return Escalation(
        occasion.cause, alert.scope, alert.id, alert.severity, occasion.now, occasion.code,
        tuple(one.ladder for one in begun), occasion.no_code,
    )  # fmt: skip


def _report(
    directory: Directory, site: Site, occasion: Occasion, again: bool, taken: Collection[str]
) -> list[Notification]:
    """The duty officer's reminder to report to the county, with the local clock set: 首报 once,
    then 续报."""
    due = clock_time(occasion.now + directory.county_within, directory)
    use = "report_again" if again else "report"
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
    since = seen_at(alert, alert.lead.observed_at)
    said = facts(directory, site, alert, since)
    occasion = Occasion(
        directory, alert.scope, alert.id, escalation.id, escalation.severity, said, now,
        escalation.code, escalation.no_code,
    )  # fmt: skip
    audience = Audience(directory, alert, site, since, now)
    advances = tuple(advances)
    asks = (ask for one in advances for ask in audience.rung(one))
    calls = [promise(occasion, ask) for ask in merged(asks)]
    return (*calls, *_hand_dial(occasion, audience, advances))


def say_now(directory: Directory, alert: Alert, put_off: Notification) -> Notification | None:
    """A voice call that was put off, in words of how the alert stands now; None: nobody waits
    for it, and the text beside it has told what it had to tell."""
    if not alert.is_active or put_off.ladder is None:
        return None
    since = seen_at(alert, alert.lead.observed_at)
    said = facts(directory, site_of(directory, alert), alert, since)
    end = DRILL if alert.scope.status is Status.EXERCISE else ""
    for templates in (directory.templates, WHOLE):
        with suppress(WordingFault):
            now = word(templates, (f"voice_plain{end}",), said)
            return replace(put_off, use=now.use, variables=now.variables, text=now.text)
    return put_off


def _hand_dial(
    occasion: Occasion, audience: Audience, advances: Collection[Advance]
) -> list[Notification]:
    """One line on the desk's screen for all that ended together, an id of its own for each end."""
    ended = [one.ladder.id for one in advances if one.ladder.state is LadderState.DONE]
    occasion = replace(occasion, cause=occasion.scope.id("hand-dial", *sorted(ended)))
    return [promise(occasion, ask) for ask in merged(audience.hand_dialled(advances))]
