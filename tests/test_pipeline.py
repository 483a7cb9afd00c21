"""One page decides: a published reading becomes an alert, its ladders and its messages."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerting.alerts import Change
from monitor.alerting.orders import CallByHand, EndCall, GaugeRead, SiteClosed
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.message import Message
from monitor.judging.memory import AlertKey, Knowledge, Memory, Outcome
from monitor.pipeline import decide, hear, retire
from monitor.scope import Scope, Status
from monitor.settings import load

NOW = datetime(2026, 7, 15, 18, 0, tzinfo=UTC)  # 02:00 in the township
ACTUAL = Scope("yunxi", Status.ACTUAL, "")
TOWN = AlertKey(ACTUAL, "shiqiao", "flood")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(
        Path(__file__).parents[1] / "config", {"MONITOR_TOKEN": "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"}
    ).knowledge


@pytest.fixture
def memory() -> Memory:
    return Memory.empty("yunxi", NOW)


def reading(
    value: object, at: datetime = NOW, sensor: str = "shiqiao-level", prefix: str = ""
) -> Message:
    body = json.dumps({"value": value, "time": at.isoformat()})
    return Message(f"{prefix}risk/yunxi/{sensor}/level", body.encode(), at, False)


def judged(knowledge: Knowledge, memory: Memory, *messages: Message) -> Outcome:
    outcome = decide(knowledge, memory, hear(knowledge, messages), NOW)
    memory.swap(outcome)
    return outcome


def test_a_reading_over_the_top_rung_calls_those_who_answer_for_the_place(
    knowledge: Knowledge, memory: Memory
) -> None:
    outcome = judged(knowledge, memory, reading(87.9))
    (transition,) = outcome.transitions
    assert (transition.change, transition.alert.severity) == (Change.RAISED, Severity.RED)
    assert outcome.escalations
    assert any("红级叫应：石桥站" in n.text for n in outcome.notifications)
    assert outcome.entries[0].event == "alert.raised"


def test_deciding_twice_from_the_same_memory_gives_the_same_ids_and_touches_nothing(
    knowledge: Knowledge, memory: Memory
) -> None:
    before = copy.copy(memory.tracks), copy.copy(memory.trails), copy.copy(memory.alerts)
    intake = hear(knowledge, [reading(87.9)])
    first, second = (decide(knowledge, memory, intake, NOW) for _ in range(2))
    assert first == second
    assert (memory.tracks, memory.trails, memory.alerts) == before


def test_a_drill_and_the_real_world_do_not_touch_each_other(
    knowledge: Knowledge, memory: Memory
) -> None:
    outcome = judged(knowledge, memory, reading(87.9, prefix="exercise/spring/"))
    (alert,) = outcome.alerts.values()
    assert alert.scope == Scope("yunxi", Status.EXERCISE, "spring")
    assert TOWN not in memory.alerts
    assert judged(knowledge, memory, reading(85.0)).transitions == []
    assert len(memory.alerts) == 1


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\xff", "not UTF-8"),
        (b"{", "not JSON"),
        (b'{"value": NaN}', "NaN or infinite"),
        (b'{"value": "3.2"}', "wrongly typed"),
    ],
)
def test_an_unreadable_message_is_kept_with_its_reason_and_the_next_is_judged(
    knowledge: Knowledge, memory: Memory, payload: bytes, reason: str
) -> None:
    bad = Message("risk/yunxi/shiqiao-level/level", payload, NOW, False)
    outcome = judged(knowledge, memory, bad, reading(87.9))
    assert [q.reason for q in outcome.quarantined] == [reason]
    assert TOWN in memory.alerts


def test_an_unknown_sensor_goes_to_quarantine(knowledge: Knowledge, memory: Memory) -> None:
    outcome = judged(knowledge, memory, reading(1.0, sensor="nobody-knows"))
    assert [q.reason for q in outcome.quarantined] == ["unknown sensor"]


def test_a_repetition_changes_nothing_and_another_value_under_its_key_is_a_conflict(
    knowledge: Knowledge, memory: Memory
) -> None:
    judged(knowledge, memory, reading(87.9))
    again = judged(knowledge, memory, reading(87.9))
    assert (again.ignored, again.is_empty) == (1, True)
    other = judged(knowledge, memory, reading(87.8))
    assert [q.reason for q in other.quarantined] == ["conflict"]


def test_a_retained_message_is_history(knowledge: Knowledge, memory: Memory) -> None:
    outcome = judged(knowledge, memory, reading(87.9)._replace(retained=True))
    assert len(outcome.observations) == 1
    assert outcome.transitions == []


def test_a_batch_tells_people_once_of_what_stands(knowledge: Knowledge, memory: Memory) -> None:
    step = timedelta(minutes=5)
    batch = [reading(86.6, NOW - 2 * step), reading(87.3, NOW - step), reading(87.9)]
    outcome = judged(knowledge, memory, *batch)
    assert [t.alert.severity for t in outcome.transitions] == [2, 3, 4]
    assert {n.severity for n in outcome.notifications} == {Severity.RED}


def test_the_county_rang_and_the_chain_starts_without_a_sensor(
    knowledge: Knowledge, memory: Memory
) -> None:
    call = CallByHand(ACTUAL, "shiqiao", "flood", Severity.ORANGE, "县电", "县防办", "desk-1", NOW)
    outcome = decide(knowledge, memory, hear(knowledge, []), NOW, orders=[call])
    memory.swap(outcome)
    assert outcome.escalations
    assert memory.alerts[TOWN].origin == "县防办"
    assert ("order.call", "desk-1") in [(e.event, e.person) for e in outcome.entries]
    end = EndCall(ACTUAL, "shiqiao", "flood", "desk-1", NOW)
    ended = decide(knowledge, memory, hear(knowledge, []), NOW, orders=[end])
    memory.swap(ended)
    assert TOWN not in memory.alerts


def test_a_staff_gauge_reading_is_a_good_observation(knowledge: Knowledge, memory: Memory) -> None:
    order = GaugeRead(ACTUAL, "shiqiao-level", 87.3, "desk-1", NOW)
    outcome = decide(knowledge, memory, hear(knowledge, []), NOW, orders=[order])
    (observation,) = outcome.observations
    assert (observation.value, observation.reasons) == (87.3, ("staff gauge",))
    assert outcome.alerts[TOWN].severity is Severity.ORANGE


def test_a_closed_bridge_is_remembered(knowledge: Knowledge, memory: Memory) -> None:
    for closed in (True, False):
        order = SiteClosed(ACTUAL, "manshui", closed, "desk-1", NOW)
        outcome = decide(knowledge, memory, hear(knowledge, []), NOW, orders=[order])
        memory.swap(outcome)
        assert ((ACTUAL, "manshui") in memory.closed_sites) is closed


def test_an_alert_whose_rule_left_the_configuration_is_closed(
    knowledge: Knowledge, memory: Memory
) -> None:
    judged(knowledge, memory, reading(87.9))
    rules = {name: rule for name, rule in knowledge.rules.items() if name != "shiqiao-level"}
    outcome = retire(_with_rules(knowledge, rules), memory, {}, NOW)
    (transition,) = outcome.transitions
    assert transition.change is Change.CLOSED
    assert transition.alert.condition is Condition.OK


def _with_rules(knowledge: Knowledge, rules: object) -> Knowledge:
    from dataclasses import replace

    return replace(knowledge, rules=rules)  # type: ignore[arg-type]  # a dict is a Mapping


def test_what_one_gauge_adds_after_another_raised_stands_though_it_changes_no_level(
    knowledge: Knowledge, memory: Memory
) -> None:
    rain = [(NOW - timedelta(minutes=5 * n), 12.0) for n in range(12, -1, -1)]
    wet = [_rained(mm, at) for at, mm in rain]
    outcome = judged(knowledge, memory, reading(87.9), *wet)
    assert "shiqiao-rain" in {rule for rule, _ in memory.alerts[TOWN].contributions}
    assert outcome.alerts[TOWN].announced is Severity.RED


def _rained(mm: float, at: datetime) -> Message:
    body = json.dumps({"value": mm, "time": at.isoformat()})
    return Message("risk/yunxi/shiqiao-rain/rain", body.encode(), at, False)


def test_no_gauge_is_silent_before_an_interval_of_listening(
    knowledge: Knowledge, memory: Memory
) -> None:
    judged(knowledge, memory, reading(86.3))
    memory.listening_since = NOW + timedelta(hours=2)  # the service was away meanwhile

    def ticked(minutes: int) -> Outcome:
        now = memory.listening_since + timedelta(minutes=minutes)
        return decide(knowledge, memory, hear(knowledge, []), now, tick=True)

    assert ticked(4).transitions == []
    (told,) = ticked(6).transitions
    assert told.alert.condition is Condition.SILENT_WHILE_RISING
