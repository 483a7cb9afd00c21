"""Rules that can judge: known sensors of one site, limits that rise with the severity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.alerting.severity import Severity
from monitor.settings.declared import Declared
from monitor.settings.references import refer


def check_rules(declared: Declared) -> None:
    catalog = declared.catalog
    known = catalog.declared("places.yaml", "sensors")
    site_of = {e.value.id: e.value.site for e in declared.sensors}
    for bound in declared.rules:
        entry, frame = bound.entry, bound.entry.value
        for i, sensor in enumerate(frame.sensors):
            refer(catalog, entry, sensor, known, "sensor", "sensors", i)
        sites = sorted({site_of[s] for s in frame.sensors if s in site_of})
        if len(sites) > 1:
            text = f"its sensors stand at {' and '.join(sites)}; write one rule for each site"
            entry.fault(catalog.faults, text, "sensors")
        for at, text in _steps_too_small(bound.parameters):
            entry.fault(catalog.faults, text, *at)


def severities(parameters: Any) -> set[Severity]:
    """Every severity that a rule with these parameters can raise: its own and its rungs'."""
    own = getattr(parameters, "severity", None)
    found = {own} if isinstance(own, Severity) else set()
    for rung in getattr(parameters, "rungs", ()):
        found |= severities(rung)
    return found


def _steps_too_small(parameters: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A deadband as large as the step below: once at the upper rung, the lower is never left."""
    deadband = getattr(parameters, "deadband", 0.0)
    rungs = sorted(enumerate(getattr(parameters, "rungs", ())), key=lambda r: r[1].severity)
    for i, (index, upper) in enumerate(rungs):
        below = [r for _, r in rungs[:i] if _same_days(r, upper)]
        step = upper.at - below[-1].at if below else None
        if step is not None and 0 < step <= deadband:
            yield (
                ("rungs", index),
                (
                    f"the deadband {deadband:g} is not smaller than the step of {step:g} from "
                    f"{below[-1].severity.name.lower()} to {upper.severity.name.lower()}; "
                    "make it smaller"
                ),
            )


def _same_days(one: Any, other: Any) -> bool:
    """Whether two rungs may be in force together."""
    days = [(getattr(r, "first_day", None), getattr(r, "last_day", None)) for r in (one, other)]
    return days[0] == days[1] or (None, None) in days
