"""Wrong clocks, slow clocks and late blocks must not be taken for each other."""

from __future__ import annotations

from datetime import date, timedelta

from monitor.ingest.observation import Observation
from monitor.ingest.track import Track, doubted
from tests.ingest.series import GAUGE, NOON, judged, said

MINUTE = timedelta(minutes=1)


def live(lags: list[float], track: Track | None = None, step: float = 5.0) -> list[Observation]:
    """Readings that arrive every `step` minutes, each so many minutes behind."""
    found = []
    for i, lag in enumerate(lags):
        came = NOON + i * step * MINUTE
        seen, track = judged(said(1.0, came - lag * MINUTE, received=came), track)
        found.append(seen)
    return found


def test_two_minutes_ahead_are_no_fault_and_more_are() -> None:
    for ahead, reasons in ((2, ()), (2.1, ("clock ahead",))):
        seen = judged(said(1.0, NOON + ahead * MINUTE, received=NOON)).observation
        assert seen.reasons == reasons
        assert seen.observed_at == NOON  # nothing is dated in the future
        assert seen.judges and not seen.late


def test_a_time_before_installation_is_a_clock_that_was_never_set() -> None:
    sensor = GAUGE.model_copy(update={"installed": date(2025, 6, 1)})
    early = judged(said(1.0, NOON.replace(month=5), received=NOON), sensor=sensor).observation
    assert (early.observed_at, early.reasons) == (NOON, ("clock before installation",))
    assert early.judges and not early.late
    unset = judged(said(1.0, NOON.replace(year=1970), received=NOON)).observation
    assert unset.reasons == ("clock before installation",)


def test_a_clock_that_stands_still_makes_no_conflicts() -> None:
    first, track = judged(said(1.0, NOON.replace(year=1970), received=NOON))
    second, _ = judged(said(1.1, NOON.replace(year=1970), received=NOON + MINUTE), track)
    assert first.key != second.key and second.judges


def test_a_slow_clock_is_off_from_the_fifth_reading_and_judged_live() -> None:
    seen = live([20, 20.1, 20, 19.9, 20, 20.1, 20])
    assert [one.reasons for one in seen] == [()] * 4 + [("clock off",)] * 3
    assert all(one.observed_at == one.received_at and not one.late for one in seen[4:])


def test_a_clock_that_drifts_stays_off() -> None:
    seen = live([20 + i * 0.05 for i in range(60)])
    assert all(one.reasons == ("clock off",) for one in seen[4:])


def test_a_slow_clock_that_is_set_right_is_believed_again() -> None:
    seen = live([20] * 6 + [0, 0])
    assert [one.reasons for one in seen[-2:]] == [(), ()]
    assert seen[-1].observed_at == seen[-1].device_time


def test_a_late_block_is_late_and_no_slow_clock() -> None:
    track = None
    came = NOON + timedelta(hours=1)
    for i in range(12):
        seen, track = judged(said(1.0, NOON + i * 5 * MINUTE, received=came), track)
        assert seen.reasons == ()
        assert seen.late is (60 - 5 * i > 15)


def test_a_late_block_from_a_gauge_that_speaks_every_second_is_no_slow_clock() -> None:
    sensor = GAUGE.model_copy(update={"interval": timedelta(seconds=1)})
    track = None
    for i in range(300):
        at, came = NOON + timedelta(seconds=i), NOON + timedelta(hours=1, milliseconds=i)
        seen, track = judged(said(1.0, at, received=came), track, sensor)
        assert seen.reasons == () and seen.late


def test_hourly_blocks_are_no_slow_clock() -> None:
    track = None
    for hour in range(6):
        came = NOON + timedelta(hours=hour + 1)
        for i in range(12):
            at = NOON + timedelta(hours=hour) + i * 5 * MINUTE
            seen, track = judged(said(1.0, at, received=came), track)
            assert seen.observed_at == at


def test_without_a_device_time_it_happened_when_it_came() -> None:
    seen = judged(said(1.0, None, received=NOON)).observation
    assert (seen.observed_at, seen.device_time, seen.late) == (NOON, None, False)


def test_five_readings_that_a_line_held_back_alike_by_chance_are_no_slow_clock() -> None:
    """No more than what is judged as live anyway: a dozen are asked for."""
    seen = live([5, 5.1, 5.2, 5, 5.1] + [5] * 8)
    assert [one.reasons for one in seen] == [()] * 11 + [("clock off",)] * 2


def test_a_clock_that_loses_ten_seconds_a_reading_is_slow_though_no_two_lags_are_alike() -> None:
    seen = live([20 + i / 6 for i in range(12)])
    assert [one.reasons for one in seen] == [()] * 4 + [("clock off",)] * 8


def test_a_backlog_that_drains_is_no_slow_clock() -> None:
    seen = live([60 - i / 3 for i in range(60)], step=0.1)
    assert {one.reasons for one in seen} == {()}


def test_a_clock_that_was_set_back_says_known_times_and_is_known_by_its_lag() -> None:
    """Other values under times that it has said before are conflicts; the fifth is judged."""
    track = None
    for minute in range(40):
        at = NOON + minute * MINUTE
        _, track = judged(said(1.0, at, received=at), track)
    for minute in range(40, 44):
        at = NOON + minute * MINUTE
        back = said(2.0, at - 30 * MINUTE, received=at)
        assert track is not None
        track = doubted(track, back)
    at = NOON + 44 * MINUTE
    seen, _ = judged(said(2.0, at - 30 * MINUTE, received=at), track)
    assert (seen.reasons, seen.observed_at) == (("clock off",), at)
