"""What one rule holds for one sensor: the stuff that alerts are made of."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from monitor.alerting.rule import Judgement
from monitor.alerting.severity import Condition, Severity


class Contribution(NamedTuple):
    """What one rule holds for one sensor."""

    rule: str
    sensor: str
    severity: Severity
    since: datetime
    condition: Condition
    value: float | None
    observed_at: datetime
    basis: str
    limit: float | None
    rate: float | None
    flaps: bool = False
    """Held because its value swings around the limit."""
    sure: bool = False
    """Of a silence: a second sign bears it out, a neighbour, rain or a person."""
    doubted: Severity = Severity.NORMAL
    """Of a doubt: what the value would say if it were believed."""
    village: str = ""
    """Of a call by hand: the village that it named; "" where it named the site."""

    @property
    def is_real(self) -> bool:
        """Whether people are told of it as real, and not as 存疑 or 失联."""
        return self.sure or self.condition is Condition.OVER

    @property
    def is_silence(self) -> bool:
        """Whether it stands because nothing was heard (失联), not for what was."""
        return self.condition in (Condition.SILENT, Condition.SILENT_WHILE_RISING)

    def still(self, again: Contribution) -> Contribution:
        """The same judged again: a silence that was borne out stays so."""
        return self if self.sure and again.condition is self.condition else again


def contribution(rule: str, sensor: str, judgement: Judgement, at: datetime) -> Contribution:
    """A judgement as its alert takes it; NORMAL withdraws what stood. Not to be made where
    `judgement.value` is None. `at`: observed_at of the newest observation, or the tick."""
    return Contribution(
        rule,
        sensor,
        judgement.severity,
        judgement.since,
        judgement.condition,
        judgement.value,
        at,
        judgement.basis,
        judgement.limit,
        judgement.rate,
        judgement.flaps,
        doubted=judgement.doubted,
    )
