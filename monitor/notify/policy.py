"""Who is told, who must answer, after how long whom: the settings behind routing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from monitor.notify.channel import Medium
from monitor.reference.units import Duration, Frozen, Slug


class Tier(Frozen):
    """What happens at one severity (or one condition). Roles, not persons."""

    tell: tuple[Slug, ...] = ()
    """Told at once, no answer asked."""
    answer: tuple[Slug, ...] = ()
    """Each duty of these roles must answer; each begins a ladder of its own."""
    wait: Duration = timedelta(minutes=10)
    """From the call to the next step."""
    night_wait: Duration | None = None
    """The same from 22:00 to 07:00 local; None: as by day."""
    needed: Literal["each", "one"] = "each"
    """"each": every duty of `answer` must answer; "one": whoever answers holds all ladders."""
    climb: Literal["superior", "roles", "together", "none"] = "superior"
    """"superior": up the duty's own chain; "roles": through `climb_roles` in order; "together":
    to all of them at once; "none": to nobody, the hand-dial list comes next."""
    climb_roles: tuple[Slug, ...] = ()
    redial: bool = True
    """Whether everyone called before is called again at each step."""
    rounds: int = Field(default=2, ge=1)
    """How many times the whole top of the ladder is called before the hand-dial list."""
    media: tuple[Medium, ...] = (Medium.SMS, Medium.WECHAT)
    """All of these that the person has are used at once."""
    media_by_role: Mapping[Slug, tuple[Medium, ...]] = Field(default_factory=dict)
    daytime_only: tuple[Slug, ...] = ()
    """Roles told between 07:00 and 22:00 local only; at night at the next 07:00 if it stands."""
    groups: tuple[Slug, ...] = ()
    """Channels of medium group or webhook that get a copy."""


class Policy(Frozen):
    """One way of telling, for some hazards."""

    id: Slug
    hazards: tuple[Slug, ...]
    blue: Tier | None = None
    yellow: Tier | None = None
    orange: Tier | None = None
    red: Tier | None = None
    suspect: Tier | None = None
    """While the alert's condition is SUSPECT (未核实)."""
    silent: Tier | None = None
    """While the alert's condition is SILENT or SILENT_WHILE_RISING."""
