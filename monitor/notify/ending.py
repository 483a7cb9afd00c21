"""How a matter ends: the water falls, the device is taken away, a named person ends it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from monitor.alerting.alerts import Alert, Transition
from monitor.alerting.severity import Severity
from monitor.notify.calling import Ask, Occasion, Response, note, promise
from monitor.notify.channel import Medium, Notification
from monitor.notify.codes import long_code_for
from monitor.notify.directory import Directory, barred, desk_reach, reaches
from monitor.notify.listeners import Audience, merged
from monitor.notify.occasions import occasion_of, site_of
from monitor.notify.phrases import facts
from monitor.notify.policy import Tier
from monitor.notify.tiers import is_sighting, roles_told
from monitor.reference.places import Site

QUIET = (Medium.SMS, Medium.WECHAT)
"""How people hear of the end of a matter: no phone rings for it."""


def ease(directory: Directory, site: Site, transition: Transition, now: datetime) -> Response:
    """回落, never 解除: once, when it leaves orange, for those told at orange or red.

    Blue and yellow end on the desk's screen and in the next summary.
    """
    alert = transition.alert
    occasion = occasion_of(directory, site, transition, now)
    audience = Audience(directory, alert, site, transition.at, now)
    # an alert that has ended keeps its last value over the limit, which is no longer the level
    uses = ("fell", "fell_plain") if alert.is_active else ("fell_plain",)
    left_orange = alert.severity < Severity.ORANGE <= min(transition.before, alert.told)
    if not left_orange or is_sighting(directory, alert):  # a camera says nothing of the water
        return Response()
    policy = directory.policies.get(alert.hazard)
    duties = directory.duties(roles_told(policy, alert, alert.told), site)
    asks = [audience.desk(None, uses), *audience.told(duties, Tier(media=QUIET), uses)]
    return Response(notifications=tuple(promise(occasion, ask) for ask in merged(asks)))


def concerned(directory: Directory, site: Site, alert: Alert, now: datetime) -> tuple[str, ...]:
    """The persons whom today's lists name for what was told of that alert."""
    roles = roles_told(directory.policies.get(alert.hazard), alert, alert.told)
    duties = directory.duties(roles, site)
    return tuple(person.id for duty in duties for person in directory.people.holders(duty, now))


def stand_down(
    directory: Directory,
    alert: Alert,
    told_persons: Collection[str],
    by: str,
    now: datetime,
    taken: Collection[str] = (),
    before: datetime | None = None,
) -> Response:
    """A named person ends the matter: all who were told are told, and say that they heard.

    `before`: when it had been ended once already, and worsened again; None: it had not.
    """
    leader = directory.people.persons.get(by)
    again = (before.isoformat(),) if before else ()
    cause = alert.scope.id("stand-down", alert.id, by, *again)
    occasion = _over(directory, alert, cause, now, {"leader": leader.name if leader else by})
    # four digits: no call that is made later has them
    occasion = replace(occasion, code=long_code_for(cause, taken))
    sent = _everyone(occasion, told_persons, "stand_down", asks=True)
    entry = note(alert, now, "alert.stood_down", by, severity=alert.known_worst.name)
    return Response((), sent, (entry,))


def closed(
    directory: Directory, alert: Alert, told_persons: Collection[str], now: datetime
) -> Response:
    """A site or rule left `config/`: all who were told hear that nothing watches there now.

    `respond` tells those whom today's lists name; where the site itself is gone they name nobody
    at it, and the store knows who was told: the same promises have the same ids.
    """
    occasion = _over(directory, alert, alert.scope.id("closed", alert.id), now, {})
    return Response(notifications=_everyone(occasion, told_persons, "closed", asks=False))


def _over(
    directory: Directory, alert: Alert, cause: str, now: datetime, more: dict[str, str]
) -> Occasion:
    worst = replace(alert, severity=alert.known_worst)
    said = facts(directory, site_of(directory, alert), worst, now) | more
    return Occasion(directory, alert.scope, alert.id, cause, alert.known_worst, said, now)


def _everyone(
    occasion: Occasion, persons: Collection[str], use: str, asks: bool
) -> tuple[Notification, ...]:
    """The desk and these persons, quietly; in a drill only those on its list."""
    directory = occasion.directory
    found = [desk_reach(directory)]
    for id in dict.fromkeys(persons):
        person = directory.people.persons.get(id)
        if person and not barred(directory, occasion.scope, id):
            found += reaches(directory, person, QUIET)
    return tuple(promise(occasion, Ask(reach, "", (use,), {}, None, asks)) for reach in found)
