"""Since when: what is held must last, in observed time, before it stands or falls."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting import debounce
from monitor.alerting.debounce import Delays, Latch, step
from monitor.alerting.ladder import make_ladder
from monitor.alerting.severity import Severity
from tests.alerting.world import T0, minutes

NORMAL, BLUE, YELLOW, ORANGE, RED = Severity
TEN = Delays(on=minutes(10), off=minutes(10), gap=minutes(15))


def follow(*held: tuple[float, Severity], delays: Delays = TEN) -> Latch:
    latch = debounce.start(T0)
    for minute, severity in held:
        latch = step(latch, severity, T0 + minutes(minute), delays)
    return latch


def test_a_pause_of_exactly_three_intervals_still_proves_a_duration() -> None:
    assert follow((0, RED), (15, RED)).standing is RED
    assert follow((0, RED), (15.1, RED)).standing is NORMAL


def test_since_is_the_moment_from_which_it_stands() -> None:
    assert follow((0, RED), (10, RED), (12, RED)).since == T0 + minutes(10)


def test_a_fall_from_a_pending_rise_does_not_inherit_its_time() -> None:
    yellow = ((0, YELLOW), (10, YELLOW))
    assert follow(*yellow, (12, RED), (21, BLUE), (22, BLUE)).standing is YELLOW
    assert follow(*yellow, (12, RED), (21, BLUE), (31, BLUE)).standing is BLUE


def test_a_rung_left_for_one_reading_waits_anew() -> None:
    assert follow((0, RED), (5, YELLOW), (10, RED)).standing is YELLOW
    assert follow((0, RED), (5, YELLOW), (10, RED), (20, RED)).standing is RED


def test_it_falls_no_deeper_than_what_has_lasted() -> None:
    red = ((0, RED), (10, RED))
    assert follow(*red, (12, YELLOW), (17, NORMAL), (22, NORMAL)).standing is YELLOW
    assert follow(*red, (12, YELLOW), (17, NORMAL), (27, NORMAL)).standing is NORMAL


def test_changed_parameters_drop_what_is_pending() -> None:
    pending = follow((0, YELLOW), (10, YELLOW), (12, RED))
    kept = debounce.without_pending(pending)
    assert (kept.standing, kept.held, kept.crossed) == (YELLOW, YELLOW, ())
    assert step(kept, RED, T0 + minutes(13), TEN).standing is YELLOW


def test_the_deadband_ends_where_a_person_would_say_it_does() -> None:
    ladder = make_ladder([(RED, 1.1, "桥面高程")], 0.2, 3)  # 1.1 − 0.2 is 0.9000000000000001
    assert ladder.hold(RED, 0.9) is RED
    assert ladder.hold(RED, 0.899) is NORMAL


held = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(Severity)), min_size=1, max_size=60)


def _spread(steps: list[tuple[int, Severity]]) -> list[tuple[datetime, Severity]]:
    at, found = T0, []
    for pause, severity in steps:
        at += minutes(pause)
        found.append((at, severity))
    return found


@given(held)
def test_nothing_stands_that_was_not_held_without_a_break_for_the_delay(
    steps: list[tuple[int, Severity]],
) -> None:
    """Against the plain definition: every reading of the last ten minutes, without a gap."""
    latch = debounce.start(T0)
    seen: list[tuple[datetime, Severity]] = []
    for at, severity in _spread(steps):
        before, latch = latch, step(latch, severity, at, TEN)
        seen.append((at, severity))
        if latch.standing > before.standing:
            newest, proven = at, False
            for moment, value in reversed(seen):
                if value < latch.standing or newest - moment > TEN.gap:
                    break
                newest, proven = moment, at - moment >= TEN.on
            assert proven


@given(held)
def test_what_is_pending_is_always_told_for_each_rung_between(
    steps: list[tuple[int, Severity]],
) -> None:
    latch = debounce.start(T0)
    for at, severity in _spread(steps):
        latch = step(latch, severity, at, TEN)
        assert latch.held is severity
        assert len(latch.crossed) == abs(latch.held - latch.standing)
        assert list(latch.crossed) == sorted(latch.crossed)
        assert (latch.seen is None) == (latch.held is latch.standing)
        assert debounce.load(debounce.dump(latch)) == latch
