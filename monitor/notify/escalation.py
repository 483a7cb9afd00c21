"""叫应上提: who must answer, until when, and who is called next. Time is an argument.

An escalation is made of ladders, one a duty that must answer. An answer holds the ladder of
that duty; silence climbs to its superior; an empty or unreachable step costs no wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from monitor.alerting.severity import Severity
from monitor.scope import Scope


class LadderState(StrEnum):
    CALLING = "CALLING"
    HELD = "HELD"  # answered; the matter goes on
    DONE = "DONE"  # the last step was called and nobody is left: the hand-dial list
    CANCELLED = "CANCELLED"  # with a reason: eased, stood down, superseded


class Reach(NamedTuple):
    """One way to one person, as it was when the escalation began (snapshot)."""

    person: str
    name: str
    channel: str
    medium: str
    address: str


class Step(NamedTuple):
    """One rung of a ladder: everyone here is called at once, then `wait` runs."""

    duty: str
    title: str
    reaches: tuple[Reach, ...]
    """Empty: vacant or unreachable, skipped at once and written down."""
    wait: timedelta
    answerers: frozenset[str]
    """Who may answer for this step, called or not: A岗, B岗, those reached by hand."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """One duty that must answer, with those above it (snapshot; a later edit changes nothing)."""

    id: str
    escalation: str
    scope: Scope
    alert: str
    severity: Severity
    duty: str
    steps: tuple[Step, ...]
    state: LadderState
    step: int
    """Index of the step being called."""
    round: int
    due_at: datetime
    """When the next step is called unless someone answers; a row, never a timer."""
    opened_at: datetime
    reason: str
    """Why HELD, DONE or CANCELLED: the answering person's id, or words."""
    called_at: tuple[datetime, ...]
    """When each step up to `step` was first called, or skipped: an answer given to something
    else before a person was called here does not count."""
    redial: bool
    """Whether everyone called before is called again at each step."""
    rounds: int
    """How many times the top is called before the hand-dial list."""
    asks_whether: bool = False
    """Whether it asks 属实 or 误报: below the top a mere 收到 leaves the task open."""
    held: timedelta = timedelta(0)
    """How long the calls that now ring were held back: the wait counts from when they were told."""

    @property
    def moved_at(self) -> datetime:
        """When the calls that now ring were made."""
        return self.due_at - self.steps[self.step].wait - self.held


@dataclass(frozen=True, slots=True)
class Escalation:
    """All ladders that one raise or one worsening of an alert began."""

    id: str
    scope: Scope
    alert: str
    severity: Severity
    opened_at: datetime
    code: str
    """The digits that answer it."""
    ladders: tuple[Ladder, ...]
    no_code: str = ""
    """The digits for 误报, where a suspect reading asks yes or no; "" elsewhere."""

    @property
    def digits(self) -> frozenset[str]:
        """All that a reply may say to it."""
        return frozenset(code for code in (self.code, self.no_code) if code)
