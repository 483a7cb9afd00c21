"""Who answers for what: persons, duties, the responsibility list, the duty roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from itertools import product
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from monitor.reference.phones import normalise
from monitor.reference.units import Frozen, Slug

DUTY_DESK = "duty_officer"
"""The role of 值班员: step 0 of every policy, and the owner of all that nobody owns."""
LEADER_ON_DUTY = "leader_on_duty"
"""The role of 带班领导. These two are filled from the roster, not from a duty's person."""


Number = Annotated[str, BeforeValidator(normalise)]
"""A phone number, as digits without country code; "" for none."""


class Person(Frozen):
    """One reachable human being. Numbers appear in outputs masked."""

    id: Slug
    name: str
    phone: Number = ""
    """Mobile, normalised to digits without country code; "" for none."""
    wecom: str = ""
    """User id in the township's WeCom; "" for none."""
    landline: Number = ""


class Duty(Frozen):
    """A role at a place or for a field, and who holds it (岗位)."""

    id: Slug
    role: Slug
    title: str
    """As people read it: 桥头村村级责任人."""
    village: Slug | None = None
    site: Slug | None = None
    """Neither village nor site: the duty is the whole township's."""
    person: Slug | None = None
    """A岗. None: vacant, a finding; its step costs no wait."""
    substitute: Slug | None = None
    """B岗, called together with the superior's step or when A cannot be reached."""
    superior: Slug | None = None
    """The duty that takes over when this one does not answer."""
    letter_signed: date | None = None
    letter_expires: date | None = None


class Turn(Frozen):
    """Who sits in the duty room for one day."""

    leader: Slug
    officers: tuple[Slug, ...]


class Shift(Turn):
    """One row of the roster: from 08:00 of `day` to 08:00 of the next (local time)."""

    day: date


class Rotation(Frozen):
    """Turns that repeat day by day without an end (轮班)."""

    start: date
    """The day of the first turn; before it there is no duty."""
    turns: tuple[Turn, ...] = Field(min_length=1)


class Roster(Frozen):
    """值班表: a day's own row, else the turn of the rotation."""

    shifts: tuple[Shift, ...] = ()
    rotation: Rotation | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Of the rotation; () without one."""
        return self.rotation.turns if self.rotation else ()

    def shift_at(self, now: datetime, zone: tzinfo) -> Shift | None:
        """Who is on duty at `now`; None is a gap in the roster, and a finding."""
        day = (now.astimezone(zone) - timedelta(hours=8)).date()
        shift = next((s for s in self.shifts if s.day == day), None)
        if shift is not None or self.rotation is None or day < self.rotation.start:
            return shift
        turn = self.turns[(day - self.rotation.start).days % len(self.turns)]
        return Shift(day=day, leader=turn.leader, officers=turn.officers)


class Letters(Frozen):
    """Whether this township keeps signed letters (责任书) or a confirmation of the list."""

    kind: Literal["letters", "confirmation", "none"] = "none"
    valid_for_days: int = 365
    list_confirmed: date | None = None


@dataclass(frozen=True, slots=True)
class ResponsibilityList:
    """风险责任清单, indexed once at start."""

    duties: Mapping[str, Duty]
    persons: Mapping[str, Person]
    roster: Roster
    zone: tzinfo
    desk_phone: str = ""
    _by_place: Mapping[tuple[str, str | None, str | None], Mapping[int, Duty]] = field(
        init=False, repr=False, compare=False
    )
    """Role, site, village → in the order of the list; a thousand gauges have a thousand patrols."""

    def __post_init__(self) -> None:
        places: dict[tuple[str, str | None, str | None], dict[int, Duty]] = {}
        for number, duty in enumerate(self.duties.values()):
            places.setdefault((duty.role, duty.site, duty.village), {})[number] = duty
        object.__setattr__(self, "_by_place", places)

    def duties_for(self, role: str, site: str, villages: tuple[str, ...]) -> tuple[Duty, ...]:
        """The duties of that role at the site, in these villages, or of the whole township."""
        found: dict[int, Duty] = {}
        for place in product((role,), (None, site), (None, *villages)):
            found |= self._by_place.get(place, {})
        return tuple(found[number] for number in sorted(found))

    def holders(self, duty: Duty, now: datetime) -> tuple[Person, ...]:
        """A岗 first, then B岗; for the two roster roles, whoever is on duty at `now`."""
        if duty.role in (DUTY_DESK, LEADER_ON_DUTY):
            shift = self.roster.shift_at(now, self.zone)
            if shift is not None:
                ids: tuple[str, ...] = shift.officers if duty.role == DUTY_DESK else (shift.leader,)
                return tuple(self.persons[i] for i in ids if i in self.persons)
        return tuple(
            self.persons[i] for i in (duty.person, duty.substitute) if i and i in self.persons
        )

    def leaders(self, now: datetime) -> tuple[Person, ...]:
        """Who may decide for the township, each once, in the order of the list: whoever holds a
        duty of the whole of it that another climbs to, or that climbs to none."""
        above = {duty.superior for duty in self.duties.values()}
        found = {
            person.id: person
            for duty in self.duties.values()
            if duty.role != DUTY_DESK and not (duty.site or duty.village)
            if duty.id in above or duty.superior is None
            for person in self.holders(duty, now)
        }
        return tuple(found.values())

    def superior(self, duty: Duty) -> Duty | None:
        """Who takes over; None at the top."""
        return self.duties.get(duty.superior) if duty.superior else None
