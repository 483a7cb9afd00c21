"""Suspect, missing, failed and silent never clear: whatever comes in, in whatever order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.alerting.severity import Condition, Severity
from monitor.ingest.message import Message
from monitor.judging.memory import AlertKey, Knowledge, Memory
from monitor.judging.sites import standing
from monitor.pipeline import decide, hear
from monitor.scope import Scope, Status
from monitor.settings import load

T0 = datetime(2026, 7, 15, 18, 0, tzinfo=UTC)
ACTUAL = Scope("yunxi", Status.ACTUAL, "")
PLACE = AlertKey(ACTUAL, "shiqiao", "flood")

UNFIT = st.one_of(
    st.tuples(st.just("remark"), st.floats(81.0, 87.0), st.sampled_from(["suspect", "bad"])),
    st.tuples(st.just("missing"), st.none(), st.just("good")),
    st.tuples(st.just("sentinel"), st.sampled_from([-9999.0, -999.0]), st.just("good")),
    st.tuples(st.just("out of range"), st.floats(-50.0, 79.0), st.just("good")),
    st.tuples(st.just("silence"), st.none(), st.just("")),
)
"""What no rule may take for the water: none of it is GOOD."""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    folder = Path(__file__).parents[2] / "config"
    return load(folder, {"MONITOR_TOKEN": "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"}).knowledge


def says(value: float | None, at: datetime, quality: str = "good") -> Message:
    body = json.dumps({"value": value, "time": at.isoformat(), "quality": quality})
    return Message("risk/yunxi/shiqiao-level/level", body.encode(), at, False)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    over=st.sampled_from([86.3, 86.6, 87.3, 87.9]),
    then=st.lists(st.tuples(UNFIT, st.integers(1, 40)), min_size=1, max_size=12),
)
def test_nothing_that_is_not_good_clears_or_eases_what_stands(
    knowledge: Knowledge, over: float, then: list[tuple[tuple[str, float | None, str], int]]
) -> None:
    now, memory = T0, Memory.empty("yunxi", T0 - timedelta(hours=1))

    def comes(*messages: Message) -> None:
        for tick in (False, True):
            heard = hear(knowledge, () if tick else messages)
            memory.swap(decide(knowledge, memory, heard, now, tick=tick))

    comes(says(over, now))
    stood = memory.alerts[PLACE]
    for (kind, value, quality), minutes in then:
        now += timedelta(minutes=minutes)
        comes(*(() if kind == "silence" else (says(value, now, quality),)))
        assert memory.alerts[PLACE].id == stood.id
        assert memory.alerts[PLACE].severity >= stood.severity > Severity.NORMAL
        site = standing(knowledge, memory, ACTUAL, knowledge.sites["shiqiao"], now)
        assert site.condition is not Condition.OK
