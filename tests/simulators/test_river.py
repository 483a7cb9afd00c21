from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.rain import GAUGES, Storm, hyetograph
from simulators.river import (
    Catchment,
    Reach,
    Section,
    Valley,
    excess,
    pooled,
    routed,
    runoff,
    tell,
)

storms = st.builds(
    Storm,
    depth=st.floats(20, 400),
    begins=st.integers(0, 60),
    duration=st.integers(30, 600),
    peak_at=st.floats(0.1, 0.9),
    gusts=st.floats(0, 0.9),
)
DAYS = 3 * 1440


def test_the_same_seed_tells_the_same_story() -> None:
    assert tell(Storm(), Valley(), seed=7) == tell(Storm(), Valley(), seed=7)
    assert tell(Storm(), Valley(), seed=7) != tell(Storm(), Valley(), seed=8)


@settings(max_examples=25, deadline=None)
@given(storms, st.integers(0, 99), st.sampled_from([1, 5, 10]))
def test_each_gauge_gets_its_share_of_the_storm(storm: Storm, seed: int, step: int) -> None:
    for gauge in GAUGES:
        rain = hyetograph(storm, gauge, 1440, step, seed)
        assert sum(rain) == pytest.approx(storm.depth * gauge.share)
        assert min(rain) >= 0


@settings(max_examples=25, deadline=None)
@given(storms, st.integers(0, 99), st.sampled_from([1, 5]))
def test_what_runs_off_is_what_flows_by(storm: Storm, seed: int, step: int) -> None:
    land = Catchment(area=40, curve_number=80, reservoirs=3, delay=18, base_flow=0)
    rain = hyetograph(storm, GAUGES[0], DAYS, step, seed)
    cubic_metres = sum(excess(rain, 80)) * 40 * 1000
    assert 0 <= cubic_metres <= sum(rain) * 40 * 1000
    flow = runoff(rain, land, step)
    assert sum(flow) * step * 60 == pytest.approx(cubic_metres, rel=1e-6)
    assert sum(routed([0.0, *flow], Reach(40, 0.3), step)) == pytest.approx(sum(flow), rel=1e-3)


@settings(max_examples=25, deadline=None)
@given(st.floats(1, 120), st.floats(0, 0.5), st.sampled_from([1, 2, 5, 10]))
def test_a_steady_river_stays_steady_and_a_wave_keeps_its_water(
    travel: float, weight: float, step: int
) -> None:
    assert routed([3.0] * 50, Reach(travel, weight), step) == pytest.approx([3.0] * 50)
    wave = [0.0] * 3 + [10.0] * 20 + [0.0] * 3000
    assert sum(routed(wave, Reach(travel, weight), step)) == pytest.approx(200.0, rel=1e-3)


@settings(max_examples=25, deadline=None)
@given(storms, st.integers(0, 99))
def test_the_reservoir_keeps_or_spills_all_that_comes(storm: Storm, seed: int) -> None:
    pool = Valley().pool
    inflow = runoff(hyetograph(storm, GAUGES[0], 1440, 1, seed), pool.catchment, 1)
    levels, spilled = pooled(inflow, pool, 1)
    kept = (levels[-1] - (pool.crest - pool.starts_below)) * pool.surface * 1e6
    assert kept + sum(spilled) * 60 == pytest.approx(sum(inflow) * 60, rel=1e-6)
    assert min(spilled) >= 0


def test_the_curve_number_method_gives_the_handbooks_runoff() -> None:
    # S = 25400/80 - 254 = 63.5 mm; P = 100 mm: (100 - 12.7)² / (100 + 50.8) = 50.54 mm
    assert sum(excess([40, 60], 80)) == pytest.approx(50.54, abs=0.01)
    assert sum(excess([12.7], 80)) == 0


def test_mannings_formula_is_solved_for_the_depth() -> None:
    section = Section(bed=100, width=20, slope=0.004, manning=0.04)
    depth = section.level(150) - 100
    assert 20 * depth ** (5 / 3) * 0.004**0.5 / 0.04 == pytest.approx(150)
    assert section.level(0) == 100


def test_the_town_sees_the_wave_after_the_upstream_gauge() -> None:
    story = tell(Storm(), Valley())
    upstream, town = story.levels["upstream"], story.levels["town"]
    assert 15 <= town.index(max(town)) - upstream.index(max(upstream)) <= 60
    assert max(upstream) - upstream[0] > 1.5, "a storm worth a demo"
