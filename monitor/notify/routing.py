"""Alert → who is told: site + hazard + severity → duties → people → channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.notify.channel import Channel
from monitor.notify.policy import Policy
from monitor.reference.people import ResponsibilityList
from monitor.reference.places import Site, Village


@dataclass(frozen=True, slots=True)
class Directory:
    """What routing and wording know beforehand."""

    township_name: str
    """In the signature 【…】."""
    people: ResponsibilityList
    sites: Mapping[str, Site]
    villages: Mapping[str, Village]
    policies: Mapping[str, Policy]
    """By hazard."""
    channels: tuple[Channel, ...]
    """In order of preference within a medium."""
    templates: Mapping[str, str]
    """Use → text with ${variables}; the shipped ones, bettered by `config/`."""
