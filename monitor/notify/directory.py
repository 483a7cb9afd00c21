"""What routing and wording know beforehand, and how it finds people: role → duties → reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from monitor.notify.channel import Channel, Medium
from monitor.notify.escalation import Reach
from monitor.notify.limits import Limits
from monitor.notify.policy import Policy, Tier
from monitor.reference.people import DUTY_DESK, LEADER_ON_DUTY, Duty, Person, ResponsibilityList
from monitor.reference.places import Sensor, Site, Village, parts_of
from monitor.scope import Scope, Status

DAY_BEGINS, DAY_ENDS = time(7), time(22)
"""Local; at night some are not told, and some are waited for longer."""

NOT_IN_DRILL = "not on the drill's list"
TEST_ONLY_DESK = "a test reaches nobody but the desk"
VACANT = "vacant"
NO_CHANNEL = "no channel"


@dataclass(frozen=True, slots=True)
class Directory:
    """What routing and wording know beforehand."""

    township_name: str
    """In the signature 【…】: 云溪镇政府."""
    people: ResponsibilityList
    sites: Mapping[str, Site]
    villages: Mapping[str, Village]
    policies: Mapping[str, Policy]
    """By hazard."""
    channels: tuple[Channel, ...]
    """In order of preference within a medium."""
    templates: Mapping[str, str]
    """Use → text with ${variables}; `templates.complete` of what `config/` betters."""
    sensors: Mapping[str, Sensor] = field(default_factory=dict)
    """What each alert's value is a value of; a sensor not in it is taken for a level gauge."""
    drill_allow: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Drill → the persons (and group channels) that may hear of it; not in it: nobody."""
    county_within: timedelta = timedelta(minutes=30)
    """The local clock for the first report to the county (报县首报)."""
    limits: Limits = field(default_factory=Limits)
    """How many texts a person is sent, and what is told together."""
    _ways: dict[tuple[str, tuple[Medium, ...]], tuple[Reach, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """What `reaches` found: a storm looks up the same few hundred people again and again."""

    def channel(self, medium: Medium) -> Channel | None:
        """The one preferred for that medium; None where the township has none."""
        return next((c for c in self.channels if c.medium is medium), None)

    def villages_of(self, site: Site) -> tuple[str, ...]:
        """Where it lies and all that it threatens."""
        near = ((p.village, *(t.village for t in p.threatens)) for p in parts_of(site))
        return tuple(dict.fromkeys(village for villages in near for village in villages))

    def is_night(self, now: datetime) -> bool:
        """Whether it is 22:00 to 07:00 in the township."""
        return not DAY_BEGINS <= now.astimezone(self.people.zone).time() < DAY_ENDS

    def duties(self, roles: Iterable[str], site: Site) -> tuple[Duty, ...]:
        """The duties of these roles concerned by that site, each once, in order of the roles."""
        found = (
            duty
            for role in roles
            for part in parts_of(site)
            for duty in self.people.duties_for(role, part.id, self.villages_of(part))
        )
        return tuple({duty.id: duty for duty in found}.values())

    def area(self, site: str, hazard: str) -> str:
        """What a site's messages are grouped by: its catchment, else its village, and the hazard.
        "" for a site that is not known."""
        known = self.sites.get(site)
        return f"{known.catchment or known.village}/{hazard}" if known else ""

    def travel(self, duty: Duty, site: Site) -> timedelta:
        """The water's way to the duty's village; 0 at the site and for the whole township."""
        if duty.village is None or duty.village == site.village or duty.site is not None:
            return timedelta(0)
        return max(
            (t.travel for t in site.threatens if t.village == duty.village), default=timedelta(0)
        )


def address_of(person: Person, medium: Medium) -> str:
    """ "" where that medium cannot reach the person."""
    match medium:
        case Medium.SMS:
            return person.phone
        case Medium.VOICE:
            return person.phone or person.landline
        case Medium.WECHAT:
            return person.wecom
        case _:
            return ""


def barred(directory: Directory, scope: Scope, person: str) -> str:
    """Why that person must not hear of anything in that scope; "" where they may."""
    match scope.status:
        case Status.ACTUAL:
            return ""
        case Status.EXERCISE:
            allowed: Collection[str] = directory.drill_allow.get(scope.drill_id, ())
            return "" if person in allowed else NOT_IN_DRILL
        case _:
            return TEST_ONLY_DESK


def takes_part(directory: Directory, scope: Scope, duty: Duty, now: datetime) -> bool:
    """Whether a drill or test asks anything of that duty; a vacant one does take part, so that
    a drill finds the gap. The desk always does."""
    holders = directory.people.holders(duty, now)
    whys = [barred(directory, scope, person.id) for person in holders]
    return duty.role == DUTY_DESK or not whys or not all(whys)


def media_for(tier: Tier, role: str) -> tuple[Medium, ...]:
    return tier.media_by_role.get(role, tier.media)


def reaches(directory: Directory, person: Person, media: Iterable[Medium]) -> tuple[Reach, ...]:
    """Every way of these media to that person, by the preferred channel of each."""
    asked = person.id, tuple(media)
    if (known := directory._ways.get(asked)) is not None:
        return known
    found = tuple(
        Reach(person.id, person.name, channel.id, medium.value, address)
        for medium in dict.fromkeys(asked[1])
        if (address := address_of(person, medium)) and (channel := directory.channel(medium))
    )
    return directory._ways.setdefault(asked, found)


def desk_reach(directory: Directory) -> Reach:
    """The duty room's own screen: always there, never out of reach."""
    channel = directory.channel(Medium.DESK)
    return Reach(DUTY_DESK, "值班室", channel.id if channel else "desk", Medium.DESK.value, "desk")


@dataclass(frozen=True, slots=True)
class Called:
    """Who a duty's call goes to: at once, and later together with the superior (B岗)."""

    first: tuple[Reach, ...]
    later: tuple[Reach, ...]
    persons: tuple[str, ...]
    """All who may answer for the duty, with a channel or without."""
    missed: tuple[tuple[str, str], ...]
    """(person or "", why not)."""


def called(
    directory: Directory, scope: Scope, duty: Duty, media: Iterable[Medium], now: datetime
) -> Called:
    """A岗 first, B岗 later, or at once where A cannot be reached; a roster role all at once."""
    media = tuple(media)
    holders = directory.people.holders(duty, now)
    missed = [("", VACANT)] if not holders else []
    ways: list[tuple[Reach, ...]] = []
    for person in holders:
        why = barred(directory, scope, person.id)
        found = () if why else reaches(directory, person, media)
        if found:
            ways.append(found)
        else:
            missed.append((person.id, why or NO_CHANNEL))
    at_once = len(ways) if duty.role in (DUTY_DESK, LEADER_ON_DUTY) else 1
    first = tuple(reach for way in ways[:at_once] for reach in way)
    if duty.role == DUTY_DESK:
        first += (desk_reach(directory),)
    later = tuple(reach for way in ways[at_once:] for reach in way)
    return Called(first, later, tuple(p.id for p in holders), tuple(missed))
