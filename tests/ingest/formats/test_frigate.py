"""Frigate, from its own documentation's examples."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import NotAReading, Unreadable
from monitor.ingest.formats import frigate
from monitor.ingest.message import Message
from monitor.ingest.read import read
from monitor.ingest.reading import Detection, Phase, Reading, Source

SOURCES = (
    Source(
        "frigate/#",
        frigate.FORMAT,
        frigate.Frigate(cameras={"front_door": "ford-camera", "front_cam": "bridge-camera"}),
    ),
)
RECEIVED = datetime(2020, 12, 4, 22, 12, 43, tzinfo=UTC)


def examples(shared: Path, topic: str) -> list[dict[str, Any]]:
    told = json.loads((shared / "payloads/frigate/docs_payloads.json").read_text())
    return [example["payload"] for example in told if example["topic"] == topic]


def heard(topic: str, payload: object) -> tuple[Reading, ...]:
    raw = json.dumps(payload).encode()
    return tuple(read(SOURCES, "yunxi", Message(topic, raw, RECEIVED, False)))


def test_a_person_in_a_zone_is_a_detection_with_its_best_score(shared: Path) -> None:
    (event,) = examples(shared, "frigate/events")
    (reading,) = heard("frigate/events", event)
    assert (reading.sensor, reading.quantity, reading.unit) == ("ford-camera", "detection", "1")
    assert reading.value == 0.958984375
    assert reading.detail == Detection(
        "1607123955.475377-mxklsc", Phase.UPDATE, "person", ("yard", "driveway"), "front_door"
    )
    assert reading.key == "1607123955.475377-mxklsc:update:1607123962.082975"
    told = datetime(2020, 12, 4, 23, 19, 22, 82_975, tzinfo=UTC)
    assert reading.device_time is not None
    assert abs(reading.device_time - told) < timedelta(microseconds=2)


def test_one_id_goes_new_update_end_under_three_keys(shared: Path) -> None:
    (event,) = examples(shared, "frigate/events")
    keys, events = set(), set()
    for phase in ("new", "update", "end"):
        (reading,) = heard("frigate/events", {**event, "type": phase})
        assert reading.detail is not None
        keys.add(reading.key)
        events.add(reading.detail.event)
    assert len(keys) == 3 and len(events) == 1


def test_a_review_is_one_reading_a_label(shared: Path) -> None:
    (review,) = examples(shared, "frigate/reviews")
    car, person = heard("frigate/reviews", review)
    assert car.detail and person.detail
    assert (car.detail.label, person.detail.label) == ("car", "person")
    assert person.detail.zones == ("front_yard",) and person.sensor == "bridge-camera"
    assert (person.value, person.device_time) == (1.0, None)
    assert car.key != person.key


def test_two_updates_of_a_review_are_no_repeat_and_the_same_one_is(shared: Path) -> None:
    (review,) = examples(shared, "frigate/reviews")
    later = json.loads(json.dumps(review))
    later["after"]["data"]["zones"].append("bridge")
    first, again, second = (
        heard("frigate/reviews", told)[0].key for told in (review, review, later)
    )
    assert first == again != second


def test_a_verified_person_is_a_person(shared: Path) -> None:
    (review,) = examples(shared, "frigate/reviews")
    review["after"]["data"]["objects"] = ["person-verified", "person"]
    (reading,) = heard("frigate/reviews", review)
    assert reading.detail and reading.detail.label == "person"


def test_all_else_that_frigate_says_is_no_reading(shared: Path) -> None:
    for topic in ("frigate/tracked_object_update", "frigate/triggers"):
        told = examples(shared, topic)
        assert told
        for payload in told:
            with pytest.raises(NotAReading):
                heard(topic, payload)
    (event,) = examples(shared, "frigate/events")
    for other in ({**event, "type": "genai"}, {**event, "type": None}, {}):
        with pytest.raises(NotAReading):
            heard("frigate/events", other)
    with pytest.raises(NotAReading):
        heard("frigate/front_door/person", 3)


def test_a_list_from_the_http_interface_is_no_event(shared: Path) -> None:
    for name in ("http_api_events.json", "http_api_reviews.json"):
        told = json.loads((shared / "payloads/frigate" / name).read_text())
        with pytest.raises(Unreadable, match="not an object"):
            heard("frigate/events", told)


def test_a_camera_that_nobody_entered_is_an_unknown_sensor(shared: Path) -> None:
    (event,) = examples(shared, "frigate/events")
    event["after"]["camera"] = "garage"
    with pytest.raises(Unreadable, match="unknown sensor"):
        heard("frigate/events", event)


def test_an_event_without_a_score_is_missing_and_never_zero(shared: Path) -> None:
    (event,) = examples(shared, "frigate/events")
    event["after"]["top_score"] = event["after"]["score"] = None
    assert heard("frigate/events", event)[0].value is None
