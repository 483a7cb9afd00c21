"""What `service.yaml` names must exist, and it must listen to something."""

from __future__ import annotations

from monitor.settings.declared import Declared
from monitor.settings.references import refer


def check_service(declared: Declared) -> None:
    service, catalog = declared.service, declared.catalog
    if service is None:
        return
    persons = catalog.declared("people.yaml", "persons")
    channels = catalog.declared("channels.yaml", "channels")
    for drill, allowed in service.value.exercises.items():
        for i, name in enumerate(allowed):
            if name not in channels:
                refer(catalog, service, name, persons, "person", "exercises", drill, i)
    if not service.document.content.get("sources"):
        text = "no sources, so the service would hear nothing; add "
        service.fault(catalog.faults, text + "- { filter: risk/+/+/+, format: native }", "sources")
    sensors = catalog.declared("places.yaml", "sensors")
    for source in declared.sources:
        for sensor in source.kind.sensors(source.parameters):
            refer(catalog, source.entry, sensor, sensors, "sensor")
        if fault := _filter_fault(source.entry.value.filter):
            source.entry.fault(catalog.faults, fault, "filter")
    if service.value.broker.embedded and service.value.broker.tls:
        text = "the embedded broker knows no TLS; use mosquitto for it"
        service.fault(catalog.faults, text, "broker", "tls")


def _filter_fault(topics: str) -> str | None:
    levels = topics.split("/")
    if any(len(level) > 1 and set(level) & {"+", "#"} for level in levels) or "#" in levels[:-1]:
        return f'"{topics}" is no topic filter; + stands for one whole level, # ends the filter'
    if levels[0] in ("exercise", "test"):
        return f"{levels[0]}/ is taken off before; write the topic as it is without it"
    if levels[0] in ("risk-out", "+", "#"):
        return f'"{topics}" would hear what the service itself says; begin it with the source'
    return None
