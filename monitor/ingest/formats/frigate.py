"""Frigate's `frigate/events` and `frigate/reviews`: what a camera sees.

One event id goes new, update × n, end, and is one event. The score is the reading's value.
Everything else that Frigate publishes (object updates, triggers, states) is no reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from monitor.errors import NotAReading, Unreadable
from monitor.ingest.json_object import json_object, member, number, since_epoch, text, texts
from monitor.ingest.message import Message
from monitor.ingest.reading import Detection, Format, Phase, Reading
from monitor.reference.units import Frozen, Slug
from monitor.scope import Scope

_SECOND = timedelta(seconds=1)
_REVIEWED = 1.0
"""A review carries no score: it is Frigate's own verdict that there is something to see."""


class Frigate(Frozen):
    """Camera as Frigate names it → sensor."""

    cameras: Mapping[str, Slug] = Field(default_factory=dict)


def read(scope: Scope, topic: str, message: Message, parameters: Frigate) -> Sequence[Reading]:
    """One reading an event message, one a label of a review. Raises Unreadable, NotAReading."""
    kind = topic.rpartition("/")[2]
    if kind not in ("events", "reviews"):
        raise NotAReading(topic)
    said = json_object(message.payload)
    try:
        phase = Phase(text(said.get("type"), "type"))
    except ValueError as error:  # Unreadable is one too: a type that is no word is no reading
        raise NotAReading(f"{kind} of another type") from error
    after = member(said, "after")
    camera = text(after.get("camera"), "camera")
    sensor = parameters.cameras.get(camera)
    if sensor is None:
        raise Unreadable("unknown sensor", f"camera {camera!r:.80}")
    tell = _event if kind == "events" else _review
    return tuple(
        Reading(
            scope=scope,
            sensor=sensor,
            quantity="detection",
            value=value,
            unit="1",
            device_time=time,
            received_at=message.received_at,
            key=key,
            retained=message.retained,
            detail=detail,
            device_quality=None,
        )
        for value, time, key, detail in tell(after, camera, phase, message.payload)
    )


_Told = tuple[float | None, datetime | None, str, Detection]


def _event(after: dict[str, Any], camera: str, phase: Phase, payload: bytes) -> Sequence[_Told]:
    if after.get("false_positive") is True:
        raise NotAReading("false positive")
    event = text(after.get("id"), "id")
    frame_time = after.get("frame_time")
    best = after.get("top_score")
    detail = Detection(
        event=event,
        phase=phase,
        label=text(after.get("label"), "label"),
        zones=texts(after.get("current_zones"), "current_zones"),
        camera=camera,
    )
    time = since_epoch(frame_time, _SECOND, "frame_time")
    value = number(after.get("score") if best is None else best, "score")
    return ((value, time, f"{event}:{phase}:{frame_time}", detail),)


def _review(after: dict[str, Any], camera: str, phase: Phase, payload: bytes) -> Sequence[_Told]:
    """A review has no frame time: an update's content stands in the key for it, or the second
    update would be taken for a repeat of the first."""
    event = text(after.get("id"), "id")
    seen = member(after, "data")
    zones = texts(seen.get("zones"), "zones")
    at = {Phase.NEW: after.get("start_time"), Phase.END: after.get("end_time")}.get(phase)
    time = since_epoch(at, _SECOND, "time")
    content = hashlib.blake2b(payload, digest_size=8).hexdigest()
    labels = {label.removesuffix("-verified") for label in texts(seen.get("objects"), "objects")}
    if not labels:
        raise NotAReading("a review without an object")
    return tuple(
        (_REVIEWED, time, f"{event}:{phase}:{content}:{label}", detail)
        for label in sorted(labels)
        for detail in (Detection(event, phase, label, zones, camera),)
    )


FORMAT = Format("frigate", Frigate, read, sensors=lambda frigate: frigate.cameras.values())
