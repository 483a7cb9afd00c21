"""A camera at the ford: Frigate's `frigate/events` for one object in a zone.

Field names as in Frigate's documentation of its MQTT messages. One event keeps one id through
`new`, `update` × n and `end`. There is no picture and no face in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulators.publication import Publication, body

TOPIC = "frigate/events"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody is in the zone from `begins` for so long."""

    camera: str
    zone: str
    begins: datetime
    lasts: timedelta
    label: str = "person"
    score: float = 0.84
    update_every: timedelta = timedelta(seconds=10)


def events(visit: Visit, seed: int = 1) -> Iterator[Publication]:
    """`new`, an `update` each `update_every`, `end`; the same seed gives the same event id."""
    chance = Random(f"{seed}/{visit.camera}/{visit.begins.isoformat()}")
    suffix = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=6))
    event = f"{visit.begins.timestamp():.6f}-{suffix}"
    ends = visit.begins + visit.lasts
    before = _seen(visit, event, visit.begins, chance)
    yield _message("new", before, before, visit.begins)
    at = visit.begins + visit.update_every
    while at < ends:
        after = _seen(visit, event, at, chance)
        yield _message("update", before, after, at)
        before, at = after, at + visit.update_every
    gone = before | {"end_time": ends.timestamp(), "current_zones": []}
    yield _message("end", before, gone | {"frame_time": ends.timestamp()}, ends)


def _message(kind: str, before: dict[str, Any], after: dict[str, Any], at: datetime) -> Publication:
    return Publication(at, TOPIC, body({"type": kind, "before": before, "after": after}))


def _seen(visit: Visit, event: str, at: datetime, chance: Random) -> dict[str, Any]:
    left, top = chance.randint(300, 700), chance.randint(200, 400)
    return {
        "id": event,
        "camera": visit.camera,
        "frame_time": at.timestamp(),
        "label": visit.label,
        "sub_label": None,
        "top_score": visit.score,
        "false_positive": False,
        "start_time": visit.begins.timestamp(),
        "end_time": None,
        "score": round(visit.score - chance.uniform(0, 0.1), 6),
        "box": [left, top, left + 60, top + 150],
        "area": 9000,
        "region": [left - 100, top - 60, left + 220, top + 260],
        "current_zones": [visit.zone],
        "entered_zones": [visit.zone],
        "thumbnail": None,
        "has_snapshot": False,
        "has_clip": False,
        "active": True,
        "stationary": False,
        "motionless_count": 0,
        "position_changes": 1,
        "attributes": {},
        "current_attributes": [],
    }
