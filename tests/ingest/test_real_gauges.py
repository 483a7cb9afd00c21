"""The shipped limits on recorded rivers: what they must let through, what they must doubt."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

from monitor.ingest.observation import Observation, QualityFlag
from monitor.reference.places import Sensor
from tests.ingest.series import GAUGE, every, followed

HOURLY = GAUGE.model_copy(update={"interval": timedelta(hours=1)})
RED = ("111", "101")
"""Official codes for "over flood level"; the second where no warning level is set."""


class Row:
    """One line of the authority's record and what we make of it."""

    def __init__(self, line: dict[str, str]) -> None:
        self.at = datetime.fromisoformat(line["obs_time"])
        self.level = float(line["level_m"])
        self.gauge = line["code"]
        self.event = line.get("event_id") or line["code"]
        self.lowest = float(line["start_level"])
        self.is_red = line["official_over_code"] in RED


def judged_events(path: Path) -> dict[str, list[tuple[Row, Observation]]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    events: dict[str, list[Row]] = defaultdict(list)
    for line in csv.DictReader(text.splitlines()):
        row = Row(line)
        events[row.event].append(row)
    judged = {}
    for event, rows in events.items():
        rows.sort(key=lambda row: row.at)
        series = [(row.at, row.level) for row in rows]
        judged[event] = list(
            zip(rows, followed(series, HOURLY, lowest_limit=rows[0].lowest), strict=True)
        )
    return judged


def test_no_true_red_of_the_waves_is_delayed(shared: Path) -> None:
    waves = judged_events(shared / "stage/jp_mlit/flood_waves_2025.csv")
    reds = [seen for rows in waves.values() for row, seen in rows if row.is_red]
    assert len(waves) == 17 and len(reds) == 68
    assert [seen for seen in reds if not seen.judges] == []
    doubted = [seen for rows in waves.values() for _, seen in rows if not seen.judges]
    assert [seen.value for seen in doubted] == [392.07]  # a fall of 4.36 m within the hour


def test_at_least_60_of_134_false_reds_judge_nothing(shared: Path) -> None:
    faulty = judged_events(shared / "stage/jp_mlit/faulty_sensors.csv")
    false_reds = [(row, seen) for rows in faulty.values() for row, seen in rows if row.is_red]
    held = [row for row, seen in false_reds if not seen.judges]
    left = Counter(row.gauge for row, seen in false_reds if seen.judges)
    print(
        f"{len(held)} of {len(false_reds)} false reds page nobody as red; "
        f"undecidable from one gauge (after a gap, or borne out by the next reading): {dict(left)}"
    )
    assert len(false_reds) == 134
    assert len(held) >= 60


def test_seven_metres_in_an_hour_are_suspect(shared: Path) -> None:
    day = judged_events(shared / "stage/jp_mlit/network_day_2025-09-14.csv.gz")
    assert day["0300000228"][-1][1].flag is QualityFlag.SUSPECT
    doubted = {gauge for gauge, rows in day.items() for _, seen in rows if not seen.judges}
    assert doubted == {"0300000228"}


def test_a_stuck_gauge_is_told(shared: Path) -> None:
    faulty = judged_events(shared / "stage/jp_mlit/faulty_sensors.csv")
    for event in ("3300000049_2025-09-12", "3600000038_2025-09-12"):
        stuck = [seen for _, seen in faulty[event] if "flat line" in seen.reasons]
        assert len(stuck) > len(faulty[event]) / 2
        assert not any(seen.judges for seen in stuck)


def test_a_crest_that_repeats_three_times_still_judges(shared: Path) -> None:
    waves = judged_events(shared / "stage/jp_mlit/flood_waves_2025.csv")
    crest = [seen for row, seen in waves["1000000054_2025-11-29"] if row.level == 397.01]
    assert len(crest) == 3 and all(seen.judges for seen in crest)


def uk_levels(path: Path) -> list[tuple[datetime, float]]:
    """Newest first in the file."""
    rows = json.loads(path.read_text())
    return [(datetime.fromisoformat(row["ts"]), float(row["_"])) for row in reversed(rows)]


def test_a_thousand_metres_are_no_tide_and_the_true_value_is_good(shared: Path) -> None:
    quarterly = GAUGE.model_copy(update={"interval": timedelta(minutes=15)})
    spiked = followed(uk_levels(shared / "stage/uk_ea/spikeTelem.json"), quarterly)
    true = followed(uk_levels(shared / "stage/uk_ea/nonSpikeTelem.json"), quarterly)
    assert spiked[-1].flag is QualityFlag.FAIL
    assert true[-1].flag is QualityFlag.GOOD
    assert all(seen.judges for seen in (*spiked[:-1], *true))


def test_flash_floods_every_five_minutes_are_never_doubted(shared: Path) -> None:
    feet: Sensor = GAUGE.model_copy(update={"unit": "ft"})
    for name in ("01589330_dead_run_5min_2018-06.csv", "01589330_dead_run_5min_2019-05.csv"):
        with (shared / "stage/usgs" / name).open() as lines:
            series = [
                (datetime.fromisoformat(row["datetime_utc"]), float(row["gage_height_ft"]))
                for row in csv.DictReader(lines)
            ]
        seen = followed(series, feet)
        assert len(seen) > 8000 and all(one.judges for one in seen)


def test_no_data_of_usgs_is_missing_and_never_a_level(shared: Path) -> None:
    raw = json.loads((shared / "stage/usgs/raw_nwis_iv_json_mult_flags.json").read_text())
    values = [
        float(row["value"])
        for series in raw["value"]["timeSeries"]
        for row in series["values"][0]["value"]
    ]
    assert -999999.0 in values
    feet = GAUGE.model_copy(update={"unit": "ft", "sentinels": (-999999.0,)})
    for value, seen in zip(values, followed(every(15, *values), feet), strict=True):
        if value == -999999.0:
            assert (seen.flag, seen.value) == (QualityFlag.MISSING, None)
            assert seen.raw_value == value
