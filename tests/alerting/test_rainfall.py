"""Sums over sliding windows are exact, whatever the order in which the drops come."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting.rainfall import Rainfall, over, with_drop
from tests.alerting.world import T0, minutes

KEEP = timedelta(hours=24)


def fallen(drops: list[tuple[int, int]]) -> Rainfall:
    rain: Rainfall = ()
    for minute, tenths in drops:
        rain = with_drop(rain, T0 + minutes(minute), tenths / 10, KEEP)
    return rain


def test_a_drop_on_the_start_of_the_window_fell_before_it() -> None:
    rain = fallen([(0, 10), (60, 5)])
    assert over(rain, minutes(60)) == (0.5, 1)
    assert over(rain, minutes(61)) == (1.5, 2)


def test_ten_tenths_are_one() -> None:
    assert over(fallen([(n, 1) for n in range(10)]), KEEP).millimetres == 1.0


drops = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 200)), min_size=1, max_size=150)


@given(drops, st.integers(1, 1440))
def test_a_sum_is_what_adding_up_would_give(drops: list[tuple[int, int]], window: int) -> None:
    drops.sort()
    rain, newest = fallen(drops), drops[-1][0]
    inside = [tenths for minute, tenths in drops if newest - window < minute]
    assert over(rain, minutes(window)) == (sum(inside) / 10, len(inside))


@given(drops, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter_within_the_window(
    drops: list[tuple[int, int]], random: Random
) -> None:
    drops = [(minute % 1440, tenths) for minute, tenths in drops]
    shuffled = list(drops)
    random.shuffle(shuffled)
    for window in (1, 60, 180, 1439):
        assert over(fallen(shuffled), minutes(window)) == over(
            fallen(sorted(drops)), minutes(window)
        )


def test_a_day_of_drops_is_all_that_is_kept() -> None:
    rain = fallen([(5 * n, 1) for n in range(3000)])
    assert sum(map(len, rain)) <= 288 + 3 * 32
    assert rain[0][-1].at <= rain[-1][-1].at - KEEP


def test_a_new_drop_shares_all_but_one_chunk() -> None:
    before = fallen([(n, 1) for n in range(100)])
    after = with_drop(before, T0 + minutes(100), 0.1, KEEP)
    assert all(one is other for one, other in zip(before[:-1], after, strict=False))


def test_what_is_older_than_the_longest_window_is_left_out() -> None:
    rain = fallen([(0, 1)])
    assert with_drop(rain, T0 - KEEP, 9.0, KEEP) is rain
    assert over(with_drop(rain, T0 - KEEP + minutes(1), 9.0, KEEP), KEEP).millimetres == 9.1
