"""片区失联: several sensors of one area that said their last words together are one matter.

A storm cuts a line, a mast or the power of a valley: what it took is told once, and each gauge
stays visible in it. So is what a dead gateway took, though its sensors lie in several areas.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import Field

from monitor.reference.places import Site
from monitor.reference.units import Duration, Frozen, Slug

AREA = "area:"
"""How the place of such an alert begins, where others name their site."""
RULE = "area"
"""The rule id under which a sensor's plain silence stands in it."""
SOON = 2 / 3
"""Of a sensor's patience: those that fell silent with one whose patience has run out are counted
with it before theirs has, or each of them would be told alone first."""


class Areas(Frozen):
    """When silence is an area's."""

    silent: int = Field(default=3, ge=2)
    """So many sensors at least."""
    within: Duration = Field(default=timedelta(minutes=10), gt=timedelta(0))
    """Their last words lie no further apart."""
    hazard: Slug = "flood"
    """Whose policy says who is told."""


class Quiet(NamedTuple):
    """A sensor that has said nothing for a while."""

    sensor: str
    area: str
    """Where it is told of already, else its own."""
    since: datetime
    """Its last word."""
    is_silent: bool
    """Its patience has run out; else it soon will."""
    gateway: str = ""
    """What it speaks through, where nothing else comes through that either; "" where something
    does, and where it is told of already."""


def area_of(site: Site) -> str:
    """The catchment it lies in, else its village."""
    return AREA + (site.catchment or site.village)


def fallen(
    quiets: Iterable[Quiet], areas: Areas, standing: Iterable[str]
) -> Mapping[str, tuple[Quiet, ...]]:
    """Area → the sensors that its one alert tells of. One that stands (`standing`) goes on while
    so many are silent, however far apart; a new one begins when so many fell silent together."""
    known, found = frozenset(standing), {}
    in_order = sorted(quiets, key=lambda quiet: (quiet.since, quiet.sensor))
    joined = _joined(in_order, areas, known)
    by_area: dict[str, list[Quiet]] = {}
    for quiet in in_order:
        stays = quiet.area in known and not quiet.gateway
        area = quiet.area if stays else joined.get(quiet.area, quiet.area)
        by_area.setdefault(area, []).append(quiet)
    for area, members in by_area.items():
        silent = tuple(quiet for quiet in members if quiet.is_silent)
        if area in known and len(silent) >= areas.silent:
            found[area] = silent
        elif silent and (together := _together(members, areas)):
            found[area] = tuple(q for q in members if q.is_silent or q in together)
    return found


def _joined(quiets: Iterable[Quiet], areas: Areas, known: Collection[str]) -> Mapping[str, str]:
    """Area → the one that is told of instead, where a dead gateway's sensors lie in several: one
    of which no alert stands yet, or whoever answers for the others would hear nothing."""
    behind: dict[str, list[Quiet]] = {}
    for quiet in quiets:
        behind.setdefault(quiet.gateway, []).append(quiet)
    groups: list[set[str]] = []
    for gateway, members in behind.items():
        if gateway and _together(members, areas):
            spanned = {quiet.area for quiet in members}
            touched = [group for group in groups if group & spanned]
            groups = [group for group in groups if not group & spanned]
            groups.append(spanned.union(*touched))
    told_as = ((group, min(group, key=lambda area: (area in known, area))) for group in groups)
    return {area: one for group, one in told_as for area in group}


def _together(members: list[Quiet], areas: Areas) -> list[Quiet]:
    """The largest number of them whose last words lie within the window, one of them silent;
    empty where they are too few. `members`: oldest word first."""
    best: list[Quiet] = []
    for n, first in enumerate(members):
        window = [quiet for quiet in members[n:] if quiet.since - first.since <= areas.within]
        if len(window) > len(best) and any(quiet.is_silent for quiet in window):
            best = window
    return best if len(best) >= areas.silent else []
