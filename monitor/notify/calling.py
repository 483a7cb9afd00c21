"""A reach and its words → the Notification that is kept before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from monitor.journal import Entry
from monitor.notify.channel import Medium, Notification
from monitor.notify.directory import Directory
from monitor.notify.escalation import Escalation, Reach
from monitor.notify.phrases import town
from monitor.notify.templates import DRILL, GROUP_END, LEVELS, TELL, WHOLE
from monitor.notify.wording import Wording, WordingFault, word
from monitor.scope import Scope, Status


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a message is about: shared by all who are told."""

    directory: Directory
    scope: Scope
    subject: str
    """The alert's id."""
    cause: str
    """What brought it about: the escalation, or the change of the alert. Part of every id."""
    severity: Severity
    facts: Mapping[str, str]
    now: datetime
    code: str = ""
    no_code: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What one change of one alert sets going."""

    escalations: tuple[Escalation, ...] = ()
    notifications: tuple[Notification, ...] = ()
    entries: tuple[Entry, ...] = ()


def note(alert: Alert, now: datetime, event: str, person: str = "", **facts: str) -> Entry:
    """An entry about an alert."""
    return Entry(alert.scope, now, event, alert.id, person or None, facts)


@dataclass(frozen=True, slots=True)
class Ask:
    """One message to one reach."""

    reach: Reach
    duty: str
    uses: tuple[str, ...]
    """Templates in order of liking."""
    facts: Mapping[str, str]
    """Of this person's duty, beside those of the occasion."""
    ladder: str | None
    """None: told, no answer asked."""
    asks: bool
    """Whether the digits to answer with are given."""
    step: int = 0
    round: int = 1
    due_at: datetime | None = None
    """None: at once."""


def promise(occasion: Occasion, ask: Ask) -> Notification:
    """Raises WordingFault where not even the last resort among `uses` fits."""
    reach = ask.reach
    wording = _worded(occasion, ask)
    return Notification(
        id=_id(occasion, ask),
        scope=occasion.scope,
        subject=occasion.subject,
        ladder=ask.ladder,
        person=reach.person,
        duty=ask.duty,
        channel=reach.channel,
        address=reach.address,
        use=wording.use,
        variables=wording.variables,
        text=_shown(occasion, Medium(reach.medium), wording.text),
        code=occasion.code if ask.asks else "",
        severity=occasion.severity,
        step=ask.step,
        round=ask.round,
        created_at=occasion.now,
        due_at=ask.due_at or occasion.now,
        if_standing=ask.due_at is not None,
    )


def _id(occasion: Occasion, ask: Ask) -> str:
    # with the ladder: one superior may be called for two duties, minutes apart
    what = (occasion.subject, occasion.cause, ask.uses[0], ask.ladder or "")
    whom = (ask.reach.person, ask.reach.channel, str(ask.step), str(ask.round))
    return occasion.scope.id("notification", *what, *whom)


def _shown(occasion: Occasion, medium: Medium, body: str) -> str:
    """The signature before all that is read; a group is told to keep it to itself."""
    if medium is Medium.VOICE:
        return body
    end = GROUP_END if medium is Medium.GROUP else ""
    return f"【{town(occasion.directory)}政府】{body}{end}"


NO_CALL = ("stand_down", "closed", "fell", "report", "hand_dial")
"""How the uses begin that no phone may speak as a call of that level: the danger is over, or it
is for the desk."""


def _worded(occasion: Occasion, ask: Ask) -> Wording:
    """The variant for this listener: told only, in a drill, spoken.

    Templates bettered into a fault are passed over for the shipped ones: no fault of wording
    may stop a call.
    """
    in_drill = occasion.scope.status is Status.EXERCISE
    facts = {**occasion.facts, **ask.facts}
    if ask.asks:
        facts |= {"code": occasion.code, "yes": occasion.code}
        facts |= {"no": occasion.no_code} if occasion.no_code else {}
    for templates in (occasion.directory.templates, WHOLE):
        for use in ask.uses:
            try:
                written = word(templates, _shades(use, ask.asks, in_drill), facts)
                if ask.reach.medium != Medium.VOICE:
                    return written
                end = DRILL if in_drill else ""
                plain = "voice_notice" if use.startswith(NO_CALL) else "voice_plain"
                return word(templates, (f"voice_{use}{end}", f"{plain}{end}"), facts)
            except WordingFault:
                continue
    raise WordingFault(f"no template fits: {', '.join(ask.uses)}")


def _shades(use: str, asks: bool, in_drill: bool) -> tuple[str, ...]:
    """The variants of a use, best first; a drill has one wording for all levels."""
    told = "" if asks else TELL
    if not in_drill:
        return (use + told, use)
    level, _, kind = use.partition("_")
    if level in LEVELS:
        return (f"drill_{kind}{told}" if kind else f"drill{told}",)
    return (use + told + DRILL, use + DRILL)
