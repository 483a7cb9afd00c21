"""Whatever the bytes: readings, or a reason; nothing else ever comes out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import NotAReading, Unreadable
from monitor.ingest.formats import chirpstack, frigate, native
from monitor.ingest.message import Message
from monitor.ingest.read import matches, read, scope_of
from monitor.ingest.reading import Source
from monitor.scope import Status

SOURCES = (
    Source("risk/+/+/+", native.FORMAT, native.Native()),
    Source("frigate/#", frigate.FORMAT, frigate.Frigate(cameras={"cam": "camera-1"})),
    Source(
        "application/#",
        chirpstack.FORMAT,
        chirpstack.ChirpStack(devices={"01": {"a": "gauge-1", "b.c": "gauge-2"}}),
    ),
)
TOPICS = st.sampled_from(
    [
        "risk/yunxi/gauge-1/level",
        "risk/yunxi/gauge-1/rain",
        "exercise/autumn/risk/yunxi/gauge-1/level",
        "frigate/events",
        "frigate/reviews",
        "application/1/device/01/event/up",
        "application/device/event",
    ]
)
_TOP = ("value", "time", "unit", "boot", "seq", "quality", "type", "after", "deduplicationId")
_INNER = ("id", "camera", "label", "frame_time", "score", "current_zones", "data", "objects", "a")
NAMES = st.sampled_from((*_TOP, *_INNER, "zones", "start_time", "object", "b", "c"))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["new", "end", "cam", "2025-07-01T12:00:00+08:00", "9999-12-31T23:59:59-14:00"]
    )
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)
SEEN = st.fixed_dictionaries(
    {"id": LEAVES, "camera": st.just("cam"), "label": LEAVES},
    optional={"frame_time": LEAVES, "score": LEAVES, "current_zones": VALUES, "data": VALUES},
)
"""Nearly what Frigate says, so that the fuzz gets past the first check."""
OBJECTS = (
    st.dictionaries(NAMES, VALUES, max_size=8)
    | st.fixed_dictionaries(
        {"value": LEAVES}, optional={"time": LEAVES, "boot": LEAVES, "seq": LEAVES}
    )
    | st.fixed_dictionaries({"type": st.sampled_from(["new", "update", "end"]), "after": SEEN})
    | st.fixed_dictionaries(
        {"deduplicationId": LEAVES, "object": st.dictionaries(NAMES, VALUES)},
        optional={"time": LEAVES},
    )
)


def hear(topic: str, payload: bytes) -> None:
    """Fails on anything but readings, Unreadable and NotAReading."""
    message = Message(topic, payload, datetime(2025, 7, 1, tzinfo=UTC), False)
    try:
        readings = read(SOURCES, "yunxi", message)
    except (Unreadable, NotAReading) as said:
        str(said).encode()  # a reason can be kept whatever the bytes were
        return
    assert readings
    for reading in readings:
        assert reading.value is None or isfinite(reading.value)
        assert reading.key.isprintable() and reading.sensor
        assert reading.device_time is None or reading.device_time.tzinfo is UTC


@given(TOPICS | st.text(max_size=40), st.binary(max_size=200))
def test_arbitrary_bytes_never_break_the_door(topic: str, payload: bytes) -> None:
    hear(topic, payload)


@settings(max_examples=300)
@given(TOPICS, OBJECTS)
def test_arbitrary_json_never_breaks_the_door(topic: str, told: dict[str, object]) -> None:
    hear(topic, json.dumps(told).encode())


@given(TOPICS, st.sampled_from(["[", '{"a":', '{"after":']), st.integers(1, 20_000))
@settings(max_examples=20)
def test_nesting_never_breaks_the_door(topic: str, opening: str, depth: int) -> None:
    hear(topic, (opening * depth).encode()[:65_536])


@given(st.text(max_size=30))
def test_every_topic_has_a_world_and_a_broken_prefix_is_not_the_real_one(topic: str) -> None:
    message = Message(topic, b"", datetime(2025, 7, 1, tzinfo=UTC), False)
    prefixed = topic.startswith(("exercise/", "test/"))
    assert (scope_of(message, "yunxi").status is Status.ACTUAL) is not prefixed


@pytest.mark.parametrize(
    ("topic", "status", "name"),
    [
        ("exercise/", Status.EXERCISE, "unnamed"),
        ("exercise/autumn/x", Status.EXERCISE, "autumn"),
        ("test/", Status.TEST, "unnamed"),
        ("risk/a/b/c", Status.ACTUAL, ""),
    ],
)
def test_scope_of(topic: str, status: Status, name: str) -> None:
    message = Message(topic, b"", datetime(2025, 7, 1, tzinfo=UTC), False)
    assert scope_of(message, "yunxi") == ("yunxi", status, name)


@pytest.mark.parametrize(
    ("wanted", "topic", "taken"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/+", "a/b", True),
        ("a/+", "a", False),
        ("a/+", "a/", True),
        ("+/+", "a/b", True),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/+/#", "a", False),
        ("#", "a/b", True),
        ("#", "$SYS/x", False),
        ("+/x", "$SYS/x", False),
        ("$SYS/#", "$SYS/x", True),
    ],
)
def test_a_filter_takes_what_mqtt_says_it_takes(wanted: str, topic: str, taken: bool) -> None:
    assert matches(wanted, topic) is taken


def test_the_first_source_that_takes_the_topic_reads_it() -> None:
    sources = (Source("risk/#", frigate.FORMAT, frigate.Frigate()), *SOURCES)
    message = Message(
        "risk/yunxi/g/level", b'{"value": 1}', datetime(2025, 7, 1, tzinfo=UTC), False
    )
    with pytest.raises(NotAReading):
        read(sources, "yunxi", message)
