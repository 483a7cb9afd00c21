"""People were told of a gauge, and it fell while nobody heard it: what waited says so at last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting.severity import Severity
from monitor.judging.memory import Knowledge
from tests.habits.town import SHIPPED, Town, counted, message, town, with_gauges

NOON = datetime(2026, 7, 15, 4, tzinfo=UTC)
STEP = timedelta(seconds=6)
LOW, YELLOW, RED = 85.0, 86.6, 87.9
LEVELS = (LOW, YELLOW, RED)
RUNGS = [
    {"severity": "yellow", "at": 86.5, "basis": "警戒水位"},
    {"severity": "red", "at": 87.8, "basis": "立即转移"},
]
TRUSTED = {"spike_suspect": None, "rate_suspect": None, "spike_fail": None}


def gauge() -> Knowledge:
    sensor = {"interval": "6 s", "quality": TRUSTED}
    return with_gauges((SHIPPED,), sensor, {"rungs": RUNGS, "on_delay": "0 min"})


def told_of_red(knowledge: Knowledge) -> Town:
    there = town(NOON, knowledge)
    there.live([(NOON, RED)])
    assert there.pages > 0
    return there


def drained(there: Town, levels: Sequence[float], order: Sequence[int], *, anew: bool) -> None:
    """What waited for an hour, then a live value. `anew`: all is judged from its base each time."""
    now = NOON + timedelta(hours=1)
    for n in order:
        if anew:
            recents = there.memory.recents
            recents.update({key: one._replace(lived=None) for key, one in recents.items()})
        there.hear([message(NOON + (n + 1) * STEP, levels[n], came=now)], now)
    there.live([(now, LOW)])


def test_each_value_of_a_fall_that_waited_is_judged_once_however_long_it_waited() -> None:
    folds: list[datetime] = []
    there = told_of_red(counted(gauge(), folds))
    fall = [RED] * 10 + [YELLOW] * 20 + [LOW] * 270
    now = NOON + timedelta(hours=1)
    for begin in range(0, len(fall), 50):
        turns = range(begin, begin + 50)
        there.hear([message(NOON + (n + 1) * STEP, fall[n], came=now) for n in turns], now)
    (alert,) = there.memory.alerts.values()
    assert alert.severity is Severity.RED  # what is late lowers nothing
    assert len(folds) <= 3 * len(fall)
    there.live([(now, LOW)])
    (alert,) = there.alerts
    assert alert.cleared_at == NOON + 31 * STEP


@given(
    st.lists(st.sampled_from(LEVELS), min_size=1, max_size=12),
    st.lists(st.integers(0, 11), max_size=3),
)
def test_going_on_from_what_is_judged_comes_to_what_judging_all_anew_comes_to(
    levels: list[float], swapped: list[int]
) -> None:
    order = list(range(len(levels)))
    for n in swapped:
        if n + 1 < len(order):
            order[n], order[n + 1] = order[n + 1], order[n]
    one, other = told_of_red(gauge()), told_of_red(gauge())
    drained(one, levels, order, anew=False)
    drained(other, levels, order, anew=True)
    assert one.alerts == other.alerts
    assert one.changes == other.changes
    assert one.memory.trails == other.memory.trails
    assert one.memory.tracks == other.memory.tracks
