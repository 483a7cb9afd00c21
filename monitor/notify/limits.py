"""How often a provider lets us speak, and when we may speak next. Pure: history in, time out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.alerting.severity import Severity
from monitor.notify.channel import Medium


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


def personal(
    history: Sequence[datetime], caps: Sequence[Cap], severity: Severity, now: datetime
) -> datetime:
    """As `allowed`, for the limits a township sets to spare its people: red ignores them."""
    return now if severity is Severity.RED else allowed(history, caps, now)
