"""Places that hang together: sites in villages, sensors at sites, units that fit."""

from __future__ import annotations

from monitor.reference.places import QualityLimits, Sensor, Site, SpanLimits
from monitor.reference.units import QUANTITIES, units_for
from monitor.settings.catalog import Entry
from monitor.settings.declared import Declared
from monitor.settings.faults import did_you_mean
from monitor.settings.references import refer


def check_places(declared: Declared) -> None:
    catalog = declared.catalog
    villages = catalog.declared("places.yaml", "villages")
    for site in declared.sites:
        refer(catalog, site, site.value.village, villages, "village", "village")
        for i, threat in enumerate(site.value.threatens):
            refer(catalog, site, threat.village, villages, "village", "threatens", i, "village")
    sites = {site.value.id: site for site in declared.sites}
    for sensor in declared.sensors:
        _check_sensor(declared, sensor, sites.get(sensor.value.site))
    if declared.service:
        for quantity, limits in declared.service.value.quality.items():
            if quantity not in QUANTITIES:
                text = f'no quantity is called "{quantity}"' + did_you_mean(quantity, QUANTITIES)
                declared.service.fault(catalog.faults, text, "quality", quantity)
            for text in _crossed(limits):
                declared.service.fault(catalog.faults, text, "quality", quantity)


def _check_sensor(declared: Declared, entry: Entry[Sensor], site: Entry[Site] | None) -> None:
    catalog, faults, sensor = declared.catalog, declared.catalog.faults, entry.value
    sites = catalog.declared("places.yaml", "sites")
    refer(catalog, entry, sensor.site, sites, "site", "site")
    refer(catalog, entry, sensor.owner, catalog.declared("people.yaml", "duties"), "duty", "owner")
    quantity = QUANTITIES.get(sensor.quantity)
    if quantity is None:
        text = f'no quantity is called "{sensor.quantity}"'
        entry.fault(faults, text + did_you_mean(sensor.quantity, QUANTITIES), "quantity")
    elif sensor.unit not in units_for(quantity):
        fitting = ", ".join(units_for(quantity))
        text = f'{sensor.quantity} cannot be measured in "{sensor.unit}"; use {fitting}'
        entry.fault(faults, text, "unit")
    if sensor.quantity == "level" and site is not None and not site.value.datum:
        site.fault(
            faults,
            f"the level {sensor.id} needs the datum of its elevations; add "
            "datum: 1985国家高程基准, or the local one by name",
        )
    if sensor.reports == "above" and sensor.reports_above is None:
        text = "above which level does it speak? add reports_above, in the quantity's unit"
        entry.fault(faults, text, "reports")
    if sensor.interval.total_seconds() <= 0:
        entry.fault(faults, "the interval must be longer than 0", "interval")
    if sensor.scale == 0:
        entry.fault(faults, "a scale of 0 makes every value the same; use 1", "scale")
    for text in _crossed(sensor.quality or QualityLimits()):
        entry.fault(faults, text, "quality")


def _crossed(limits: QualityLimits) -> list[str]:
    """Limits of one test that contradict each other."""
    found = []
    for name in ("gross_fail", "gross_suspect"):
        span: SpanLimits | None = getattr(limits, name)
        if span and span.low >= span.high:
            found.append(f"{name}: low must be below high")
    fail, suspect = limits.gross_fail, limits.gross_suspect
    if fail and suspect and (suspect.low < fail.low or suspect.high > fail.high):
        found.append("gross_suspect must lie within gross_fail; what fails is never only suspect")
    if limits.spike_suspect and limits.spike_fail and limits.spike_suspect > limits.spike_fail:
        found.append("spike_suspect must not be above spike_fail")
    if limits.flat_suspect and limits.flat_fail and limits.flat_suspect > limits.flat_fail:
        found.append("flat_suspect must not be longer than flat_fail")
    return found
