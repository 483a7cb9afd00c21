"""What a device said, decoded and not yet judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel

from monitor.ingest.message import Message
from monitor.scope import Scope


class Phase(StrEnum):
    """Of a camera's event: one id goes NEW, UPDATE × n, END, and is one event."""

    NEW = "new"
    UPDATE = "update"
    END = "end"


class Detection(NamedTuple):
    """What a camera's event says beside its score."""

    event: str
    phase: Phase
    label: str
    zones: tuple[str, ...]
    camera: str


class Reading(NamedTuple):
    """One value of one sensor. `value` None is MISSING, and never 0."""

    scope: Scope
    sensor: str
    quantity: str | None
    """As the message names it; None where the format does not, the sensor's own then."""
    value: float | None
    unit: str | None
    """None: the unit entered for the sensor."""
    device_time: datetime | None
    received_at: datetime
    key: str
    """Dedup key within the sensor: native "boot:seq", "t:<µs>", ChirpStack's deduplicationId…"""
    retained: bool
    detail: Detection | None
    device_quality: str | None
    """The device's own remark ("suspect", "fail", …); None where it says nothing."""
    redelivered: bool = False
    """The broker may have delivered it before; of use where no key tells."""


@dataclass(frozen=True, slots=True)
class Format:
    """A payload format: one file in `monitor/ingest/formats/` binds one as FORMAT.

    `read(scope, bare_topic, message, parameters)` → readings, none of them empty-handed.
    Raises Unreadable → quarantine; NotAReading → counted, nothing kept.
    """

    name: str
    parameters: type[BaseModel]
    read: Callable[[Scope, str, Message, Any], Sequence[Reading]]
    sensors: Callable[[Any], Iterable[str]] = lambda _: ()
    """The sensors that its parameters name, so that a wrong one is told before it is silent."""


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of `sources:` in the settings: which topics are read with which format."""

    filter: str
    """MQTT topic filter on the bare topic, with + and #."""
    format: Format
    parameters: BaseModel
