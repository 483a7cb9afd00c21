"""Whatever bytes come through the door, the next reading is judged and nothing is a surprise."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from monitor.alerting.severity import Severity
from monitor.ingest.message import MAX_PAYLOAD, Message
from tests.stories.harness import NIGHT, Story, story

FEW = settings(max_examples=10, deadline=None, derandomize=True, phases=[Phase.generate])
EVENTS = "application/a/device/70b3d57ed0000001/event/up"

topics = st.sampled_from(
    [
        "risk/yunxi/shiqiao-level/level",
        "risk/yunxi/shiqiao-level/rain",
        "risk/yunxi/nobody/level",
        "risk/other/shiqiao-level/level",
        "exercise/autumn-drill/risk/yunxi/shangyou-level/level",
        "exercise//risk/yunxi/shangyou-level/level",
        "test/",
        "frigate/events",
        "frigate/reviews",
        EVENTS,
        "risk/yunxi/🌊/level",
        "$SYS/broker",
        "",
    ]
)
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["\ud800", "\x00", "NaN", "2026-07-14T18:00:00", "9999-12-31T23:59:59-14:00", 1e308, -0.0]
    ),
    st.sampled_from(["0001-01-01T00:00:00+14:00", NIGHT.isoformat(), NIGHT.timestamp() * 1e3, 0]),
)
nested = st.recursive(odd, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
NAMES = "value time unit boot seq quality type before after id label camera score devEui object"
NAMES += " current_zones frame_time start_time end_time deviceInfo deduplicationId displacement_mm"
names = st.sampled_from(NAMES.split())
objects = st.recursive(
    st.dictionaries(names, nested, max_size=6),
    lambda inner: st.dictionaries(names, st.one_of(nested, inner), max_size=6),
    max_leaves=4,
)
USUAL = {"value": 87.0, "time": NIGHT.isoformat()}
payloads = st.one_of(
    st.binary(max_size=40),
    objects.map(lambda said: json.dumps(said).encode()),
    objects.map(
        lambda said: json.dumps({"value": 87.0, "time": NIGHT.isoformat(), **said}).encode()
    ),
    st.sampled_from([b"", b"[" * 5000, b"9" * 5000, b"\xff\xfe", b"x" * (MAX_PAYLOAD + 1)]),
)


def read(town: Story, value: float) -> Message:
    said: dict[str, Any] = {"value": value, "time": town.clock.now().isoformat()}
    topic = "risk/yunxi/longtan-level/level"
    return Message(topic, json.dumps(said).encode(), town.clock.now(), False)


async def besieged(folder: Path, hostile: list[tuple[str, bytes, bool]]) -> None:
    async with story(folder) as town:
        surprises = []
        town.ingest.listener = lambda outcome: surprises.extend(outcome.defects)
        crowd = [
            Message(topic, payload, NIGHT + timedelta(milliseconds=n), retained)
            for n, (topic, payload, retained) in enumerate(hostile)
        ]
        await town.ingest.accept([*crowd, read(town, 150.7)])
        await town.ingest.take(tick=True)
        await town.settle()
        assert surprises == []
        reasons = {q.reason for q in await town.store.quarantined(town.desk.actual, 1000)}
        assert "defect" not in reasons
        alerts = {a.site: a for a in await town.store.alerts(town.desk.actual)}
        assert alerts["longtan"].severity is Severity.RED
        assert "mayor" in town.who_rang()


@FEW
@given(st.lists(st.tuples(topics, payloads, st.booleans()), max_size=30))
def test_the_flood_behind_a_crowd_of_hostile_messages_is_told(
    hostile: list[tuple[str, bytes, bool]],
) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(besieged(Path(folder), hostile))
