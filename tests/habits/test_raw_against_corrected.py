"""What a gauge said against what a hydrographer kept of it: how much of the false is doubted, and
how much of the doubted is false. `pytest -s` prints the table of docs/quality.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from monitor.ingest.defaults import DEFAULT_QUALITY
from monitor.reference.places import Sensor, SpanLimits
from tests.habits import feeds
from tests.habits.feeds import Pair
from tests.ingest.series import followed

LOGAN = {"unit": "cm", "interval": "15 min", "sentinels": (-9999.0,)}
USGS = {"unit": "ft", "interval": "15 min"}


class Score(NamedTuple):
    """Counted over the values that came."""

    values: int
    false: int
    doubted: int
    both: int

    @property
    def precision(self) -> float | None:
        return self.both / self.doubted if self.doubted else None

    @property
    def recall(self) -> float | None:
        return self.both / self.false if self.false else None

    def __str__(self) -> str:
        shown = [f"{r:.3f}" if r is not None else "–" for r in (self.precision, self.recall)]
        return " | ".join(str(n) for n in (*self, *shown))


def scored(pairs: Sequence[Pair], gauge: Mapping[str, Any]) -> Score:
    """False is what the hydrographer replaced, dropped or qualified, and a sentinel. A constant
    offset between the two series is a calibration, and no single value's fault."""
    told = [pair for pair in pairs if pair.raw is not None]
    limits = DEFAULT_QUALITY["level"].model_copy(update=gauge.get("quality"))
    entered = {"id": "gauge", "site": "bridge", "quantity": "level", **gauge, "quality": limits}
    seen = followed(((pair.at, pair.raw) for pair in told), Sensor.model_validate(entered))
    assert len(seen) == len(told)
    false = [bool(pair.remark) or pair.corrected is None or pair.raw == -9999.0 for pair in told]
    doubted = [not one.judges for one in seen]
    both = sum(a and b for a, b in zip(false, doubted, strict=True))
    return Score(len(told), sum(false), sum(doubted), both)


PLACE: Mapping[str, Mapping[str, Any]] = {
    "TonyGrove2020": {
        "gross_suspect": SpanLimits(low=0.30, high=0.48),
        "spike_suspect": 0.04,
        "rate_suspect": 0.16,
    },
    "FranklinBasin2014": {
        "gross_suspect": SpanLimits(low=-0.05, high=0.24),
        "spike_suspect": 0.04,
        "rate_suspect": 0.16,
    },
}
"""What a person who knows the place would enter: its range, and a rise of 4 cm in 15 min."""


@pytest.mark.parametrize("name", PLACE)
def test_flags_against_a_technician(shared: Path, name: str) -> None:
    """lro_raw_vs_corrected: ice, a moved sensor, drift, and −9999."""
    pairs = feeds.logan(shared / f"stage/lro_raw_vs_corrected/{name}_stage_15min.csv.gz")
    as_shipped = scored(pairs, LOGAN)
    of_place = scored(pairs, {**LOGAN, "quality": PLACE[name]})
    print(f"\n| {name} | as shipped | {as_shipped} |\n| | limits of the place | {of_place} |")
    assert as_shipped.precision in (None, 1.0)
    assert of_place.both > as_shipped.both


def test_a_gauge_that_was_only_calibrated_is_never_doubted(shared: Path) -> None:
    """usgs/raw_vs_corrected: 0.01 to 0.02 ft apart all month."""
    name = "01010000_st_john_ninemile_15min_2014-08"
    pairs = feeds.usgs_pairs(shared / f"stage/usgs/raw_vs_corrected/{name}.csv")
    score = scored(pairs, USGS)
    print(f"\n| {name} | as shipped | {score} |")
    assert (score.values, score.false, score.doubted) == (2795, 0, 0)
