"""Rules that can judge: known sensors of one site, limits that rise with the severity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from pydantic import BaseModel

from monitor.alerting.ladder import Rungs
from monitor.alerting.rule import RuleKind
from monitor.alerting.severity import Severity
from monitor.reference.places import Sensor, SpanLimits
from monitor.settings.build import limits
from monitor.settings.declared import Bound, Declared
from monitor.settings.document import Location
from monitor.settings.references import refer
from monitor.settings.schema import RuleFrame


def check_rules(declared: Declared) -> None:
    catalog = declared.catalog
    known = catalog.declared("places.yaml", "sensors")
    sensors = {e.value.id: e.value for e in declared.sensors}
    for bound in declared.rules:
        entry, frame = bound.entry, bound.entry.value
        for i, sensor in enumerate(frame.sensors):
            refer(catalog, entry, sensor, known, "sensor", "sensors", i)
        watched = [sensors[s] for s in frame.sensors if s in sensors]
        sites = sorted({sensor.site for sensor in watched})
        if len(sites) > 1:
            text = f"its sensors stand at {' and '.join(sites)}; write one rule for each site"
            entry.fault(catalog.faults, text, "sensors")
        for at, block in blocks(bound.parameters):
            refer(catalog, entry, getattr(block, "sensor", None), known, "sensor", *at, "sensor")
        for at, text in (
            *_steps_too_small(bound.parameters),
            *_never_judged(declared, bound, watched),
        ):
            entry.fault(catalog.faults, text, *at)


def blocks(parameters: BaseModel, at: Location = ()) -> Iterator[tuple[Location, BaseModel]]:
    """The parameters and every block within them, with its place."""
    yield at, parameters
    for name in type(parameters).model_fields:
        value = getattr(parameters, name)
        for i, item in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            if isinstance(item, BaseModel):
                yield from blocks(item, (*at, name) if i is None else (*at, name, i))


def severities(parameters: BaseModel) -> set[Severity]:
    """Every severity that a rule with these parameters can raise: its own and its rungs'."""
    found = (getattr(block, "severity", None) for _, block in blocks(parameters))
    return {severity for severity in found if isinstance(severity, Severity)}


def _steps_too_small(parameters: BaseModel) -> Iterator[tuple[Location, str]]:
    """A deadband as large as the step below: once at the upper rung, the lower is never left.
    No step at all is two equal limits, which some gauges have."""
    for at, block in blocks(parameters):
        if isinstance(block, Rungs):
            for rungs in block.seasons.values():
                for low, high in pairwise(sorted(rungs, key=lambda rung: rung.severity)):
                    if 0 < (step := high.at - low.at) <= block.deadband:
                        yield (
                            (*at, "rungs", block.rungs.index(high)),
                            (
                                f"the deadband {block.deadband:g} is not smaller than the step of "
                                f"{step:g} from {low.severity.name.lower()} to "
                                f"{high.severity.name.lower()}; make it smaller"
                            ),
                        )


def _never_judged(
    declared: Declared, bound: Bound[RuleFrame, RuleKind], watched: Iterable[Sensor]
) -> Iterator[tuple[Location, str]]:
    """A rung where the quality test takes every value for a fault would never sound."""
    township = declared.service.value.quality if declared.service else {}
    parameters = bound.parameters
    if bound.kind.lowest is None or not isinstance(parameters, Rungs):
        return  # its limits are not on the value itself
    for sensor in watched:
        known = limits(sensor, township)
        for name in ("gross_fail", "gross_suspect"):
            span: SpanLimits | None = getattr(known, name)
            if span is None or span.low >= span.high:  # the latter is told where it stands
                continue
            for i, rung in enumerate(parameters.rungs):
                if not span.low <= rung.at < span.high:
                    yield (
                        ("rungs", i),
                        (
                            f"{rung.at:g} lies outside {name} of {sensor.id} ({span.low:g} to "
                            f"{span.high:g}): such a value is doubted before it is judged; widen it"
                        ),
                    )
