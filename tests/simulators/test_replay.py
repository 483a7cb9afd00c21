from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from simulators.replay import Columns, publications, rows

ZONE = ZoneInfo("Asia/Shanghai")
ONE = Columns("time", "level", ZONE, sensors={"": "gauge"})
CSV = "time,level\n2024-06-01 00:05:00,668.08\n2024-06-01 00:00:00,\n2024-06-01 00:10:00,n/a\n"


def written(folder: Path, text: str = CSV) -> Path:
    path = folder / "readings.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_rows_come_by_time_in_the_zone_given_and_what_is_no_number_is_missing(
    tmp_path: Path,
) -> None:
    found = rows(written(tmp_path), ONE)
    assert [(r.at.isoformat(), r.sensor, r.value) for r in found] == [
        ("2024-06-01T00:00:00+08:00", "gauge", None),
        ("2024-06-01T00:05:00+08:00", "gauge", 668.08),
        ("2024-06-01T00:10:00+08:00", "gauge", None),
    ]


def test_a_gzipped_file_is_the_same_file(tmp_path: Path) -> None:
    packed = tmp_path / "readings.csv.gz"
    packed.write_bytes(gzip.compress(CSV.encode()))
    assert rows(packed, ONE) == rows(written(tmp_path), ONE)


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="水位"):
        rows(written(tmp_path), Columns("time", "水位", ZONE))


def test_a_time_that_cannot_be_read_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 3"):
        rows(written(tmp_path, "time,level\n2024-06-01,1\nyesterday,2\n"), ONE)


def test_without_a_shift_every_reading_keeps_its_own_time(tmp_path: Path) -> None:
    sent = list(publications(rows(written(tmp_path), ONE), ONE, "yunxi", speed=10, boot="r1"))
    assert [json.loads(p.payload)["time"] for p in sent] == [
        "2024-06-01T00:00:00+08:00",
        "2024-06-01T00:05:00+08:00",
        "2024-06-01T00:10:00+08:00",
    ]
    assert [(p.at - sent[0].at).total_seconds() for p in sent] == [0, 30, 60]
    assert json.loads(sent[0].payload) == {
        "value": None,
        "unit": "m",
        "time": "2024-06-01T00:00:00+08:00",
        "boot": "r1",
        "seq": 1,
    }
    assert sent[0].topic == "risk/yunxi/gauge/level"


def test_shifted_each_reading_happens_when_it_is_sent(tmp_path: Path) -> None:
    now = datetime(2026, 6, 20, tzinfo=UTC)
    sent = list(publications(rows(written(tmp_path), ONE), ONE, "yunxi", speed=10, shift_to=now))
    assert [p.at for p in sent] == [now + timedelta(seconds=s) for s in (0, 30, 60)]
    assert [datetime.fromisoformat(json.loads(p.payload)["time"]) for p in sent] == [
        p.at for p in sent
    ]


def test_a_whole_network_is_replayed_with_names_mapped(shared: Path) -> None:
    columns = Columns("obs_time", "level_m", ZONE, sensor="code", sensors={"0300000228": "known"})
    found = rows(shared / "stage/jp_mlit/network_day_2025-09-14.csv.gz", columns)
    assert len(found) == 4812
    assert len({r.sensor for r in found}) == 526
    assert "known" in {r.sensor for r in found}


def test_chinese_column_names_and_beijing_time(shared: Path) -> None:
    columns = Columns("时间", "水位(m)", ZONE, sensors={"": "river"})
    found = rows(shared / "stage/cn_guizhou/river_5min_2024-06-01_04.csv", columns)
    assert found[0].at == datetime(2024, 5, 31, 16, 0, tzinfo=UTC)
    assert found[0].value == 668.08
