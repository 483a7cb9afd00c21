"""The one-file extensions that a configuration may name, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.alerting.rule import RuleKind
from monitor.discover import ExtensionsBroken, discover
from monitor.errors import SettingsRefused
from monitor.ingest.reading import Format
from monitor.ingest.standard import QualityTest
from monitor.notify.channel import ChannelKind
from monitor.readiness.finding import Check


@dataclass(frozen=True, slots=True)
class Extensions:
    formats: Mapping[str, Format]
    tests: Mapping[str, QualityTest]
    rules: Mapping[str, RuleKind]
    checks: Mapping[str, Check]
    channels: Mapping[str, ChannelKind]


_PLACES = (
    ("monitor.ingest.formats", "FORMAT"),
    ("monitor.ingest.quality", "TEST"),
    ("monitor.alerting.rules", "RULE"),
    ("monitor.readiness.checks", "CHECK"),
    ("monitor.channels", "CHANNEL"),
)


def installed() -> Extensions:
    """Every extension in its room. Raises SettingsRefused with all that are broken."""
    found: list[Any] = []
    faults: list[str] = []
    for package, constant in _PLACES:
        try:
            found.append(discover(package, constant))
        except ExtensionsBroken as broken:
            faults.extend(broken.faults)
    if faults:
        raise SettingsRefused(tuple(faults))
    return Extensions(*found)
