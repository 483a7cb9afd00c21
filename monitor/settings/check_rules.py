"""Rules that can judge: known sensors of one site, limits that rise with the severity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from monitor.alerting.severity import Severity
from monitor.settings.declared import Declared
from monitor.settings.document import Location
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
        for at, block in blocks(bound.parameters):
            refer(catalog, entry, getattr(block, "sensor", None), known, "sensor", *at, "sensor")
        for at, text in _steps_too_small(bound.parameters):
            entry.fault(catalog.faults, text, *at)


def blocks(parameters: BaseModel, at: Location = ()) -> Iterator[tuple[Location, BaseModel]]:
    """The parameters and every block within them, with its place."""
    yield at, parameters
    for name, value in parameters:
        for i, item in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            if isinstance(item, BaseModel):
                yield from blocks(item, (*at, name) if i is None else (*at, name, i))


def severities(parameters: BaseModel) -> set[Severity]:
    """Every severity that a rule with these parameters can raise: its own and its rungs'."""
    found = (getattr(block, "severity", None) for _, block in blocks(parameters))
    return {severity for severity in found if isinstance(severity, Severity)}


def _steps_too_small(parameters: BaseModel) -> Iterator[tuple[Location, str]]:
    """A deadband as large as the step below: once at the upper rung, the lower is never left."""
    for at, block in blocks(parameters):
        deadband = getattr(block, "deadband", 0.0)
        rungs = sorted(enumerate(getattr(block, "rungs", ())), key=lambda r: r[1].severity)
        for i, (index, upper) in enumerate(rungs):
            below = [rung for _, rung in rungs[:i] if _same_days(rung, upper)]
            if below and upper.at - below[-1].at <= deadband:
                yield (
                    (*at, "rungs", index),
                    (
                        f"the deadband {deadband:g} is not smaller than the step of "
                        f"{upper.at - below[-1].at:g} from {below[-1].severity.name.lower()} to "
                        f"{upper.severity.name.lower()}; make it smaller"
                    ),
                )


def _same_days(one: Any, other: Any) -> bool:
    """Whether two rungs may be in force together."""
    days = [(getattr(r, "first_day", None), getattr(r, "last_day", None)) for r in (one, other)]
    return days[0] == days[1] or (None, None) in days
