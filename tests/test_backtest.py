"""History through the same pipeline: what would have been said, when, to whom."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import backtest
from monitor.errors import SettingsRefused
from monitor.settings import Settings, load

START = datetime(2026, 7, 15, 10, 0, tzinfo=UTC)
CONFIG = Path(__file__).parents[1] / "config"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(CONFIG, {"MONITOR_TOKEN": "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"})


def history(folder: Path, *values: object, head: str = "sensor,quantity,time,value") -> Path:
    """A file with a value every five minutes."""
    rows = [
        f"shiqiao-level,level,{(START + timedelta(minutes=5 * n)).isoformat()},{value}"
        for n, value in enumerate(values)
    ]
    path = folder / "history.csv"
    path.write_text("\n".join((head, *rows)), encoding="utf-8")
    return path


def backtested(settings: Settings, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("readings")
    parser.add_argument("--json", action="store_true")
    backtest.add_options(parser)
    return backtest.run(settings, parser.parse_args(arguments))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_reading_is_a_line_and_the_summary_gives_the_lead_time(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = history(tmp_path, 86.0, 86.3, 86.6, 86.9, 87.2, 87.5, 87.8, 87.4, 86.0)
    assert backtested(settings, str(path), "--json") == 0
    *said, last = lines(capsys)
    assert [line["reached"] for line in said] == [
        *("NORMAL", "BLUE", "YELLOW", "YELLOW", "ORANGE", "ORANGE", "RED", "ORANGE", "NORMAL")
    ]
    assert said[1]["flag"] == "GOOD"
    assert "mayor" in said[6]["told"]  # type: ignore[operator]  # a list of persons
    (site,) = last["summary"]["sites"]  # type: ignore[index]  # as documented
    assert site["lead_minutes"] == {"BLUE": 0, "YELLOW": 5, "ORANGE": 15, "RED": 25}


def test_without_json_people_read_a_summary(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backtested(settings, str(history(tmp_path, 86.0, 86.7, 87.3, 87.9))) == 0
    text = capsys.readouterr().out
    assert "石桥站 · flood: 1 alert(s)" in text
    assert "红 RED" in text


def test_an_empty_cell_is_missing_and_an_unknown_sensor_is_counted(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = history(tmp_path, 86.0, "")
    path.write_text(path.read_text(encoding="utf-8") + "\nnobody,level,2026-07-15T12:00Z,1\n")
    assert backtested(settings, str(path), "--json") == 0
    *said, last = lines(capsys)
    assert said[1]["flag"] == "MISSING"
    assert said[2]["quarantined"] == "unknown sensor"
    assert last["summary"]["quarantined"] == {"unknown sensor": 1}  # type: ignore[index]


def test_columns_go_by_other_names(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dead_run.csv"
    path.write_text("datetime_utc,gage_height_ft\n2026-07-15T10:00:00Z,288.1\n", encoding="utf-8")
    options = ("--only", "shiqiao-level", "--time", "datetime_utc", "--value", "gage_height_ft")
    assert backtested(settings, str(path), "--json", "--unit", "ft", *options) == 0
    assert lines(capsys)[0]["reached"] == "RED"  # 288.1 ft is 87.81 m


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("time,value\n2026-07-15T10:00Z,1", "history.csv:1: no column sensor"),
        ("sensor,time,value\na,yesterday,1", "history.csv:2: Invalid isoformat string"),
        ("sensor,time,value\na", "history.csv:2: too few columns"),
        ("", "history.csv:1: no column time, value, sensor (there are: none)"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(
    settings: Settings, tmp_path: Path, text: str, fault: str
) -> None:
    path = tmp_path / "history.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsRefused) as refused:
        backtested(settings, str(path))
    assert fault in refused.value.faults[0]


def test_a_missing_file_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="No such file"):
        backtested(settings, str(tmp_path / "none.csv"))
