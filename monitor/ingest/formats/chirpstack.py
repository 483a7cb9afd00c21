"""ChirpStack v4 JSON on `application/<id>/device/<devEui>/event/<type>`.

An `up` with a decoded `object` becomes one reading for each field that the map names. Without
one the network server has no codec for the device: not decoded, and told. The other events
(status, join, ack, txack, log, location, integration) say nothing about the world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from monitor.errors import NotAReading, Unreadable
from monitor.ingest.json_object import instant, json_object, member, number, text
from monitor.ingest.message import Message
from monitor.ingest.reading import Format, Reading
from monitor.reference.units import Frozen, Slug
from monitor.scope import Scope


class ChirpStack(Frozen):
    """devEui, in either case → field of the decoded object, dots for nesting → sensor."""

    devices: Annotated[
        Mapping[str, Mapping[str, Slug]],
        AfterValidator(lambda devices: {eui.lower(): fields for eui, fields in devices.items()}),
    ] = Field(default_factory=dict)


def _event(topic: str) -> tuple[str, str]:
    """(devEui, event type); a prefix before `application` is the operator's own."""
    levels = topic.split("/")
    if len(levels) < 6 or levels[-2] != "event" or levels[-4] != "device":
        raise Unreadable("wrong topic", "not application/<id>/device/<devEui>/event/<type>")
    return levels[-3].lower(), levels[-1]


def _field(decoded: Mapping[str, Any], path: str) -> object:
    """The value under a dotted path; None where the codec left it out."""
    found: object = decoded
    for name in path.split("."):
        if type(found) is not dict:
            return None
        found = found.get(name)
    return found


def _value(found: object, path: str) -> tuple[float | None, str | None]:
    """(value, remark). A field of the wrong type is missing and says so: it must not take the
    good fields of the same message with it into quarantine."""
    try:
        return number(found, path), None
    except Unreadable as fault:
        return None, fault.reason


def read(scope: Scope, topic: str, message: Message, parameters: ChirpStack) -> Sequence[Reading]:
    """One reading a mapped field. Raises Unreadable, NotAReading."""
    eui, event = _event(topic)
    if event != "up":
        raise NotAReading(event)
    fields = parameters.devices.get(eui)
    if not fields:
        raise Unreadable("unknown sensor", f"devEui {eui!r:.80}")
    said = json_object(message.payload)
    if said.get("object") is None:
        raise Unreadable("not decoded", f"devEui {eui}")
    decoded = member(said, "object")
    uplink = text(said.get("deduplicationId"), "deduplicationId")
    time = instant(said.get("time"), "time")
    values = {path: _value(_field(decoded, path), path) for path in fields}
    if all(remark for _, remark in values.values()):
        raise Unreadable("wrongly typed", f"every mapped field of devEui {eui}")
    return tuple(
        Reading(
            scope=scope,
            sensor=sensor,
            quantity=None,
            value=values[path][0],
            unit=None,
            device_time=time,
            received_at=message.received_at,
            key=f"{uplink}:{path}",
            retained=message.retained,
            detail=None,
            device_quality=values[path][1],
        )
        for path, sensor in fields.items()
    )


FORMAT = Format(
    "chirpstack",
    ChirpStack,
    read,
    sensors=lambda chirpstack: [s for f in chirpstack.devices.values() for s in f.values()],
)
