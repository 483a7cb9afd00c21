"""Our own JSON."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.errors import Unreadable
from monitor.ingest.formats import native
from monitor.ingest.message import Message
from monitor.ingest.read import read
from monitor.ingest.reading import Reading, Source
from monitor.scope import Status

SOURCES = (Source("risk/+/+/+", native.FORMAT, native.Native()),)
RECEIVED = datetime(2025, 7, 1, 12, tzinfo=UTC)


def heard(payload: str | bytes, topic: str = "risk/yunxi/gauge-1/level") -> Reading:
    raw = payload.encode() if isinstance(payload, str) else payload
    (reading,) = read(SOURCES, "yunxi", Message(topic, raw, RECEIVED, False))
    return reading


def test_a_full_message_is_read_to_the_letter() -> None:
    reading = heard(
        '{"value": 3.2, "time": "2025-07-01T19:59:00+08:00", "unit": "cm",'
        ' "boot": "b7", "seq": 41, "quality": "suspect"}'
    )
    assert (reading.sensor, reading.quantity, reading.value) == ("gauge-1", "level", 3.2)
    assert reading.device_time == datetime(2025, 7, 1, 11, 59, tzinfo=UTC)
    assert (reading.unit, reading.key, reading.device_quality) == ("cm", "b7:41", "suspect")


def test_epoch_milliseconds_are_a_time() -> None:
    assert heard('{"value": 1, "time": 1751371140123}').device_time == datetime(
        2025, 7, 1, 11, 59, 0, 123_000, tzinfo=UTC
    )


@pytest.mark.parametrize("payload", ["{}", '{"value": null}'])
def test_no_value_is_missing_and_never_zero(payload: str) -> None:
    assert heard(payload).value is None


def test_without_a_time_it_happened_when_it_came() -> None:
    reading = heard('{"value": 1}')
    assert reading.device_time is None
    assert reading.key == "t:1751371200000000"


def test_seq_without_boot_is_no_key() -> None:
    assert heard('{"value": 1, "seq": 7}').key.startswith("t:")


def test_a_prefix_puts_it_into_its_own_world() -> None:
    reading = heard('{"value": 1}', "exercise/autumn/risk/yunxi/gauge-1/level")
    assert reading.scope == ("yunxi", Status.EXERCISE, "autumn")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ('{"value": "3.2"}', "wrongly typed"),
        ('{"value": true}', "wrongly typed"),
        ('{"value": [1]}', "wrongly typed"),
        ('{"value": NaN}', "NaN or infinite"),
        ('{"value": -Infinity}', "NaN or infinite"),
        ('{"value": 1e400}', "NaN or infinite"),
        ('{"value": 1' + "0" * 400 + "}", "NaN or infinite"),
        ('{"value": 1' + "0" * 5000 + "}", "not JSON"),
        ('{"value": 1, "value": 2}', "duplicate key"),
        ('{"value": 1, "time": "2025-07-01T12:00:00"}', "time without offset"),
        ('{"value": 1, "time": "yesterday"}', "unparsable time"),
        ('{"value": 1, "time": "0001-01-01T00:00:00+14:00"}', "unparsable time"),
        ('{"value": 1, "time": 1e300}', "unparsable time"),
        ('{"value": 1, "time": false}', "unparsable time"),
        ('{"value": 1, "boot": "\\ud800", "seq": 1}', "not printable"),
        ('{"value": 1, "boot": "a\\u0000", "seq": 1}', "not printable"),
        ('{"value": 1, "boot": 1e3, "seq": 1}', "wrongly typed"),
        ("[" * 60_000, "not JSON"),
        ('{"a":' * 10_000, "not JSON"),
        ("[1]", "not an object"),
        ("3.2", "not an object"),
        ("", "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b" " * 65_537, "too large"),
    ],
)
def test_what_cannot_be_used_says_why(payload: str | bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        heard(payload)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("risk/elsewhere/gauge-1/level", "another township"),
        ("risk/yunxi//level", "wrong topic"),
        ("risk/yunxi/gauge-1", "no format for this topic"),
        ("weather/yunxi/gauge-1/level", "no format for this topic"),
        ("exercise/autumn", "topic without a drill"),
    ],
)
def test_a_wrong_topic_says_why(topic: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        heard('{"value": 1}', topic)
    assert refused.value.reason == reason
