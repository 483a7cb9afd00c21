"""Which silences are one matter."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting.areas import Areas, Quiet, area_of, fallen
from monitor.reference.places import Site, SiteKind
from tests.alerting.world import SITE, T0, minutes

THREE = Areas()


def quiet(name: str, since: float, *, area: str = "area:yunxi", is_silent: bool = True) -> Quiet:
    return Quiet(name, area, T0 + minutes(since), is_silent)


def names(found: object) -> set[str]:
    assert isinstance(found, tuple)
    return {one.sensor for one in found}


def test_an_area_is_a_catchment_and_without_one_a_village() -> None:
    assert area_of(SITE) == "area:qiaotou"
    inside = Site(id="s", name="s", kind=SiteKind.FORD, village="qiaotou", catchment="yunxi")
    assert area_of(inside) == "area:yunxi"


def test_three_within_ten_minutes_are_one_and_both_ends_count() -> None:
    three = [quiet("a", 0), quiet("b", 4), quiet("c", 10)]
    assert names(fallen(three, THREE, ())["area:yunxi"]) == {"a", "b", "c"}
    assert fallen([*three[:2], quiet("c", 10.1)], THREE, ()) == {}
    assert fallen(three[:2], THREE, ()) == {}


def test_each_area_counts_for_itself() -> None:
    assert fallen([quiet("a", 0), quiet("b", 0), quiet("c", 0, area="area:x")], THREE, ()) == {}


def test_those_whose_patience_runs_out_soon_are_counted_with_the_first() -> None:
    soon = [quiet("a", 0), quiet("b", 3, is_silent=False), quiet("c", 4, is_silent=False)]
    assert names(fallen(soon, THREE, ())["area:yunxi"]) == {"a", "b", "c"}
    assert fallen([one._replace(is_silent=False) for one in soon], THREE, ()) == {}


def test_one_that_fell_silent_long_before_is_named_in_it_and_makes_none() -> None:
    old = quiet("old", -600)
    three = [quiet("a", 0), quiet("b", 1), quiet("c", 2)]
    assert names(fallen([old, *three], THREE, ())["area:yunxi"]) == {"old", "a", "b", "c"}
    assert fallen([old, *three[:2]], THREE, ()) == {}


def test_what_stands_goes_on_while_so_many_are_silent() -> None:
    apart = [quiet("a", 0), quiet("b", 60), quiet("c", 120)]
    assert names(fallen(apart, THREE, ["area:yunxi"])["area:yunxi"]) == {"a", "b", "c"}
    assert fallen(apart[:2], THREE, ["area:yunxi"]) == {}


@given(
    st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=12),
    st.integers(2, 5),
    st.integers(1, 30),
)
def test_an_area_is_told_of_exactly_where_so_many_fell_silent_together(
    said: list[tuple[int, bool]], count: int, within: int
) -> None:
    quiets = [quiet(str(n), at, is_silent=silent) for n, (at, silent) in enumerate(said)]
    areas = Areas(silent=count, within=timedelta(minutes=within))
    windows = ([(t, s) for t, s in said if 0 <= t - first <= within] for first, _ in said)
    together = any(len(w) >= count and any(s for _, s in w) for w in windows)
    assert bool(fallen(quiets, areas, ())) is together
