"""A sensor taken out of service (停用): its readings are kept and judge nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from monitor.scope import Scope

OUT_OF_SERVICE = "out of service"
"""The reason that stands at each of its readings."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A broken sensor; the newest of each sensor is known."""

    scope: Scope
    sensor: str
    owner: str
    """The person who answers for it."""
    substitute: str
    """What watches meanwhile: 人工观测."""
    repair_by: date
    reason: str
    by: str
    """Who entered it."""
    since: datetime
    needs_second: bool
    """It showed red: it is not in force until a second person agrees."""
    agreed_by: str
    back_at: datetime | None
    """When it was put back in service; None while it is out."""
    back_by: str

    @property
    def awaits_second(self) -> bool:
        return self.back_at is None and self.needs_second and not self.agreed_by

    def may_agree(self, person: str) -> bool:
        """Whether that person is a second one."""
        return self.awaits_second and person not in (self.owner, self.by)

    @property
    def is_out(self) -> bool:
        return self.back_at is None and not self.awaits_second

    def withholds(self, at: datetime) -> bool:
        """Whether a reading of then (trusted time), coming now, judges nothing: all that comes
        while it is out, and what was measured meanwhile and comes later."""
        was_out = self.back_at is not None and self.since <= at < self.back_at
        return self.is_out or (was_out and not (self.needs_second and not self.agreed_by))
