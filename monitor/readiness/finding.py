"""Something not in order: a missed drill, an expired plan, a dead phone, a silent sensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel

from monitor.readiness.facts import Facts


class FindingKey(NamedTuple):
    """What makes a finding the same one."""

    check: str
    subject: str
    period: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One row by (check, subject, period): finding it again inserts nothing."""

    check: str
    subject: str
    """What it is about: a plan, a duty, a person, a sensor, a quarter."""
    period: str
    """"2026-Q4", a date, or "" where it stands until mended."""
    owner: str
    """The duty that puts it in order."""
    use: str
    """Template in `monitor/notify/wording.py`."""
    variables: Mapping[str, str]
    """Of that template; and `kind`, a few characters for a bundle: 预案到期."""
    text: str
    """One line in Chinese for screens and bundles."""
    due: date
    urgent: bool
    """True: makes a red alert unreachable; sent at any hour."""

    @property
    def key(self) -> FindingKey:
        return FindingKey(self.check, self.subject, self.period)


def plainly(
    key: tuple[str, str, str],
    owner: str,
    kind: str,
    text: str,
    due: date,
    *,
    urgent: bool = False,
) -> Finding:
    """A finding without a template of its own: the bundle's names its `kind`."""
    return Finding(*key, owner, "findings", {"kind": kind}, text, due, urgent)


@dataclass(frozen=True, slots=True)
class Check:
    """One file in `monitor/readiness/checks/` binds one as CHECK.

    `find(facts, parameters, now)` is pure and gives every finding that stands at `now`.
    """

    name: str
    parameters: type[BaseModel]
    find: Callable[[Facts, Any, datetime], tuple[Finding, ...]]


class ScheduledCheck(NamedTuple):
    """A check with the parameters that this township gave it."""

    check: Check
    parameters: BaseModel
