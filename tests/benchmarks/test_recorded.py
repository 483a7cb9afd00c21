"""A recorded flood drives the storm: every gauge of it crosses what stands on its own rise."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks.recorded import recorded
from benchmarks.storm import Storm, crossed
from monitor.clock import SystemClock
from simulators.replay import Columns, paced

JAPAN = ZoneInfo("Asia/Tokyo")


def test_every_gauge_of_a_recorded_flood_crosses_its_red_within_the_time_given(
    shared: Path,
) -> None:
    waves = shared / "stage" / "jp_mlit" / "flood_waves_2025.csv"
    columns = Columns("obs_time", "level_m", JAPAN, "event_id")
    storm = Storm(*recorded(waves, columns, 40, 60.0, seed=1))
    begun = SystemClock().now()
    first = crossed(storm, begun)
    assert {site for site, severity in first if severity == 4} == {g.site for g in storm.gauges}
    sent = [at for at, _ in paced(storm.rows, speed=storm.speed, shift_to=begun)]
    assert (sent[-1] - sent[0]).total_seconds() <= 60.0


def test_a_file_in_which_nothing_rises_is_no_storm(tmp_path: Path) -> None:
    (tmp_path / "flat.csv").write_text("time,value\n2026-07-01T00:00,1.0\n2026-07-01T01:00,1.1\n")
    with pytest.raises(ValueError, match=r"nothing in flat\.csv rises"):
        recorded(tmp_path / "flat.csv", Columns("time", "value", JAPAN), 3, 60.0, seed=1)
