"""Real floods: what a value reaches is what the authority said of it, on every reading."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from monitor.alerting.fold import Trail, advance
from monitor.alerting.rule import Judgement, Rule
from monitor.alerting.rules.limit import RULE
from monitor.alerting.severity import Severity
from monitor.ingest.observation import QualityFlag
from monitor.reference.units import QUANTITIES, factor
from tests.alerting.world import World, judge, rule, seen

NORMAL, BLUE, YELLOW, ORANGE, RED = Severity
OFFICIAL = {"0": NORMAL, "1": BLUE, "11": YELLOW, "111": RED, "101": RED}
"""1 is over start, 11 over warning, 111 over flood; 101 is that where no warning level is set."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    text = path.read_bytes()
    text = gzip.decompress(text) if path.suffix == ".gz" else text
    yield from csv.DictReader(text.decode().splitlines())


@cache
def gauge(start: str, warn: str, flood: str) -> Rule:
    named = (("blue", start, "关注"), ("yellow", warn, "警戒水位"), ("red", flood, "立即转移"))
    rungs = [{"severity": s, "at": float(at), "basis": basis} for s, at, basis in named if at]
    return rule(RULE, {"rungs": rungs, "deadband": 0.05}, interval="1 h")


def gauge_of(row: dict[str, str]) -> Rule:
    return gauge(row["start_level"], row["warn_level"], row["flood_level"])


@pytest.mark.parametrize(
    ("name", "count"), [("flood_waves_2025.csv", 451), ("network_day_2025-09-14.csv.gz", 4812)]
)
@pytest.mark.parametrize("flag", [QualityFlag.GOOD, QualityFlag.SUSPECT, QualityFlag.FAIL])
def test_reached_is_the_authoritys_own_code(
    shared: Path, name: str, count: int, flag: QualityFlag
) -> None:
    read = list(rows(shared / "stage/jp_mlit" / name))
    for row in read:
        at = datetime.fromisoformat(row["obs_time"])
        observation = seen(float(row["level_m"]), at, flag=flag)
        (told,) = judge(gauge_of(row), [observation])
        assert told.reached is OFFICIAL[row["official_over_code"]], row
    assert len(read) == count


def waves(shared: Path) -> Iterator[tuple[list[dict[str, str]], list[Judgement]]]:
    readings = rows(shared / "stage/jp_mlit/flood_waves_2025.csv")
    for _, group in groupby(readings, key=lambda row: row["event_id"]):
        wave = list(group)
        trail: Trail | None = None
        told = []
        for row in wave:
            observation = seen(float(row["level_m"]), datetime.fromisoformat(row["obs_time"]))
            trail, judgement = advance(gauge_of(row), trail, observation, World())
            told.append(judgement)
        yield wave, told


def test_no_rise_of_a_real_wave_is_told_late_and_no_fall_early(shared: Path) -> None:
    for _, told in waves(shared):
        assert all(judgement.severity >= judgement.reached for judgement in told)
        assert max(judgement.severity for judgement in told) is RED


def test_a_real_peak_that_repeats_three_times_is_still_red(shared: Path) -> None:
    peaks = 0
    for wave, told in waves(shared):
        levels = [row["level_m"] for row in wave]
        for n in range(2, len(levels)):
            if len(set(levels[n - 2 : n + 1])) == 1 and told[n].reached is RED:
                peaks += 1
                assert told[n].severity is RED
    assert peaks


def dead_run(shared: Path, limits_in_feet: dict[str, float]) -> list[tuple[str, Judgement]]:
    metres = factor("ft", QUANTITIES["level"])
    rungs = [
        {"severity": severity, "at": feet * metres, "basis": f"{feet:g} ft"}
        for severity, feet in limits_in_feet.items()
    ]
    watch = rule(RULE, {"rungs": rungs, "deadband": 0.03, "on_delay": "5 min"})
    read = list(rows(shared / "stage/usgs/01589330_dead_run_5min_2018-06.csv"))
    series = [
        seen(float(row["gage_height_ft"]) * metres, datetime.fromisoformat(row["datetime_utc"]))
        for row in read
    ]
    days = [row["datetime_utc"][:10] for row in read]
    return list(zip(days, judge(watch, series), strict=True))


def test_the_flash_floods_of_dead_run_reach_the_local_limits_on_their_days(shared: Path) -> None:
    told = dead_run(shared, {"blue": 3.0, "yellow": 4.0, "red": 5.0})
    assert {day for day, judgement in told if judgement.severity is RED} == {
        "2018-06-03",
        "2018-06-11",
    }
    assert told[-1][1].severity is NORMAL


def test_water_below_the_weather_services_action_stage_raises_nothing(shared: Path) -> None:
    told = dead_run(shared, {"yellow": 8.0, "orange": 9.0, "red": 10.0})
    assert all(j.severity is NORMAL and j.reached is NORMAL for _, j in told)


def test_a_limit_entered_in_metres_trips_on_the_same_height_in_feet(shared: Path) -> None:
    """6.17 ft on 3 June is 1.880616 m, 1.881 m at the resolution of a level."""
    peak = {"red": 6.17}
    assert any(judgement.reached is RED for _, judgement in dead_run(shared, peak))
    assert not any(j.reached is RED for _, j in dead_run(shared, {"red": 6.18}))
