"""Which of a person's waiting texts go out now, which together, which later. Pure.

The first message of a catchment and hazard goes at once; what follows is held back and told
together, counted. No person gets more texts than the township's limits allow, besides red. Red is
never held back; what of it queues up for one person goes in one text when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from monitor.alerting.severity import Severity
from monitor.notify.limits import Limits, allowed
from monitor.notify.templates import DEAD, DRILL, TELL, UNCALLED

LEVEL, SUPERIOR, FELL, REPORT = "level", "superior", "fell", "report"
TOGETHER = "bundle"
LATE = "late"
TELLS_SEVERAL = (TOGETHER, LATE, f"voice_{TOGETHER}", f"voice_{LATE}")
"""How the uses begin of a message that tells several, read or spoken."""
_FAMILY = {LEVEL: LEVEL, SUPERIOR: LEVEL, FELL: LEVEL, REPORT: REPORT}
"""What one text may tell of several: levels of several places; the reports to the county, which
one officer makes in one call. A doubt asks yes or no, an end is an order of its own, water on its
way says in how many minutes it is there, a person on a bridge is driven off now: each goes in its
own words."""
_ONCE = ("stand_down", "closed", REPORT, "drill", "findings", TOGETHER, LATE)
"""What never repeats itself, however soon it comes."""
_LEVELS = ("blue", "yellow", "orange", "red", "worse")
_REHEARSED = ("drill", "drill_measured", "drill_plain")

WINDOW = "held back: told together with what follows in its catchment"
LIMIT = "held back: a person's limit of texts"
REPEAT = "held back: the same level of the site was told within the hour"
PRESSED = "held back too long for an answer, and no other way: the next is called"


def kind_of(use: str) -> str:
    """LEVEL, SUPERIOR, FELL, or the family of a use that goes in its own words."""
    base = use.removesuffix(DRILL).removesuffix(TELL)
    family = base.partition("_")[0]
    if family in _LEVELS or base in _REHEARSED:
        return LEVEL
    if base.removesuffix(DEAD).removesuffix(UNCALLED) in ("superior", "superior_vacant"):
        return SUPERIOR
    if family == FELL:
        return FELL
    own = (*_ONCE, "downstream", "silent", "suspect")
    return next((one for one in own if base.startswith(one)), base)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that waits: what decides when it is told."""

    id: str
    subject: str
    severity: Severity
    kind: str
    since: datetime
    """When it was due."""
    site: str = ""
    area: str = ""
    """Catchment or village, and hazard; "" where it belongs to none."""
    is_urgent: bool = False
    """Whether no limit holds it back: it is red, or speaks of a place that stands at red now."""
    asks: bool = False
    """Whether somebody waits for the answer who is asked in no other way."""
    was_held: bool = False
    is_outdated: bool = False
    """Whether its words are not true any more: it is told in those of now."""

    @property
    def family(self) -> str:
        """With what it may be told in one text; "" where it goes in its own words."""
        return _FAMILY.get(self.kind, "") if self.area else ""

    @property
    def merges(self) -> bool:
        return bool(self.family)


class Told(NamedTuple):
    """One thing that the person was told; a text may tell several."""

    text: str
    """The id of the text."""
    at: datetime
    subject: str
    severity: Severity
    kind: str
    site: str
    area: str
    asked: bool
    is_red: bool


@dataclass(slots=True)
class Plan:
    """What becomes of the waiting texts of one person."""

    alone: list[str] = field(default_factory=list)
    """Sent now as they are."""
    together: list[list[str]] = field(default_factory=list)
    """Those of each are told now in one text."""
    elsewhere: list[str] = field(default_factory=list)
    """They ask and would be told too late: by another medium, else the next person is called."""
    held: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """Till when, and why."""


def plan(waiting: Iterable[Waiting], told: Sequence[Told], limits: Limits, now: datetime) -> Plan:
    """`told`: in the last day, in any order. The same twice gives the same."""
    waiting = sorted(waiting, key=_worst_first)
    made = Plan()
    _rush(made, [one for one in waiting if one.is_urgent], told, limits, now)
    rest = [one for one in waiting if not one.is_urgent]
    said = list(told)
    while rest:
        ready = {one.id: _ready(one, said, limits, now) for one in rest}
        due = [one for one in rest if ready[one.id][0] <= now]
        if not due:
            _hold(made, rest, ready, said, limits, now)
            break
        going = _next(due, rest)
        _tell(made, going, anew=going[0].family == LEVEL and going[0].is_outdated)
        said += [_told(one, going[0].id, now) for one in going]
        rest = [one for one in rest if one not in going]
    return made


def _rush(
    made: Plan, urgent: Iterable[Waiting], told: Sequence[Told], limits: Limits, now: datetime
) -> None:
    """All of it now: the first of a catchment in its own words, and what has queued up behind it
    in one text. Twenty texts in a minute are not read, and the twenty-first phone waits."""
    said: dict[tuple[str, str], Severity] = {}
    for before in sorted(told, key=lambda before: before.severity):
        if now < before.at + limits.window:
            said[_FAMILY.get(before.kind, ""), before.area] = before.severity
    queued: dict[str, list[Waiting]] = {}
    for one in urgent:
        about = one.family, one.area
        # who did not answer, and whom it is handed to, is no line of a list
        merges = one.merges and one.kind != SUPERIOR
        follows = merges and one.severity <= said.get(about, Severity.NORMAL)
        queued.setdefault(one.family if follows else one.id, []).append(one)
        said[about] = max(one.severity, said.get(about, one.severity))
    for going in queued.values():
        _tell(made, going)


def _tell(made: Plan, going: Sequence[Waiting], *, anew: bool = False) -> None:
    """`anew`: even one alone, in words of how it is now."""
    ids = [one.id for one in going]
    if anew or len(ids) > 1:
        made.together.append(ids)
    else:
        made.alone += ids


def _worst_first(one: Waiting) -> tuple[int, bool, datetime, str]:
    return -one.severity, not one.asks, one.since, one.id


def _next(due: Sequence[Waiting], rest: Sequence[Waiting]) -> list[Waiting]:
    """The next text: news that is worse than all else goes in its own words, and so does the
    first of what comes at once; else everything that may be told together is."""
    lead = due[0]
    others = [one for one in rest if one.family == lead.family and one is not lead]
    is_worse = not lead.was_held and all(one.severity < lead.severity for one in others)
    if not lead.merges or is_worse or not any(one.was_held for one in (lead, *others)):
        return [lead]
    return [lead, *others]


def _ready(
    one: Waiting, told: Iterable[Told], limits: Limits, now: datetime
) -> tuple[datetime, str]:
    """The earliest moment at which it may be told, `now` or later, and what puts it off."""
    texts = {before.text: before.at for before in told if not before.is_red}
    ready, why = allowed(list(texts.values()), limits.caps, now), LIMIT
    for before in told:
        follows = (one.area, one.kind) == (before.area, before.kind)
        follows = follows and one.merges and one.severity <= before.severity
        if follows and before.at + limits.window > ready:
            ready, why = before.at + limits.window, WINDOW
        if _repeats(one, before) and before.at + limits.same_level > ready:
            ready, why = before.at + limits.same_level, REPEAT
    return ready, why


def _repeats(one: Waiting, before: Told) -> bool:
    same = (one.site, one.kind, one.severity) == (before.site, before.kind, before.severity)
    return bool(one.site) and same and one.kind not in _ONCE


def _hold(
    made: Plan,
    rest: Iterable[Waiting],
    ready: Mapping[str, tuple[datetime, str]],
    told: Sequence[Told],
    limits: Limits,
    now: datetime,
) -> None:
    """All that merges is told with the first of it; an ask that this is too late for is not."""
    rest = list(rest)
    soonest: dict[str, datetime] = {}
    for one in rest:
        until = ready[one.id][0]
        soonest[one.family] = min(until, soonest.get(one.family, until))
    for one in rest:
        until, why = ready[one.id]
        made.held[one.id] = (until, why)
        is_told = soonest[one.family] if one.merges else until
        if one.asks and is_told - one.since > limits.ask_within and not _reminds(one, told):
            made.elsewhere.append(one.id)


def _reminds(one: Waiting, told: Iterable[Told]) -> bool:
    """Whether the person was asked the same before: the ladder does not wait for this one."""
    return any(
        before.asked
        and (before.subject, before.kind) == (one.subject, one.kind)
        and before.severity >= one.severity
        for before in told
    )


def _told(one: Waiting, text: str, now: datetime) -> Told:
    return Told(
        text,
        now,
        one.subject,
        one.severity,
        one.kind,
        one.site,
        one.area,
        one.asks,
        one.is_urgent,
    )
