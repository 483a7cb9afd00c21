"""A device that keeps a buffer hears of each of its readings, and of nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from monitor.ingest.committed import committed
from monitor.ingest.reading import Reading
from monitor.scope import Scope, Status

ACTUAL = Scope("yunxi", Status.ACTUAL, "")
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def said(key: str, sensor: str = "gauge", scope: Scope = ACTUAL) -> Reading:
    return Reading(scope, sensor, "level", 1.0, "m", NOW, NOW, key, False, None, None)


def told(*readings: Reading) -> list[tuple[str, object]]:
    return [(topic, json.loads(payload)) for topic, payload in committed(readings, {"gauge"})]


def test_each_number_is_named_by_itself_and_each_boot_in_a_word_of_its_own() -> None:
    topic = "risk-out/yunxi/committed/gauge"
    assert told(said("a:7"), said("a:9"), said("b:0")) == [
        (topic, {"boot": "a", "seq": [7, 9]}),
        (topic, {"boot": "b", "seq": [0]}),
    ]


def test_who_keeps_no_buffer_is_not_told() -> None:
    assert told(said("a:7", "other")) == []


def test_a_reading_without_a_number_is_not_named() -> None:
    assert told(said("1782864000000000"), said("a:x"), said(":7")) == []


def test_no_device_waits_for_a_drill() -> None:
    assert told(said("a:7", scope=Scope("yunxi", Status.EXERCISE, "autumn"))) == []
