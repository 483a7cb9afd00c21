"""A level that hovers at a limit is one raise and one fall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting.alerts import Change
from tests.habits.town import town, with_gauges

DUSK = datetime(2026, 7, 15, 12, tzinfo=UTC)
STEP = timedelta(minutes=5)
SIX_HOURS = 72
LIMIT = 86.5  # 警戒水位 as shipped, deadband 0.10
SHIPPED = with_gauges()
ONE = with_gauges(rule={"rungs": [{"severity": "yellow", "at": LIMIT, "basis": "警戒水位"}]})


@given(st.lists(st.integers(-10, 10), min_size=SIX_HOURS, max_size=SIX_HOURS))
def test_one_centimetre_around_a_limit_for_six_hours_is_one_raise_and_one_fall(
    ripple: list[int],
) -> None:
    there = town(DUSK, ONE)
    levels = [85.5, *(LIMIT + mm / 1000 for mm in ripple), 86.51, 86.3]
    there.live((DUSK + n * STEP, level) for n, level in enumerate(levels))
    assert [change for change, *_ in there.changes] == [Change.RAISED, Change.CLEARED]


def test_at_every_rung_of_the_shipped_ladder() -> None:
    for rung in SHIPPED.rules["shiqiao-level"].parameters.rungs:
        there = town(DUSK, SHIPPED)
        levels = [rung.at + (0.01 if n % 2 else -0.01) for n in range(SIX_HOURS)]
        there.live((DUSK + n * STEP, level) for n, level in enumerate(levels))
        ups = [c for c, _, told in there.changes if told and c is not Change.EASED]
        assert len(ups) == (1 if rung.severity == 1 else 2)  # the rung below it, and itself
        assert Change.CLEARED not in ups


def test_a_swing_wider_than_the_deadband_is_held_after_its_third_fall_and_says_so() -> None:
    """Six hours of ±12 cm every ten minutes: three calls, not 36, and one end half an hour after
    the last swing."""
    there = town(DUSK, ONE)
    levels = [LIMIT + (-0.12 if n % 2 else 0.12) for n in range(SIX_HOURS)]
    levels += [LIMIT - 0.12] * 7
    there.live((DUSK + n * STEP, level) for n, level in enumerate(levels))
    changes = [change for change, *_ in there.changes]
    assert changes == [Change.RAISED, Change.CLEARED] * 2 + [
        Change.RAISED,
        Change.HELD,
        Change.CLEARED,
    ]
    held = [e for outcome in there.outcomes for e in outcome.entries if e.event == "alert.held"]
    assert [entry.facts["told"] for entry in held] == [False]
    cleared = [t for outcome in there.outcomes for t in outcome.transitions][-1]
    assert cleared.at == DUSK + (SIX_HOURS - 1) * STEP + timedelta(minutes=30)


def test_a_fast_fall_through_every_rung_is_one_swing_and_is_not_held() -> None:
    there = town(DUSK, SHIPPED)
    levels = [87.9, 87.9, 87.6, 87.0, 86.3, 86.0]
    there.live((DUSK + n * STEP, level) for n, level in enumerate(levels))
    assert [change for change, *_ in there.changes][-1] is Change.CLEARED
    assert Change.HELD not in [change for change, *_ in there.changes]


def test_two_floods_in_a_night_are_two_alerts() -> None:
    there = town(DUSK, ONE)
    wave = [86.0, 86.6, 87.0, 86.3]
    levels = (wave + [86.0] * 6) * 4
    there.live((DUSK + n * timedelta(minutes=10), level) for n, level in enumerate(levels))
    assert [change for change, *_ in there.changes] == [Change.RAISED, Change.CLEARED] * 4
