"""Everything a check may look at, frozen: what is entered, and what the store has seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from monitor.alerting.severity import Severity
from monitor.ingest.outage import Outage
from monitor.notify.channel import Medium
from monitor.notify.phrases import town
from monitor.notify.routing import Directory
from monitor.readiness.calendar import OfficeHours, Season
from monitor.reference.people import DUTY_DESK, LEADER_ON_DUTY, Duty, Letters, Person
from monitor.reference.places import Sensor
from monitor.reference.plans import HeldDrill, Plan

ROSTER_ROLES = (DUTY_DESK, LEADER_ON_DUTY)
PHONE = frozenset({Medium.SMS, Medium.VOICE})


class Gap(NamedTuple):
    """Numbers of one boot that a device gave and that never came, both ends included."""

    boot: str
    first: int
    last: int


class Restored(Protocol):
    """The store was put back from a backup."""

    @property
    def since(self) -> datetime: ...
    @property
    def at(self) -> datetime: ...
    @property
    def withheld(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """The settings fill the first part; `dataclasses.replace` puts in what the store knows.

    Only what is ACTUAL counts: a drill's silence or failed call is no finding.
    """

    directory: Directory
    sensors: Mapping[str, Sensor]
    plans: Mapping[str, Plan]
    drills: tuple[HeldDrill, ...]
    letters: Letters
    season: Season
    office: OfficeHours

    listening_since: datetime
    """When this run of the service began to hear; no sensor is silent for longer."""
    last_heard: Mapping[str, datetime] = field(default_factory=dict)
    """By sensor, by `received_at`; missing: never heard."""
    failures: Mapping[str, frozenset[Medium]] = field(default_factory=dict)
    """By person: media whose last attempt failed and blames the person's number or account."""
    doubts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By sensor: the reasons of its newest observation; missing: none."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Sensor ids that are not entered → readings they sent in the last day."""
    gaps: Mapping[str, tuple[Gap, ...]] = field(default_factory=dict)
    """By sensor: the holes in what it numbered in the last day; missing: none."""
    floods: Mapping[str, int] = field(default_factory=dict)
    """Devices that said more than their quota → messages that were not judged in the last day."""
    outages: Mapping[str, Outage] = field(default_factory=dict)
    """By sensor: those out of service (停用)."""
    restored: Restored | None = None
    """When the store was put back from a backup the last time; None: never."""
    clock_step: timedelta = timedelta(0)
    """The machine's wall clock minus ours."""
    worst_open: Severity = Severity.NORMAL
    """The worst severity of all alerts that are not cleared."""

    def today(self, now: datetime) -> date:
        return now.astimezone(self.directory.people.zone).date()

    def media_of(self, person: Person) -> frozenset[Medium]:
        """Media that some channel offers and that the person has an address for."""
        has: set[Medium] = set()
        if person.phone:
            has |= PHONE
        if person.landline:
            has.add(Medium.VOICE)
        if person.wecom:
            has.add(Medium.WECHAT)
        return frozenset(has & {channel.medium for channel in self.directory.channels})

    def reachable(self, person: Person) -> bool:
        """Whether at least one medium is left that has not failed."""
        return bool(self.media_of(person) - self.failures.get(person.id, frozenset()))

    def answers_red(self, duty: Duty) -> bool:
        """Whether some policy asks that duty to answer a red alert; the desk is step 0 of all."""
        return duty.role == DUTY_DESK or any(
            policy.red is not None and duty.role in policy.red.answer
            for policy in self.directory.policies.values()
        )

    def dead_end(self, duty: Duty, now: datetime) -> bool:
        """Whether a red alert must be answered by that duty and nobody there can be reached."""
        return self.answers_red(duty) and not any(
            self.reachable(person) for person in self.directory.people.holders(duty, now)
        )

    def desk(self) -> str:
        """值班员: owns whatever nobody owns."""
        duties = self.directory.people.duties.values()
        return next((duty.id for duty in duties if duty.role == DUTY_DESK), DUTY_DESK)

    def owner(self, duty: str | None) -> str:
        """That duty where it exists, else the desk."""
        return duty if duty is not None and duty in self.directory.people.duties else self.desk()

    def title(self, duty: str) -> str:
        """A duty as people read it."""
        known = self.directory.people.duties.get(duty)
        return known.title if known else "值班员"

    def brief(self, plan: Plan) -> str:
        """What the plan is for, short enough for an SMS: 云溪镇防汛应急预案（示例） → 防汛."""
        title = re.sub(r"（[^）]*）$", "", plan.title)
        bare = title.removesuffix("预案").removesuffix("应急").removeprefix(town(self.directory))
        return bare or title

    def place(self, duty: Duty) -> str:
        """Where the duty lies: its site, its village, or the township."""
        if site := self.directory.sites.get(duty.site or ""):
            return site.name
        if village := self.directory.villages.get(duty.village or ""):
            return village.name
        return town(self.directory)


def due_after(base: date, today: date, grace: timedelta = timedelta(0)) -> date:
    """`grace` after `base`; where that has passed, a week from today."""
    due = base + grace
    return due if due >= today else today + timedelta(days=7)
