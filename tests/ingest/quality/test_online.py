"""What the tests say as readings come, one after the other."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.ingest.observation import QualityFlag
from monitor.reference.places import QualityLimits, SpanLimits
from tests.ingest.series import GAUGE, every, followed

HOURLY = GAUGE.model_copy(update={"interval": timedelta(hours=1)})
G, U, S, F, M = (
    QualityFlag.GOOD,
    QualityFlag.UNKNOWN,
    QualityFlag.SUSPECT,
    QualityFlag.FAIL,
    QualityFlag.MISSING,
)


def flags(*values: float | None) -> list[QualityFlag]:
    return [seen.flag for seen in followed(every(60, *values), HOURLY)]


def test_a_jump_on_the_limit_passes_and_one_above_is_suspect() -> None:
    assert flags(1.0, 4.2) == [U, G]
    assert flags(1.0, 4.3) == [U, S]


def test_a_spike_is_dropped_by_the_next_good_value() -> None:
    assert flags(1.0, 8.0, 1.1, 1.2) == [U, S, G, G]


def test_a_suspect_value_is_real_when_the_next_agrees() -> None:
    assert flags(1.0, 8.0, 8.5, 8.6) == [U, S, G, G]


def test_water_that_rises_on_faster_than_the_limit_is_real_at_the_second_reading() -> None:
    assert flags(1.0, 5.0, 9.0, 13.0) == [U, S, G, S]
    assert flags(1.0, 5.0, 9.0, 13.0, 17.0) == [U, S, G, S, G]


def test_a_doubtful_value_that_contradicts_both_is_suspect_again() -> None:
    assert flags(5.0, 12.0, 0.0, 12.0) == [U, S, S, S]


def test_a_failed_value_confirms_nothing() -> None:
    assert flags(1.0, 1.0, 1000.0, 1000.0, 1.1) == [U, G, F, F, G]


def test_a_first_value_fails_nobody_for_the_next_may_be_the_true_one() -> None:
    """A device that wakes with a 0 must not be deaf to the water for days."""
    assert flags(0.0, 1230.0, 1230.1, 1230.2) == [U, S, G, G]


def test_a_gauge_that_was_moved_is_believed_again_within_hours() -> None:
    assert G in flags(1.0, *[60.0] * 10)


def test_across_a_gap_nothing_is_compared() -> None:
    start = every(60, 1.0)[0][0]
    at_gap = followed([(start, 1.0), (start + timedelta(hours=3), 9.0)], HOURLY)
    over = followed([(start, 1.0), (start + timedelta(hours=3, minutes=1), 9.0)], HOURLY)
    assert (at_gap[1].flag, over[1].flag) == (S, U)
    assert over[1].judges


def test_a_failed_value_after_a_gap_does_not_bridge_it() -> None:
    start = every(60, 1.0)[0][0]
    hours = [(0, 1.0), (5, 9999.0), (6, 9.0)]
    seen = followed([(start + timedelta(hours=h), value) for h, value in hours], HOURLY)
    assert [one.flag for one in seen] == [U, F, U]


def test_a_rate_counts_by_the_hour_and_not_by_the_sample() -> None:
    slow = [seen.flag for seen in followed(every(5, 1.0, 2.0))]
    fast = [seen.flag for seen in followed(every(1, 1.0, 2.0))]
    assert (slow[1], fast[1]) == (G, S)


def test_the_ripple_of_a_gauge_that_speaks_every_second_is_no_rate() -> None:
    seen = followed(every(1 / 60, 1.0, 1.1, 1.0, 1.15))
    assert all(one.judges for one in seen)


def test_a_flat_line_is_told_after_a_day_and_never_clears() -> None:
    seen = followed(every(60, *[5.0] * 26), HOURLY, lowest_limit=4.0)
    assert [one.judges for one in seen] == [True] * 24 + [False] * 2
    assert seen[-1].reasons == ("flat line",)


def test_a_flat_line_below_the_lowest_limit_is_low_water() -> None:
    assert all(o.judges for o in followed(every(60, *[3.9] * 30), HOURLY, lowest_limit=4.0))
    assert all(o.judges for o in followed(every(60, *[3.9] * 30), HOURLY))


def test_a_stuck_gauge_that_moves_again_is_good_and_one_that_jumps_is_suspect() -> None:
    stuck = [5.0] * 30
    moves = followed(every(60, *stuck, 5.3), HOURLY, lowest_limit=4.0)
    jumps = followed(every(60, *stuck, 12.0), HOURLY, lowest_limit=4.0)
    assert (moves[-1].flag, jumps[-1].flag) == (G, S)
    assert jumps[-1].reasons == ("spike",)


def test_repeating_itself_does_not_make_a_flat_line_real() -> None:
    seen = followed(every(60, *[5.0] * 40), HOURLY, lowest_limit=4.0)
    assert not any(one.judges for one in seen[24:])


def test_beyond_what_was_ever_seen_is_suspect_until_seen_twice() -> None:
    limits = QualityLimits(
        gross_fail=SpanLimits(low=0.0, high=9.0), gross_suspect=SpanLimits(low=0.0, high=5.0)
    )
    sensor = HOURLY.model_copy(update={"quality": limits})
    seen = followed(every(60, 5.0, 5.1, 5.2, 9.0, 9.1), sensor)
    assert [one.flag for one in seen] == [G, S, G, S, F]


def test_a_sentinel_is_missing_only_for_its_own_sensor() -> None:
    sensor = GAUGE.model_copy(update={"sentinels": (-5.0,)})
    assert [o.flag for o in followed(every(5, 1.0, -5.0, 1.1), sensor)] == [U, M, G]
    assert followed(every(5, -5.0))[0].judges


@given(st.lists(st.floats(-400, 8000), min_size=1, max_size=20))
def test_whatever_comes_the_flag_and_the_reasons_belong_together(values: list[float]) -> None:
    for seen in followed(every(60, *values), HOURLY, lowest_limit=0.0):
        assert seen.value is not None
        assert bool(seen.reasons) is (not seen.judges)


@given(st.lists(st.floats(-1.6, 1.6), max_size=40))
def test_water_within_the_limits_is_never_doubted(steps: list[float]) -> None:
    level, values = 100.0, [100.0]
    for step in steps:
        level += step
        values.append(level)
    assert all(seen.judges for seen in followed(every(60, *values), HOURLY))
