"""Other recorded waters through the door and the whole pipeline, under the limits we ship."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.alerting.severity import Severity
from monitor.ingest.message import Message
from monitor.judging.memory import Knowledge, Memory, Outcome
from monitor.pipeline import decide, hear
from monitor.settings import Settings
from tests.replay.record import RED, Said, township
from tests.stories.harness import edited, example

Series = list[tuple[datetime, float]]


def gauge(folder: Path, minutes: int, **limits: float) -> Settings:
    """A township with one gauge, that speaks so often, and these limits in metres."""
    ladder = tuple((severity, at, severity) for severity, at in limits.items())
    settings = township(folder, [Said("", "1", datetime.min.replace(tzinfo=UTC), 0.0, ladder, RED)])
    sensor = settings.knowledge.sensors["g1"]
    sensors = {"g1": sensor.model_copy(update={"interval": timedelta(minutes=minutes)})}
    rules = {id: replace(rule, sensors=sensors) for id, rule in settings.knowledge.rules.items()}
    watching = {"g1": tuple(rules.values())}
    known = replace(settings.knowledge, sensors=sensors, rules=rules, rules_by_sensor=watching)
    return replace(settings, knowledge=known)


def through_the_door(known: Knowledge, messages: Iterable[Message]) -> tuple[Memory, list[Outcome]]:
    """Each message as it comes, and what is remembered after the last."""
    memory: Memory | None = None
    outcomes = []
    for message in messages:
        now = message.received_at
        memory = memory or Memory.empty(known.township, now)
        outcomes.append(decide(known, memory, hear(known, [message]), now))
        memory.swap(outcomes[-1])
    assert memory is not None
    return memory, outcomes


def native(series: Series, unit: str, topic: str = "risk/yunxi/g1/level") -> list[Message]:
    said = [{"value": value, "unit": unit, "time": at.isoformat()} for at, value in series]
    return [
        Message(topic, json.dumps(body).encode(), at, False)
        for body, (at, _) in zip(said, series, strict=True)
    ]


def worst_told(outcomes: list[Outcome]) -> dict[str, Severity]:
    """Day → the worst that anybody was told on it."""
    told: dict[str, Severity] = {}
    for outcome in outcomes:
        for n in outcome.notifications:
            day = n.created_at.date().isoformat()
            told[day] = max(n.severity, told.get(day, Severity.NORMAL))
    return told


def dead_run(shared: Path) -> Series:
    with (shared / "stage/usgs/01589330_dead_run_5min_2018-06.csv").open() as lines:
        rows = csv.DictReader(lines)
        return [
            (datetime.fromisoformat(row["datetime_utc"]), float(row["gage_height_ft"]))
            for row in rows
        ]


def test_both_flash_floods_of_dead_run_are_told_red_in_feet_against_metres(
    shared: Path, tmp_path: Path
) -> None:
    known = gauge(tmp_path / "c", 5, blue=0.914, yellow=1.219, red=1.524).knowledge  # 3, 4, 5 ft
    series = dead_run(shared)
    memory, outcomes = through_the_door(known, native(series, "ft"))
    told = worst_told(outcomes)
    assert {day for day, worst in told.items() if worst is Severity.RED} == {
        "2018-06-03",
        "2018-06-11",
    }
    first = next(at for at, feet in series if feet >= 5.0)
    rang = next(n for o in outcomes for n in o.notifications if n.severity is Severity.RED)
    assert rang.created_at == first
    assert not memory.alerts


def test_dead_run_below_the_official_stages_wakes_nobody(shared: Path, tmp_path: Path) -> None:
    known = gauge(tmp_path / "c", 5, yellow=2.438, red=3.048).knowledge  # 8, 10 ft
    _, outcomes = through_the_door(known, native(dead_run(shared), "ft"))
    assert worst_told(outcomes) == {}


def uk(path: Path) -> Series:
    """Newest first in the file."""
    rows = json.loads(path.read_text())
    return [(datetime.fromisoformat(row["ts"]), float(row["_"])) for row in reversed(rows)]


def test_the_tide_with_its_spike_leaves_the_same_alarms_as_without(
    shared: Path, tmp_path: Path
) -> None:
    known = gauge(tmp_path / "c", 15, blue=2.0, yellow=2.5, red=3.0).knowledge
    spiked, true = (
        through_the_door(known, native(uk(shared / f"stage/uk_ea/{name}.json"), "m"))
        for name in ("spikeTelem", "nonSpikeTelem")
    )
    assert {key.site: a.severity for key, a in spiked[0].alerts.items()} == {
        key.site: a.severity for key, a in true[0].alerts.items()
    }
    told = [[n.id for o in outcomes for n in o.notifications] for _, outcomes in (spiked, true)]
    assert told[0] == told[1]


def rain(shared: Path) -> tuple[Series, datetime, dict[str, float]]:
    told = json.loads((shared / "stage/uk_ea/telemetry.json").read_text())
    latest = datetime.fromisoformat(told["latestDateTime"])
    values = told["minutes"]["values"]
    series = [(datetime.fromisoformat(v["dateTime"]), float(v["value"])) for v in reversed(values)]
    totals = {hours: float(told[f"latest{hours}hr"]) for hours in ("1", "6", "24")}
    return [(at, mm) for at, mm in series if at <= latest], latest, totals


def test_the_agencys_rain_totals_trip_their_limits_and_a_tenth_more_does_not(
    shared: Path, tmp_path: Path
) -> None:
    series, _, totals = rain(shared)
    assert totals == {"1": 2.0, "6": 3.8, "24": 5.8}
    for hours, total in totals.items():
        for limit, expected in ((total, Severity.RED), (total + 0.1, Severity.NORMAL)):
            last = rained(tmp_path / f"{hours}-{limit}", series, int(hours), round(limit, 1))
            assert last.reached is expected, (hours, limit)


def rained(folder: Path, series: Series, hours: int, red: float) -> Any:
    """What the rule says at the end, of the example's rain gauge with one window and one rung."""
    folder.mkdir()
    settings = edited(folder)
    known = settings.knowledge
    rule = known.rules["shiqiao-rain"]
    sensor = known.sensors["shiqiao-rain"].model_copy(update={"interval": timedelta(minutes=15)})
    window = {"over": f"{hours} h", "rungs": [{"severity": "red", "at": red, "basis": "雨量"}]}
    parameters = rule.kind.parameters.model_validate({"windows": [window]})
    one = replace(rule, parameters=parameters, sensors={sensor.id: sensor})
    known = replace(
        known,
        sensors={**known.sensors, sensor.id: sensor},
        rules={one.id: one},
        rules_by_sensor={sensor.id: (one,)},
    )
    topic = "risk/yunxi/shiqiao-rain/rain"
    _, outcomes = through_the_door(known, native(series, "mm", topic))
    return outcomes[-1].judgements[-1]


def documented(path: Path, theirs: str, ours: str) -> list[dict[str, Any]]:
    """The examples, told by a device of ours."""
    found: list[dict[str, Any]] = json.loads(path.read_text().replace(theirs, ours))
    return found


def test_the_documented_events_of_chirpstack_come_through_the_door(shared: Path) -> None:
    """An up without a decoded object is quarantined; the seven other events are no readings."""
    path = shared / "payloads/chirpstack/v4_event_examples.json"
    at = datetime(2026, 7, 15, tzinfo=UTC)
    topic = "application/a/device/70b3d57ed0000001/event/"
    messages = [
        Message(topic + e["event"], json.dumps(e["payload"]).encode(), at, False)
        for e in documented(path, "0101010101010101", "70b3d57ed0000001")
    ]
    intake = hear(example().knowledge, messages)
    assert [q.reason for q in intake.quarantined] == ["not decoded"]
    assert (len(intake.readings), intake.ignored) == (0, 7)


def test_the_documented_events_of_frigate_come_through_the_door(shared: Path) -> None:
    """A person in a zone is a reading of the camera; what is no event is not for us."""
    path = shared / "payloads/frigate/docs_payloads.json"
    at = datetime(2026, 7, 15, tzinfo=UTC)
    known, heard = example().knowledge, []
    for event in documented(path, "front_door", "manshui"):
        message = Message(event["topic"], json.dumps(event["payload"]).encode(), at, False)
        intake = hear(known, [message])
        heard += [(event["topic"], r.sensor, r.detail and r.detail.label) for r in intake.readings]
        assert "defect" not in {q.reason for q in intake.quarantined}
    assert heard == [("frigate/events", "manshui-camera", "person")]
