"""Quiet by order (暂停提醒): what a silence covers, and what is told of an alert beneath it.

A contribution that is covered stands and is shown, but nobody is called for it. What is told of
the alert is what the others say. Red, also a doubted one, a gauge that fell silent while the water
rose, and a call by hand are never covered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerting.alerts import (
    CALLS,
    Alert,
    Change,
    Transition,
    leading,
    marked_told,
    news,
)
from monitor.alerting.contribution import Contribution
from monitor.alerting.orders import HAND
from monitor.alerting.severity import Condition, Severity
from monitor.scope import Scope

ALONE = timedelta(hours=24)
"""The longest that one person may order; beyond it a second has to agree before it is over."""

WITHHELD = "silenced"
"""How a reason begins that names a silence."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody is called for a place, or for what a sensor says, until then."""

    id: str
    scope: Scope
    site: str
    hazard: str
    """"" with the site where a sensor is named."""
    sensor: str
    """"" where a place is named."""
    owner: str
    """The person who answers for it."""
    reason: str
    by: str
    """Who entered it."""
    since: datetime
    until: datetime
    """Its end: a row with a due time."""
    asked_until: datetime
    """Later than `until` while a second person has yet to agree to it."""
    agreed_by: str
    """That second person; "" while there is none."""
    ended_at: datetime | None
    ended_by: str
    """Who ended it early; "" where its time ran out."""

    @property
    def awaits_second(self) -> bool:
        return self.ended_at is None and self.asked_until > self.until

    def may_agree(self, person: str) -> bool:
        """Whether that person is a second one."""
        return self.awaits_second and person not in (self.owner, self.by)

    def covers(self, alert: Alert, one: Contribution) -> bool:
        """Whether nobody is called for that contribution of an alert of the same scope."""
        if Severity.RED in (one.severity, one.doubted) or one.rule == HAND:
            return False
        if one.condition is Condition.SILENT_WHILE_RISING:
            return False
        if self.sensor:
            return one.sensor == self.sensor
        return (self.site, self.hazard) == (alert.site, alert.hazard)

    @property
    def words(self) -> str:
        """As an alert's record says why nobody was called."""
        end = self.until.isoformat(timespec="minutes")
        return f"{WITHHELD} (暂停提醒) by {self.owner} until {end}: {self.reason}"


def audible(alert: Alert, silences: Collection[Silence]) -> Alert | None:
    """The alert as people may be told of it: itself where nothing of it is covered, None where
    all of it is."""
    if not silences:
        return alert
    covered = {
        key
        for key, one in alert.contributions.items()
        if any(silence.covers(alert, one) for silence in silences)
    }
    if not covered:
        return alert
    heard = {key: one for key, one in alert.contributions.items() if key not in covered}
    if not heard:
        return None
    lead = leading(heard.values())
    return replace(
        alert, severity=lead.severity, condition=lead.condition, contributions=heard, lead=lead
    )


def quieted(alert: Alert, silences: Collection[Silence]) -> Alert:
    """The alert once a silence was ordered: people were told to be quiet about what it covers, so
    that whatever rises above the rest calls them in full."""
    return _capped(alert, audible(alert, silences))


def hushed(
    before: Alert | None,
    after: Alert,
    transition: Transition | None,
    silences: Collection[Silence],
    *,
    live: bool,
) -> tuple[Alert, Transition | None]:
    """What a change comes to under the silences of its scope: `after` and `transition` are as
    they would be without any. What is covered is written down and calls nobody."""
    heard = audible(after, silences)
    if heard is after or after is before:
        return after, transition
    known = (before.announced, before.asked) if before else (Severity.NORMAL, Severity.NORMAL)
    after = replace(after, announced=known[0], asked=known[1])
    after = _capped(after, heard)
    if heard is not None and live:
        heard = replace(heard, announced=after.announced, asked=after.asked)
        if heard.severity > _known(heard):
            at = transition.at if transition else after.updated_at
            return _told(before, after, heard, news(after, heard.lead), at)
    if transition is None or transition.change not in CALLS:
        return after, transition and transition._replace(alert=after)
    silence = next(s for s in silences if any(s.covers(after, c) for c in [after.lead]))
    return after, _unsaid(before, after, transition, silence)


def resumed(
    alert: Alert, ended: Silence, silences: Collection[Silence], at: datetime
) -> tuple[Alert, Transition | None]:
    """What a silence leaves that has ended, under those that remain: what it covered and still
    stands is told at once, as if it were new."""
    heard = audible(alert, silences)
    if heard is None or audible(alert, (*silences, ended)) == heard:
        return alert, None
    return _told(alert, alert, heard, Change.RESUMED, at)


def _told(
    before: Alert | None, after: Alert, heard: Alert, change: Change, at: datetime
) -> tuple[Alert, Transition]:
    told = marked_told(replace(heard, announced=after.announced, asked=after.asked))
    stood = min(before.severity, after.told) if before else Severity.NORMAL
    now = replace(after, announced=told.announced, asked=told.asked)
    return now, Transition(now, change, stood, at, True, after.told)


def _known(heard: Alert) -> Severity:
    return heard.announced if heard.lead.is_real else heard.told


def _capped(alert: Alert, heard: Alert | None) -> Alert:
    """People count as told of no more than what is audible, whatever they heard before: rising
    to it again, to red above all, calls them anew."""
    most = heard.severity if heard else Severity.NORMAL
    return replace(alert, announced=min(alert.announced, most), asked=min(alert.asked, most))


def _unsaid(
    before: Alert | None, after: Alert, transition: Transition, silence: Silence
) -> Transition | None:
    """A change that would have called people; None where nothing is new in it."""
    severity = before.severity if before else Severity.NORMAL
    if before and (severity, before.condition) == (after.severity, after.condition):
        return None
    change = Change.WORSENED if after.severity > severity else Change.CONFIRMED
    if before is None:
        change = Change.RAISED
    elif after.severity < severity:
        change = Change.EASED
    return Transition(
        after,
        change,
        min(severity, after.told),
        transition.at,
        False,
        after.told,
        silence.words if change is not Change.EASED else "",
    )
