from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from simulators.gauges import (
    Fault,
    Gauge,
    late_block,
    publications,
    samples,
    silence,
    spike,
    stuck,
    with_faults,
)
from simulators.rain import Storm
from simulators.river import Valley, tell
from simulators.storm import gauges, messages

START = datetime(2026, 6, 20, 18, 0, tzinfo=UTC)
LEVEL = Gauge("town", "level", "m", every=5)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def told(fault: Fault) -> list[tuple[int, int, float]]:
    """(measured at, sent at, value) in minutes, of a level that reads its own minute."""
    measured = samples(LEVEL, [float(n) for n in range(1, 31)], START, 1)
    return [
        (int((s.at - START).seconds / 60), int((s.sent_at - START).seconds / 60), s.value)
        for s in fault(measured)
    ]


def test_a_native_message_carries_value_unit_time_boot_and_seq() -> None:
    first, second = publications(LEVEL, samples(LEVEL, [1.0] * 10, START, 1), "yunxi")
    assert (first.at, first.topic) == (at(5), "risk/yunxi/town/level")
    assert json.loads(first.payload) == {
        "value": 1.0,
        "unit": "m",
        "time": "2026-06-20T18:05:00.000+00:00",
        "boot": "b1",
        "seq": 1,
    }
    assert json.loads(second.payload)["seq"] == 2


def test_rain_is_summed_and_a_level_is_taken() -> None:
    series = [0.1, 0.2, 0.3, 0.4, 0.5, 9.0]
    rain = Gauge("rain-1", "rain", "mm", every=5, decimals=1)
    assert [s.value for s in samples(rain, series, START, 1)] == [1.5]
    assert [s.value for s in samples(LEVEL, series, START, 1)] == [0.5]


def test_a_spike_is_one_wrong_value() -> None:
    assert [v for *_, v in told(spike(at(12), 7.0))] == [5, 10, 22, 20, 25, 30]


def test_a_silent_gauge_measures_nothing_for_a_while() -> None:
    assert [m for m, *_ in told(silence(at(10), at(20)))] == [5, 20, 25, 30]


def test_a_stuck_gauge_repeats_its_last_value() -> None:
    assert [v for *_, v in told(stuck(at(10), at(25)))] == [5, 5, 5, 5, 25, 30]


def test_a_late_block_keeps_its_own_times() -> None:
    sent = told(late_block(at(10), at(25)))
    assert sent[1:4] == [(10, 25, 10), (15, 25, 15), (20, 25, 20)]


def test_faults_work_together() -> None:
    both = with_faults(
        samples(LEVEL, [1.0] * 20, START, 1), [spike(at(5), 1.0), silence(at(10), at(15))]
    )
    assert [s.value for s in both] == [2.0, 1.0, 1.0]


@pytest.mark.parametrize("name", ["rain-1", "upstream", "town", "ford", "reservoir"])
def test_a_storm_is_told_by_every_gauge_in_order_of_sending(name: str) -> None:
    story = tell(Storm(), Valley(), minutes=120)
    fault = {name: [late_block(at(30), at(60))]}
    sent = list(messages(story, gauges(story), "yunxi", START, fault))
    assert [p.at for p in sent] == sorted(p.at for p in sent)
    assert {p.topic.split("/")[2] for p in sent} == set(gauges(story))
    assert sum(p.topic.split("/")[2] == name for p in sent) == (8 if name == "reservoir" else 24)
