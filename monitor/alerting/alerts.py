"""What stands: alerts made of contributions (叫应事项)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from monitor.alerting.contribution import Contribution
from monitor.alerting.severity import Condition, Severity
from monitor.scope import Scope


class Change(StrEnum):
    """What happened to an alert."""

    RAISED = "raised"
    WORSENED = "worsened"  # 升级
    CONFIRMED = "confirmed"  # 存疑 → 属实: real at the same severity
    RESUMED = "resumed"  # a silence (暂停提醒) ended, or the store was put back, and it stands
    EASED = "eased"
    HELD = "held"  # its value swings around a limit: it stands until that has been quiet
    CLEARED = "cleared"  # 回落, by values; never 解除
    CLOSED = "closed"  # its site or rule left config/
    JOINED = "joined"  # several gauges of its area are silent: one alert tells of all of them


CALLS = (Change.RAISED, Change.WORSENED, Change.CONFIRMED, Change.RESUMED)
"""Those that call people; of several at once the first found here names them all."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert per (site, hazard). Ingest alone writes it; what people do stands elsewhere."""

    id: str
    scope: Scope
    site: str
    hazard: str
    opened_at: datetime
    severity: Severity
    """Max over the standing contributions."""
    worst: Severity
    condition: Condition
    contributions: Mapping[tuple[str, str], Contribution]
    """By (rule, sensor); only those above NORMAL."""
    lead: Contribution
    """The contribution that speaks for the alert: the worst, OVER and measured before others."""
    origin: str
    """"sensor", or the source a person named with `monitor call`."""
    announced: Severity
    """The worst severity told as real since opening; rising to it again calls nobody anew."""
    asked: Severity
    """The worst told as unsure (存疑, 失联); real at the same severity is told again."""
    cleared_at: datetime | None
    updated_at: datetime

    @property
    def is_active(self) -> bool:
        return self.cleared_at is None

    @property
    def flaps(self) -> bool:
        """Whether it is held because a value swings around its limit."""
        return any(one.flaps for one in self.contributions.values())

    @property
    def told(self) -> Severity:
        """The worst that anyone was told; NORMAL where it all lies in the past (补判)."""
        return max(self.announced, self.asked)

    @property
    def known_worst(self) -> Severity:
        """The worst that it was or that people were told."""
        return max(self.worst, self.told)


class Transition(NamedTuple):
    """One change of one alert, at `at` (observed time), to be told and written down."""

    alert: Alert
    change: Change
    before: Severity
    """What stood before, or what people knew where less had been told."""
    at: datetime
    pages: bool
    """False: a late value (补判), or no worse than told before; written down, not sent."""
    known: Severity = Severity.NORMAL
    """The worst that anyone had been told before, however far it eased meanwhile."""
    withheld: str = ""
    """By whose order nobody is called (暂停提醒), in words; "" where no silence covers it."""


class Place(NamedTuple):
    """What an alert is about: there is one active alert for each."""

    scope: Scope
    site: str
    hazard: str


class Cause(NamedTuple):
    """What made contributions change."""

    key: str
    """Of the opening observation, with its sensor; a tick's time; a call by hand's own id."""
    at: datetime
    live: bool
    """False: observed so long before it came that it tells of the past (observation.late)."""
    origin: str
    rising: bool = False
    """The value alone says worse than what stands by its rule: a rise that waits for its delay."""
    behind: bool = False
    """It waited in the broker, and more waits behind it: whoever is to be called for it is called
    once all is read (`owed`)."""

    @property
    def lowers(self) -> bool:
        """Whether it may lower what people were told: not by the past, and not while rising."""
        return self.live and not self.rising


def apply(
    alert: Alert | None, place: Place, contributions: Iterable[Contribution], cause: Cause
) -> tuple[Alert | None, Transition | None]:
    """The alert after these contributions; those at NORMAL are withdrawn, the others untouched.

    `alert` is the active one of the place. A late value may open and worsen, which pages nobody
    until a live one says the same; what people were told it never lowers.
    """
    standing = _merge(alert, contributions, cause)
    if alert is None:
        return _raise(place, standing, cause) if standing else (None, None)
    if standing is alert.contributions:
        return alert, None
    if not standing:
        return _end(alert, Change.CLEARED, cause.at, pages=cause.live and alert.told > 0)
    return _continue(alert, standing, cause)


def _merge(
    alert: Alert | None, contributions: Iterable[Contribution], cause: Cause
) -> Mapping[tuple[str, str], Contribution]:
    before = alert.contributions if alert else {}
    after = dict(before)
    holds = alert is not None and not cause.lowers and alert.told > Severity.NORMAL
    for new in contributions:
        old = before.get((new.rule, new.sensor))
        if holds and old is not None and new.severity < old.severity:
            continue
        if new.severity:
            after[new.rule, new.sensor] = new
        elif old is not None:
            del after[new.rule, new.sensor]
    return before if after == before else after


def leading(standing: Iterable[Contribution]) -> Contribution:
    """At the same severity what was measured speaks before a person's word: it has a level."""

    def weight(c: Contribution) -> tuple[Severity, bool, bool]:
        return c.severity, c.is_real, c.value is not None

    return max(standing, key=weight)


def _raise(
    place: Place, standing: Mapping[tuple[str, str], Contribution], cause: Cause
) -> tuple[Alert, Transition]:
    lead = leading(standing.values())
    alert = Alert(
        id=place.scope.id("alert", place.site, place.hazard, cause.key),
        scope=place.scope,
        site=place.site,
        hazard=place.hazard,
        opened_at=cause.at,
        severity=lead.severity,
        worst=lead.severity,
        condition=lead.condition,
        contributions=standing,
        lead=lead,
        origin=cause.origin,
        announced=Severity.NORMAL,
        asked=Severity.NORMAL,
        cleared_at=None,
        updated_at=cause.at,
    )
    pages = cause.live and not cause.behind
    if pages:
        alert = marked_told(alert)
    return alert, Transition(alert, Change.RAISED, Severity.NORMAL, cause.at, pages)


def _continue(
    alert: Alert, standing: Mapping[tuple[str, str], Contribution], cause: Cause
) -> tuple[Alert, Transition | None]:
    lead = leading(standing.values())
    after = replace(
        alert,
        severity=lead.severity,
        worst=max(alert.worst, lead.severity),
        condition=lead.condition,
        contributions=standing,
        lead=lead,
        updated_at=cause.at,
    )
    if cause.live and not cause.behind and (told := owed(after, cause.at, alert.severity)):
        return told
    if lead.severity > alert.severity:
        return after, Transition(after, Change.WORSENED, alert.severity, cause.at, False)
    if lead.severity < alert.severity:
        return after, Transition(after, Change.EASED, alert.severity, cause.at, cause.live)
    if after.flaps and not alert.flaps:
        return after, Transition(after, Change.HELD, alert.severity, cause.at, False)
    return after, None


def owed(
    alert: Alert, at: datetime, stood: Severity | None = None
) -> tuple[Alert, Transition] | None:
    """Tell of what stands, where people know of less; None where they know. `stood`: what stood
    before; None, the same as now."""
    lead = alert.lead
    known = alert.announced if lead.is_real else alert.told
    if lead.severity <= known:
        return None
    told = marked_told(alert)
    before = min(alert.severity if stood is None else stood, alert.told)
    return told, Transition(told, news(alert, lead), before, at, True, alert.told)


def news(alert: Alert, lead: Contribution) -> Change:
    """What people hear for the first time."""
    if not alert.told:
        return Change.RAISED
    return Change.WORSENED if lead.severity > alert.told else Change.CONFIRMED


def untold(alert: Alert) -> Alert:
    """The alert as if nobody had been told."""
    return replace(alert, announced=Severity.NORMAL, asked=Severity.NORMAL)


def marked_told(alert: Alert) -> Alert:
    if alert.lead.is_real:
        return replace(alert, announced=max(alert.announced, alert.severity))
    return replace(alert, asked=max(alert.asked, alert.severity))


def _end(alert: Alert, change: Change, at: datetime, pages: bool) -> tuple[Alert, Transition]:
    ended = replace(
        alert,
        severity=Severity.NORMAL,
        condition=Condition.OK,
        contributions={},
        cleared_at=at,
        updated_at=at,
    )
    return ended, Transition(ended, change, alert.severity, at, pages)


def joined(
    alert: Alert, gone: Container[tuple[str, str]], at: datetime
) -> tuple[Alert, Transition | None]:
    """The alert without the silences that its area's alert tells of now; nobody hears of that."""
    left, transition = withdraw(alert, gone, at)
    if transition is None or left.is_active:
        return left, transition and transition._replace(pages=False)
    return left, transition._replace(change=Change.JOINED, pages=False)


def withdraw(
    alert: Alert, gone: Container[tuple[str, str]], at: datetime
) -> tuple[Alert, Transition | None]:
    """The alert without the contributions of rules and sensors that left `config/`: CLOSED where
    none is left, which tells those who were told; else EASED or as it was."""
    standing = {key: c for key, c in alert.contributions.items() if key not in gone}
    if not standing:
        return _end(alert, Change.CLOSED, at, pages=alert.told > 0)
    if len(standing) == len(alert.contributions):
        return alert, None
    return _continue(alert, standing, Cause("", at, True, alert.origin))


def released(alert: Alert) -> Alert:
    """The alert once a named person ended the matter (解除): those who went home are called anew
    by whatever rises above what stands now."""
    return replace(
        alert,
        announced=min(alert.announced, alert.severity),
        asked=min(alert.asked, alert.severity),
    )
