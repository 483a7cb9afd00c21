from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from monitor.ingest.formats.frigate import FORMAT
from monitor.ingest.message import Message
from monitor.ingest.reading import Phase
from monitor.scope import Scope, Status
from simulators.cameras import Visit, events

BEGINS = datetime(2026, 6, 20, 22, 0, tzinfo=UTC)
VISIT = Visit("ford_cam", "deck", BEGINS, timedelta(seconds=35))


def test_one_visit_is_one_event_from_new_over_updates_to_end() -> None:
    sent = list(events(VISIT))
    said = [json.loads(p.payload) for p in sent]
    assert [s["type"] for s in said] == ["new", "update", "update", "update", "end"]
    assert len({s["after"]["id"] for s in said}) == 1
    assert said[-1]["after"]["end_time"] == (BEGINS + timedelta(seconds=35)).timestamp()
    assert {p.topic for p in sent} == {"frigate/events"}


def test_the_same_seed_gives_the_same_event() -> None:
    assert list(events(VISIT, 3)) == list(events(VISIT, 3))
    assert list(events(VISIT, 3)) != list(events(VISIT, 4))


def test_the_service_reads_what_the_camera_says() -> None:
    scope = Scope("yunxi", Status.ACTUAL, "")
    parameters = FORMAT.parameters.model_validate({"cameras": {"ford_cam": "ford-cam"}})
    readings = [
        reading
        for p in events(VISIT)
        for reading in FORMAT.read(
            scope, p.topic, Message(p.topic, p.payload, p.at, False), parameters
        )
    ]
    assert [r.detail.phase for r in readings if r.detail] == [
        Phase.NEW,
        Phase.UPDATE,
        Phase.UPDATE,
        Phase.UPDATE,
        Phase.END,
    ]
    assert [r.device_time for r in readings] == [p.at for p in events(VISIT)]
    assert len({r.key for r in readings}) == 5
