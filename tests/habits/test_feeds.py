"""Habits of recorded feeds, each through the pipeline as readings come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.alerting.alerts import Change
from monitor.ingest.observation import Observation, QualityFlag
from tests.habits import feeds
from tests.habits.town import SHIPPED, Town, message, town, with_gauges

USGS = {"unit": "ft", "interval": "15 min", "sentinels": (-999999.0,)}
QUARTER = timedelta(minutes=15)


def rungs(yellow: float, red: float) -> dict[str, object]:
    """A ladder in metres."""
    return {
        "rungs": [
            {"severity": "yellow", "at": yellow, "basis": "警戒水位"},
            {"severity": "red", "at": red, "basis": "立即转移"},
        ]
    }


def flags(seen: list[Observation]) -> set[QualityFlag]:
    return {one.flag for one in seen}


def test_no_data_with_an_ice_remark_is_missing_and_ends_nothing(shared: Path) -> None:
    """usgs/raw_nwis_iv_json_mult_flags.json: discharge, 39 times −999999 with "Ice". Through a
    level gauge it would be a fall of 300 km."""
    (series,) = feeds.nwis_json(shared / "stage/usgs/raw_nwis_iv_json_mult_flags.json").values()
    start = series[0].at
    there = town(start, with_gauges(sensor=USGS, rule=rungs(1.0, 9.0)))
    there.live([(start - QUARTER, 5.0)])
    stands = dict(there.memory.alerts)
    none = [said for said in series if "Ice" in said.remarks]
    seen = there.live((said.at, said.value) for said in none)
    assert len(none) == 39 and {said.value for said in none} == {-999999.0}
    assert flags(seen) == {QualityFlag.MISSING}
    assert there.memory.alerts == stands != {}


def test_an_ice_flag_that_the_device_gives_beside_a_number_is_unknown_and_told(
    shared: Path,
) -> None:
    """The same file as a device would say it: the remark stands as a reason, and where it says
    "estimated" the value is doubted."""
    (series,) = feeds.nwis_json(shared / "stage/usgs/raw_nwis_iv_json_mult_flags.json").values()
    there = town(series[0].at, with_gauges(sensor={**USGS, "unit": "mm"}))
    words = {"e": "estimated", "Ice": "Ice", "P": "good"}
    for said in series:
        remark = words[said.remarks[-1]]
        there.hear([message(said.at, said.value, quality=remark)], said.at)
    seen = [one for outcome in there.outcomes for one in outcome.observations]
    for said, one in zip(series, seen, strict=True):
        expected = {"e": QualityFlag.SUSPECT, "Ice": QualityFlag.MISSING, "P": QualityFlag.GOOD}
        assert one.flag is expected[said.remarks[-1]] or one is seen[0]


def test_one_broken_gauge_does_not_poison_the_batch(shared: Path) -> None:
    """usgs/RI_instantaneous_snapshot.xml: 36 gauges in one batch, one says −999999 "Eqp", one is
    13 days old. Every other is judged, each at a site of its own."""
    gauges = feeds.waterml(shared / "stage/usgs/RI_instantaneous_snapshot.xml", "00065")
    now = datetime(2012, 12, 11, 17, 51, tzinfo=UTC)
    names = {site: f"g{site}" for site in gauges}
    there = town(now, with_gauges(names.values(), USGS, rungs(1.5, 100.0)))
    batch = [
        message(said.at, said.value, names[site], came=now) for site, (said,) in gauges.items()
    ]
    outcome = there.hear(batch, now)
    seen = {one.sensor: one for one in outcome.observations}
    broken = [site for site, (said,) in gauges.items() if "Eqp" in said.remarks]
    assert len(seen) == len(gauges) == 36 and broken == ["01115170"]
    assert [s for s, one in seen.items() if one.flag is QualityFlag.MISSING] == ["g01115170"]
    over = {f"at-{names[s]}" for s, (said,) in gauges.items() if (said.value or 0) * 0.3048 >= 1.5}
    assert len(over) == 2 and {place.site for place in there.memory.alerts} == over
    stale = seen["g412656071265946"]
    assert stale.late and now - stale.observed_at > timedelta(days=13)


def test_without_its_sentinel_a_missing_value_fails_and_still_clears_nothing() -> None:
    noon = datetime(2026, 7, 15, 4, tzinfo=UTC)
    for nothing in (-999999.0, -8888.0):
        there = town(noon, with_gauges(sensor={"sentinels": ()}))
        there.live([(noon, 87.9)])
        stands = dict(there.memory.alerts)
        (seen,) = there.live([(noon + timedelta(minutes=5), nothing)])
        assert seen.flag is QualityFlag.FAIL and there.memory.alerts == stands


def test_zero_for_missing_is_no_fall_of_the_lake(shared: Path) -> None:
    """cn_guizhou/reservoir_15min_2023-05.csv: two rows without a level, which many a logger
    sends as 0; the lake stands at 1230 m."""
    path = shared / "stage/cn_guizhou/reservoir_15min_2023-05.csv"
    rows = list(feeds.column(path, "水位(m)", "+08:00"))
    told = [(row.at, row.value or 0.0) for row in rows]
    empty = {row.at for row in rows if row.value is None}
    assert len(empty) == 2
    gauge = {"interval": "1 h", "sentinels": (0.0,)}
    there = town(told[0][0], with_gauges(sensor=gauge, rule=rungs(1200.0, 1300.0)))
    seen = there.live(told)
    assert {one.observed_at for one in seen if not one.judges} == empty
    assert flags([one for one in seen if one.observed_at in empty]) == {QualityFlag.MISSING}
    assert [change for change, *_ in there.changes] == [Change.RAISED]


def test_a_zero_after_a_gap_costs_the_true_value_one_reading_and_no_more(shared: Path) -> None:
    """The same lake where nobody entered that 0 means nothing: the first one comes after eleven
    hours of silence, and what is compared with it is the water."""
    path = shared / "stage/cn_guizhou/reservoir_15min_2023-05.csv"
    told = [(row.at, row.value or 0.0) for row in feeds.column(path, "水位(m)", "+08:00")]
    there = town(told[0][0], with_gauges(sensor={"interval": "1 h"}, rule=rungs(1200.0, 1300.0)))
    true = [one for one in there.live(told) if one.raw_value]
    doubted = [one for one in true if not one.judges]
    assert len(doubted) <= 2 and {one.flag for one in doubted} <= {QualityFlag.SUSPECT}


def test_a_logger_s_back_fill_re_alarms_nobody(shared: Path) -> None:
    """usgs/raw_vs_corrected/01010000: raw is what came live; 175 quarters of an hour of 12–14
    August came later, and were written into the corrected series."""
    pairs = feeds.usgs_pairs(
        shared / "stage/usgs/raw_vs_corrected/01010000_st_john_ninemile_15min_2014-08.csv"
    )
    held = [(p.at, p.corrected) for p in pairs if p.raw is None]
    start, end = held[0][0], held[-1][0]
    before = [(p.at, p.raw) for p in pairs if p.at < start and p.raw is not None]
    after = [(p.at, p.raw) for p in pairs if p.at > end and p.raw is not None]
    limit = rungs(0.355, 9.0) | {
        "deadband": 0.005
    }  # 1.165 ft: crossed before, in and after the gap
    there = town(before[0][0], with_gauges(sensor=USGS, rule=limit))
    there.live(before)
    there.live(after[:8])
    changes, pages, stands = there.changes, there.pages, dict(there.memory.alerts)
    came = after[7][0] + timedelta(minutes=1)
    there.hear([message(at, v, came=came) for at, v in held], came)
    assert len(held) == 175
    assert there.pages == pages
    assert there.memory.alerts == stands
    assert [told for *_, told in there.changes[len(changes) :]].count(True) == 0
    there.live(after[8:])
    whole = town(before[0][0], with_gauges(sensor=USGS, rule=limit))
    whole.live(before + after)
    assert _told(there) == _told(whole)


def _told(there: Town) -> list[tuple[Change, int]]:
    return [(change, severity) for change, severity, told in there.changes if told]


def test_a_change_to_summer_time_is_no_gap_and_no_jump_back(shared: Path) -> None:
    """usgs/raw_nwis_iv_json_startDST.json: −05:00 becomes −04:00 at 2018-03-11 02:00."""
    (series,) = feeds.nwis_json(shared / "stage/usgs/raw_nwis_iv_json_startDST.json").values()
    assert {said.at.utcoffset() for said in series} == {timedelta(hours=-5), timedelta(hours=-4)}
    there = town(series[0].at, with_gauges(sensor={**USGS, "unit": "mm"}))
    seen = there.live((said.at, said.value) for said in series)
    assert len(seen) == len(series) == 284
    assert not any(one.late or one.reasons for one in seen)
    gaps = [b.observed_at - a.observed_at for a, b in pairwise(seen)]
    assert min(gaps) == QUARTER and sum(gap != QUARTER for gap in gaps) <= 1


def test_a_negative_level_under_its_datum_is_judged_like_any_other(shared: Path) -> None:
    """ioos/kotzebue_water_level_hourly_2018.csv: the sea, above and below its mean level."""
    path = shared / "stage/ioos/kotzebue_water_level_hourly_2018.csv"
    name = "sea_surface_height_above_sea_level"
    series = [s for s in feeds.column(path, name, "", "time") if s.value is not None]
    low = [said for said in series if said.value is not None and said.value < 0]
    gauge = {"interval": "1 h", "sentinels": (-9999.0,)}
    below = {"rungs": [{"severity": "blue", "at": -0.5, "basis": "滩涂过水"}], "deadband": 0.0}
    there = town(series[0].at, with_gauges(sensor=gauge, rule=below))
    seen = there.live((said.at, said.value) for said in series)
    assert len(low) > 1000
    doubted = [one for one in seen if one.value is not None and one.value < 0 and not one.judges]
    assert [one.reasons for one in doubted] == [("spike",)]  # a jump of metres in an hour
    for one, outcome in zip(seen, there.outcomes, strict=True):
        if one.judges and one.value is not None:
            (judgement,) = outcome.judgements
            assert bool(judgement.severity) is (round(one.value, 3) >= -0.5)


@pytest.mark.parametrize("name", ["diff_freq", "two_sites_two_params_iv"])
def test_gauges_of_different_pace_in_one_feed_are_no_gaps_of_each_other(
    shared: Path, name: str
) -> None:
    """usgs/raw_nwis_iv_json_diff_freq.json has 15 and 30 minutes side by side."""
    found = feeds.nwis_json(shared / f"stage/usgs/raw_nwis_iv_json_{name}.json")
    stages = {site: said for site, said in found.items() if site.endswith(":00065")}
    names = {site: f"g{site.split(':')[0]}" for site in stages}
    start = min(said[0].at for said in stages.values())
    there = town(start, with_gauges(names.values(), USGS, rungs(100.0, 200.0)))
    mixed = sorted((s.at, names[site], s.value) for site, said in stages.items() for s in said)
    for at, sensor, value in mixed:
        (seen,) = there.hear([message(at, value, sensor)], at).observations
        assert seen.judges and not seen.reasons
    assert SHIPPED not in names.values() and there.changes == []
