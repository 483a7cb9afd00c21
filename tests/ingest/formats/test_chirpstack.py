"""ChirpStack v4, from its own documentation's examples."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import NotAReading, Unreadable
from monitor.ingest.formats import chirpstack
from monitor.ingest.message import Message
from monitor.ingest.read import read
from monitor.ingest.reading import Reading, Source

EUI = "0101010101010101"
FIELDS = {"level": "gauge-1", "battery.volts": "gauge-1-battery"}
SOURCES = (
    Source(
        "application/+/device/+/event/+",
        chirpstack.FORMAT,
        chirpstack.ChirpStack(devices={EUI: FIELDS}),
    ),
)
RECEIVED = datetime(2022, 7, 18, 9, 34, 16, tzinfo=UTC)


def examples(shared: Path) -> dict[str, dict[str, Any]]:
    told = json.loads((shared / "payloads/chirpstack/v4_event_examples.json").read_text())
    return {example["event"]: example["payload"] for example in told}


def heard(payload: dict[str, Any], event: str = "up", eui: str = EUI) -> tuple[Reading, ...]:
    topic = f"application/17c82e96/device/{eui}/event/{event}"
    return tuple(
        read(SOURCES, "yunxi", Message(topic, json.dumps(payload).encode(), RECEIVED, False))
    )


def test_an_up_with_an_object_becomes_a_reading_a_field(shared: Path) -> None:
    up = {**examples(shared)["up"], "object": {"level": 3.21, "battery": {"volts": 3.6}, "x": "y"}}
    level, battery = heard(up)
    assert (level.sensor, level.value, level.unit, level.quantity) == ("gauge-1", 3.21, None, None)
    assert (battery.sensor, battery.value) == ("gauge-1-battery", 3.6)
    assert level.key == "3ac7e3c4-4401-4b8d-9386-a5c902f9202d:level"
    assert level.device_time == datetime(2022, 7, 18, 9, 34, 15, 775_023, tzinfo=UTC)


def test_an_up_without_an_object_is_not_decoded(shared: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        heard(examples(shared)["up"])
    assert refused.value.reason == "not decoded"


def test_the_other_seven_events_are_no_readings(shared: Path) -> None:
    others = {name: payload for name, payload in examples(shared).items() if name != "up"}
    assert len(others) == 7
    for name, payload in others.items():
        with pytest.raises(NotAReading):
            heard(payload, name)


def test_a_missing_field_is_missing_and_never_zero(shared: Path) -> None:
    for decoded in ({"battery": {"volts": 3.6}}, {"level": None, "battery": {"volts": 3.6}}):
        level, _ = heard({**examples(shared)["up"], "object": decoded})
        assert (level.value, level.device_quality) == (None, None)
    level, battery = heard({**examples(shared)["up"], "object": {"level": 0, "battery": 3.6}})
    assert (level.value, battery.value) == (0.0, None)


def test_a_field_of_the_wrong_type_does_not_take_the_others_with_it(shared: Path) -> None:
    up = {**examples(shared)["up"], "object": {"level": 3.21, "battery": {"volts": "ERR"}}}
    level, battery = heard(up)
    assert level.value == 3.21
    assert (battery.value, battery.device_quality) == (None, "wrongly typed")


def test_where_every_field_is_of_the_wrong_type_nothing_is_read(shared: Path) -> None:
    with pytest.raises(Unreadable, match="wrongly typed"):
        heard({**examples(shared)["up"], "object": {"level": True, "battery": {"volts": "ERR"}}})


def test_a_device_that_nobody_entered_is_an_unknown_sensor(shared: Path) -> None:
    with pytest.raises(Unreadable, match="unknown sensor"):
        heard({**examples(shared)["up"], "object": {"level": 1}}, eui="ffffffffffffffff")


def test_the_eui_is_the_same_in_either_case(shared: Path) -> None:
    sources = (
        Source("#", chirpstack.FORMAT, chirpstack.ChirpStack(devices={"AABB": {"l": "gauge-1"}})),
    )
    up = {**examples(shared)["up"], "object": {"l": 1}}
    message = Message(
        "application/1/device/aabb/event/up", json.dumps(up).encode(), RECEIVED, False
    )
    (reading,) = read(sources, "yunxi", message)
    assert reading.sensor == "gauge-1"
