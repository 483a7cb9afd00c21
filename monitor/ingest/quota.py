"""How much one device may say: what is beyond it is counted, and not judged.

Density is what is counted, not haste: a queue that drains after an outage, or a logger that fills
in a day, says much within a minute of ours and little within each minute that it speaks of. As a
device may also make up what it speaks of, haste has a limit too, far beyond any of these. A device
that floods is not muted: of each batch the newest of what is beyond is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import NamedTuple, TypeVar

from pydantic import Field

from monitor.reference.units import Frozen
from monitor.scope import Scope

FLOOD = "flood"
"""Reason of the one row of quarantine a minute; its topic names the device, its detail how many
were not judged."""

_MINUTE = timedelta(minutes=1)


class Quota(Frozen):
    """Readings a minute, of every device."""

    per_minute: int = Field(default=600, ge=10)
    times: int = Field(default=20, ge=2)
    """Or so many times what its own interval declares, where that is more."""
    at_most: int = Field(default=10_000, ge=600)
    """Within a minute of ours, of whatever times they speak; never less than the others."""

    def of(self, interval: timedelta) -> int:
        """What a device with that interval may say a minute."""
        return _allowed(self.per_minute, self.times, interval)


@lru_cache(maxsize=256)
def _allowed(per_minute: int, times: int, interval: timedelta) -> int:
    return max(per_minute, ceil(times * (_MINUTE / interval)))


Said = TypeVar("Said")


class Device(NamedTuple):
    """Who speaks, in which world: a sensor's id; a topic, where no sensor is known by it."""

    scope: Scope
    name: str


class Cut(NamedTuple):
    """What of a device was not judged within a minute of ours."""

    since: datetime
    messages: int


@dataclass(slots=True)
class Meter:
    """What was heard within one minute of ours; the next one begins anew."""

    minute: datetime
    heard: dict[Device, int] = field(default_factory=dict)
    """What was let through."""
    spoken_of: dict[tuple[Device, datetime], int] = field(default_factory=dict)
    """Beyond the quota: how many speak of that minute."""
    cut: dict[Device, Cut] = field(default_factory=dict)

    def take(self, later: Meter) -> None:
        """Take over what a batch has counted."""
        if later.minute != self.minute:
            self.minute = later.minute
            self.heard, self.spoken_of, self.cut = {}, {}, {}
        self.heard.update(later.heard)
        self.spoken_of.update(later.spoken_of)
        self.cut.update(later.cut)


def minute_of(when: datetime) -> datetime:
    """The minute that it lies in."""
    return when.replace(second=0, microsecond=0)


class Counting:
    """One batch, counted over what was counted before; that is not touched."""

    def __init__(self, before: Meter | None, now: datetime, at_most: int) -> None:
        minute = minute_of(now)
        self._before = before if before and before.minute == minute else Meter(minute)
        self._at_most = at_most
        self.meter = Meter(minute)

    def admits(
        self, device: Device, quota: int, spoken_of: Callable[[Said], datetime], said: Said
    ) -> bool:
        """Count one more. `spoken_of`: gives its trusted time, and is asked only beyond the
        quota."""
        heard, spoken = self.meter.heard, self.meter.spoken_of
        count = heard.get(device) or self._before.heard.get(device, 0)
        if count >= quota:
            if count >= self._at_most:
                return False
            cell = (device, minute_of(spoken_of(said)))
            like_it = spoken.get(cell) or self._before.spoken_of.get(cell, 0)
            if like_it >= quota:
                return False
            spoken[cell] = like_it + 1
        heard[device] = count + 1
        return True

    def cut(self, device: Device, received_at: datetime, count: int) -> Cut:
        """So many more were not judged; all of this minute."""
        before = self._before.cut.get(device, Cut(received_at, 0))
        self.meter.cut[device] = Cut(before.since, before.messages + count)
        return self.meter.cut[device]
