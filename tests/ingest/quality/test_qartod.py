"""Against recorded calls of the QARTOD implementation of IOOS: `docs/quality.md` says where and
why ours differ; everything else is equal, value by value."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from monitor.ingest.observation import Observation, QualityFlag
from monitor.ingest.quality import flat_line, gross_range, rate_of_change, spike
from monitor.ingest.standard import Probe, QualityTest, Standard
from monitor.ingest.track import EMPTY, flattened, remembered
from monitor.reference.places import QualityLimits, SpanLimits
from tests.ingest.series import SCOPE

Call = dict[str, Any]
NO_GAP = timedelta(days=36500)
MISSING, FAIL, SUSPECT, GOOD, UNKNOWN = 9, 4, 3, 1, 2


def recorded(shared: Path, function: str) -> list[Call]:
    calls = json.loads((shared / "conformance/qartod/ioos_qc_vectors.json").read_text())
    return [call for call in calls if call["function"] == function]


def moment(told: str | int) -> datetime:
    if isinstance(told, str):
        return datetime.fromisoformat(told).replace(tzinfo=UTC)
    return datetime.fromtimestamp(told, UTC)


def values_of(call: Call) -> list[float | None]:
    return [None if v in (None, "NaN") else float(v) for v in call["args"]["inp"]]


def applied(
    test: QualityTest,
    limits: QualityLimits,
    values: Sequence[float | None],
    times: Sequence[datetime],
) -> list[int]:
    """The shipped test over a list, each value held against the one just before it. QARTOD
    knows no gaps, so there are none."""
    steps = [b - a for a, b in pairwise(times)]
    interval = median(steps) if steps else timedelta(minutes=15)
    standard = Standard(limits, (test,), lowest_limit=-1e9)
    track, flags = EMPTY, []
    for value, at in zip(values, times, strict=False):
        flat, flag = track.flat, QualityFlag.MISSING
        if value is not None:
            flat = flattened(track, value, at, NO_GAP, limits.flat_tolerance)
            before = track.reference
            found = test.flag(
                Probe(value, value, at, before, flat.since, interval, limits, (), -1e9)
            )
            assert found is not None
            flag = found
        flags.append(int(flag))
        seen = Observation(
            SCOPE, "gauge", "", at, at, at, value, "m", value, flag, (), False, False, None
        )
        plain = seen._replace(flag=QualityFlag.GOOD) if value is not None else seen
        track = remembered(track, plain, flat, standard, gap=False)
    return flags


def evenly(count: int) -> list[datetime]:
    return [moment(1420070400 + 900 * i) for i in range(count)]


def test_gross_range_is_qartods(shared: Path) -> None:
    compared = 0
    for call in recorded(shared, "gross_range_test"):
        if "raises" in call:
            continue
        (fail_low, fail_high), (low, high) = call["args"]["fail_span"], call["args"]["suspect_span"]
        limits = QualityLimits(
            gross_fail=SpanLimits(low=float(fail_low), high=float(fail_high)),
            gross_suspect=SpanLimits(low=float(low), high=float(high)),
        )
        values = values_of(call)
        assert applied(gross_range.TEST, limits, values, evenly(len(values))) == call["flags"]
        compared += 1
    assert compared == 8


def test_rate_of_change_is_qartods_but_never_fails(shared: Path) -> None:
    compared = 0
    for call in recorded(shared, "rate_of_change_test"):
        limits = QualityLimits(rate_suspect=call["args"]["threshold"] * 3600.0)
        times = [moment(t) for t in call["args"]["tinp"]]
        ours = applied(rate_of_change.TEST, limits, values_of(call), times)
        assert ours == [SUSPECT if flag == FAIL else flag for flag in call["flags"]]
        compared += 1
    assert compared == 10


def test_flat_line_is_qartods_and_never_sees_more(shared: Path) -> None:
    compared, differing = 0, []
    for call in recorded(shared, "flat_line_test"):
        args = call["args"]
        limits = QualityLimits(
            flat_suspect=timedelta(seconds=args["suspect_threshold"]),
            flat_fail=timedelta(seconds=args["fail_threshold"]),
            flat_tolerance=float(args["tolerance"]),
        )
        values, times = values_of(call), [moment(t) for t in args["tinp"]]
        ours = applied(flat_line.TEST, limits, values, times)
        if None in values or call["upstream_test"] == "test_flat_line_with_spike":
            differing.append((ours, call["flags"]))
        else:
            assert ours == call["flags"], call["upstream_test"]
            compared += 1
    assert (compared, len(differing)) == (17, 4)
    for ours, theirs in differing:  # docs/quality.md: missing values, and a slope
        assert all(us <= them for us, them in zip(ours, theirs, strict=True))


def test_what_qartods_differential_spike_doubts_we_doubt(shared: Path) -> None:
    compared = 0
    for call in recorded(shared, "spike_test"):
        args = call["args"]
        if args.get("method") != "differential":
            continue
        limits = QualityLimits(
            spike_suspect=args.get("suspect_threshold"), spike_fail=args.get("fail_threshold")
        )
        values = values_of(call)
        ours = applied(spike.TEST, limits, values, evenly(len(values)))
        for us, them in zip(ours, call["flags"], strict=True):
            if them in (SUSPECT, FAIL, MISSING):
                assert us >= them
        compared += 1
    assert compared == 2


def test_spike_agrees_with_qartod_on_the_first_and_the_missing(shared: Path) -> None:
    for call in recorded(shared, "spike_test"):
        args = call["args"]
        if "raises" in call or args.get("suspect_threshold") is None:
            continue
        limits = QualityLimits(
            spike_suspect=float(args["suspect_threshold"]), spike_fail=args.get("fail_threshold")
        )
        values = values_of(call)
        ours = applied(spike.TEST, limits, values, evenly(len(values)))
        assert ours[0] == call["flags"][0] == UNKNOWN
        assert [f == MISSING for f in ours] == [f == MISSING for f in call["flags"]]


KOTZEBUE = {
    "gross_range": (
        gross_range.TEST,
        QualityLimits(
            gross_fail=SpanLimits(low=-10.0, high=10.0),
            gross_suspect=SpanLimits(low=-2.0, high=3.0),
        ),
    ),
    "flat_line": (
        flat_line.TEST,
        QualityLimits(
            flat_suspect=timedelta(hours=3), flat_fail=timedelta(hours=6), flat_tolerance=0.001
        ),
    ),
    "rate_of_change": (rate_of_change.TEST, QualityLimits(rate_suspect=0.001 * 3600.0)),
}
"""The limits of the example's configuration, in our units."""


@pytest.mark.parametrize("name", KOTZEBUE)
def test_seven_thousand_hours_at_kotzebue_count_as_qartods(shared: Path, name: str) -> None:
    known = json.loads((shared / "conformance/qartod/kotzebue_config_and_counts.json").read_text())
    with (shared / "stage/ioos/kotzebue_water_level_hourly_2018.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    levels = [float(row["sea_surface_height_above_sea_level"]) for row in rows]
    counts = Counter(applied(*KOTZEBUE[name], levels, times))
    assert {str(flag): n for flag, n in counts.items()} == known["flag_counts"][name]
