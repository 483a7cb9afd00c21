"""Values come late and out of order; what stands is as if they had not."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting import fold
from monitor.alerting.fold import KEPT_AT_MOST, Trail, advance
from monitor.alerting.rule import Judgement, Rule
from monitor.alerting.rules.limit import RULE
from monitor.alerting.severity import Severity
from monitor.ingest.observation import Observation, QualityFlag
from tests.alerting.rules.test_limit import LADDER
from tests.alerting.world import T0, World, minutes, rule, seen

WATCH = rule(RULE, {"rungs": LADDER, "deadband": 0.1, "on_delay": "6 min"}, interval="5 min")
NORMAL, BLUE, YELLOW, ORANGE, RED = Severity


def advanced(observations: list[Observation], watch: Rule = WATCH) -> tuple[Trail, Judgement]:
    trail: Trail | None = None
    for observation in observations:
        trail, judgement = advance(watch, trail, observation, World())
    assert trail
    return trail, judgement


levels = st.integers(0, 6000).map(lambda mm: mm / 1000)


@given(st.lists(levels, min_size=2, max_size=8), st.data())
def test_a_value_late_by_minutes_leaves_the_same_state_as_one_in_time(
    values: list[float], data: st.DataObject
) -> None:
    series = [seen(value, T0 + minutes(2 * n)) for n, value in enumerate(values)]
    n = data.draw(st.integers(1, len(series) - 1))
    late = [*series[:n], *series[n + 1 :], series[n]]
    assert advanced(late)[0] == advanced(series)[0]


def test_reached_is_the_arriving_value_and_severity_what_stands_after_it() -> None:
    watch = rule(RULE, {"rungs": LADDER})
    series = [seen(1.0, T0), seen(3.2, T0 + minutes(10)), seen(5.0, T0 + minutes(5))]
    _, judgement = advanced(series, watch)
    assert (judgement.reached, judgement.severity, judgement.value) == (RED, YELLOW, 3.2)


def test_a_value_from_before_the_trail_is_judged_for_itself_and_changes_nothing() -> None:
    watch = rule(RULE, {"rungs": LADDER})
    series = [seen(1.0, T0 + minutes(5 * n)) for n in range(20)]
    before, _ = advanced(series, watch)
    after, judgement = advance(watch, before, seen(5.0, T0 - minutes(60)), World())
    assert after is before
    assert (judgement.reached, judgement.severity, judgement.value) == (RED, NORMAL, None)


def test_a_block_that_arrives_at_once_proves_no_more_than_its_own_times() -> None:
    block = [seen(3.2, T0 + minutes(n), late=True) for n in (0, 5)]
    assert advanced(block)[1].severity is NORMAL
    assert advanced([*block, seen(3.2, T0 + minutes(6))])[1].severity is YELLOW


def test_a_trail_is_bounded_in_time_and_in_number() -> None:
    slow, _ = advanced([seen(1.0, T0 + minutes(5 * n)) for n in range(50)])
    assert [s.observation.observed_at for s in slow.steps] == [
        T0 + minutes(5 * n) for n in range(46, 50)
    ]
    fast, _ = advanced([seen(1.0, T0 + minutes(n / 60)) for n in range(50)])
    assert len(fast.steps) == KEPT_AT_MOST


def test_the_rate_over_a_limit_is_told_per_hour_and_not_across_a_gap() -> None:
    watch = rule(RULE, {"rungs": LADDER})
    series = [seen(2.0, T0), seen(2.1, T0 + minutes(5)), seen(2.2, T0 + minutes(10))]
    rate = advanced(series, watch)[1].rate
    assert rate is not None and abs(rate - 1.2) < 1e-9
    assert advanced([seen(2.0, T0), seen(3.0, T0 + minutes(60))], watch)[1].rate is None


def test_changed_parameters_drop_a_candidate_and_keep_what_stands_for_the_next_value() -> None:
    series = [seen(3.2, T0), seen(3.2, T0 + minutes(6)), seen(5.2, T0 + minutes(7))]
    trail, judgement = advanced(series)
    assert judgement.severity is YELLOW
    raised = [{**rung, "at": 9.0 + n} for n, rung in enumerate(LADDER)]
    changed = rule(RULE, {"rungs": raised}, params_hash="2")
    _, none_new = advance(changed, trail, seen(None, T0 + minutes(8)), World())
    assert none_new.severity is YELLOW
    _, judged = advance(changed, trail, seen(3.2, T0 + minutes(8)), World())
    assert judged.severity is NORMAL


def test_changed_parameters_let_no_candidate_ripen() -> None:
    trail, _ = advanced([seen(5.2, T0)])
    changed = rule(RULE, {"rungs": LADDER, "on_delay": "6 min"}, params_hash="2")
    _, judged = advance(changed, trail, seen(5.2, T0 + minutes(7)), World())
    assert judged.severity is NORMAL


def test_of_two_values_of_one_time_the_one_that_came_last_speaks() -> None:
    watch = rule(RULE, {"rungs": LADDER, "off_delay": "6 min"})
    series = [seen(1.0, T0), seen(5.0, T0 + minutes(5)), seen(1.0, T0 + minutes(10))]
    same_time = seen(3.0, T0 + minutes(5))
    trail, _ = advanced([*series, same_time], watch)
    assert [s.observation.value for s in trail.steps] == [1.0, 5.0, 3.0, 1.0]


@given(st.lists(levels, min_size=1, max_size=30), st.integers(0, 29))
def test_a_restart_changes_nothing_that_stands(values: list[float], cut: int) -> None:
    series = [seen(value, T0 + minutes(4 * n)) for n, value in enumerate(values)]
    trail: Trail | None = None
    row = None
    for n, observation in enumerate(series):
        after, judgement = advance(WATCH, trail, observation, World())
        if fold.keeps(WATCH, trail, after):
            row = fold.dump(WATCH, after)
        trail = after
        if n == cut:
            trail = fold.rebuild(WATCH, "1", row, series[: n + 1], World())
    through, expected = advanced(series)
    assert trail and trail.state == through.state
    assert judgement[:4] == expected[:4]


def test_a_quiet_gauge_writes_one_row_in_all() -> None:
    trails: list[Trail | None] = [None]
    for n in range(10):
        trails.append(advance(WATCH, trails[-1], seen(1.0, T0 + minutes(5 * n)), World())[0])
    kept = [fold.keeps(WATCH, before, after) for before, after in pairwise(trails) if after]
    assert kept == [True, *[False] * 9]


def test_a_value_that_fails_its_tests_does_not_unsettle_a_refold() -> None:
    watch = rule(RULE, {"rungs": LADDER})
    series = [
        seen(5.1, T0),
        seen(0.0, T0 + minutes(10), flag=QualityFlag.FAIL),
        seen(5.2, T0 + minutes(5)),
    ]
    _, judgement = advanced(series, watch)
    assert (judgement.severity, judgement.value) == (RED, 5.2)
