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
