"""How often a provider lets us speak, and when we may speak next. Pure: history in, time out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import Field, model_validator

from monitor.notify.channel import Medium
from monitor.reference.units import Duration, Frozen


class Cap(NamedTuple):
    """At most `most` sends within any `within` (a sliding window, its old end left out)."""

    most: int
    within: timedelta
    by_template: bool = False
    """Whether each template is counted apart."""


VOICE = (Cap(1, timedelta(minutes=1)), Cap(5, timedelta(hours=1)), Cap(20, timedelta(days=1)))
"""Per callee; failed calls count. The provider's own: it refuses whatever the severity."""
SMS = (Cap(50, timedelta(days=1), by_template=True),)
"""Per signature, template and number."""
GROUP_ROBOT = (Cap(20, timedelta(minutes=1)),)
"""Per robot."""
PROVIDERS: Mapping[Medium, tuple[Cap, ...]] = {
    Medium.VOICE: VOICE,
    Medium.SMS: SMS,
    Medium.GROUP: GROUP_ROBOT,
}
PATIENCE = timedelta(minutes=10)
"""A text that must wait longer takes another way: read hours later it would mislead. A voice
call waits: the text beside it has said the same."""


def allowed(history: Sequence[datetime], caps: Sequence[Cap], now: datetime) -> datetime:
    """The earliest moment, `now` or later, at which one more send breaks no cap.

    `history`: when each send before was made, in any order, failed ones included.
    """
    sent = sorted(history)
    free = [sent[-cap.most] + cap.within for cap in caps if len(sent) >= cap.most]
    return max([now, *free])


class Limits(Frozen):
    """What a township sets to spare its people: texts by SMS, to one person. Red ignores it."""

    window: Duration = timedelta(minutes=2)
    """After the first message of a catchment (or village) and hazard so long, what follows there
    and is no worse is told together at its end."""
    per_minute: int = Field(default=1, ge=1)
    per_hour: int = Field(default=6, ge=1)
    per_day: int = Field(default=20, ge=1)
    same_level: Duration = timedelta(hours=1)
    """The same level at the same site is said again after so long at the earliest."""
    ask_within: Duration = timedelta(minutes=3)
    """What asks for an answer and would be told later than that goes by another medium, or the
    next person is called."""
    late_after: Duration = timedelta(minutes=10)
    """What was due so long ago is not sent as it was, but told together (补发)."""

    @model_validator(mode="after")
    def _asks_outlast_the_window(self) -> Limits:
        if self.ask_within < self.window:
            found = "ask_within is shorter than window, and a question would wait too long"
            raise ValueError(f"{found} for its answer; lengthen it")
        return self

    @property
    def caps(self) -> tuple[Cap, ...]:
        return (
            Cap(self.per_minute, timedelta(minutes=1)),
            Cap(self.per_hour, timedelta(hours=1)),
            Cap(self.per_day, timedelta(days=1)),
        )
