"""Clocks: a fast one runs ahead, leaps forward and never back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.clock import FastClock, SystemClock

START = datetime(2026, 7, 15, 18, 0, tzinfo=UTC)


async def test_a_fast_clock_reaches_a_far_moment_at_once_of_real_time() -> None:
    clock = FastClock(START, speed=1e6)
    await clock.wait_until(START + timedelta(hours=1))
    assert clock.now() >= START + timedelta(hours=1)


async def test_a_leap_goes_ahead_and_never_back() -> None:
    clock = FastClock(START, speed=1.0)
    clock.leap(START + timedelta(hours=8))
    assert clock.now() >= START + timedelta(hours=8)
    clock.leap(START)
    assert clock.now() >= START + timedelta(hours=8)


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        FastClock(datetime(2026, 7, 15), speed=1.0)  # noqa: DTZ001 - the fault under test


def test_system_time_is_aware_and_does_not_step_by_itself() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs(clock.wall_step()) < timedelta(seconds=2)
