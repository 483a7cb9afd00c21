"""Rain over sliding windows; what was not measured may have been rain."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.alerting import fold
from monitor.alerting.fold import Trail, advance
from monitor.alerting.rule import Rule
from monitor.alerting.rules.accumulation import RULE
from monitor.alerting.severity import Severity
from monitor.ingest.observation import Observation, QualityFlag
from tests.alerting.world import T0, World, judge, minutes, rule, seen

NORMAL, BLUE, YELLOW, ORANGE, RED = Severity
WINDOWS = [
    {
        "over": "1 h",
        "rungs": [
            {"severity": "orange", "at": 30, "basis": "准备转移"},
            {"severity": "red", "at": 40, "basis": "立即转移"},
        ],
    },
    {"over": "3 h", "rungs": [{"severity": "orange", "at": 50, "basis": "准备转移"}]},
]


def gauge(**parameters: Any) -> Rule:
    return rule(
        RULE, {"windows": WINDOWS, **parameters}, quantity="rain", unit="mm", interval="10 min"
    )


def rain(*amounts: float, start: float = 0.0) -> list[Observation]:
    return [seen(mm, T0 + minutes(start + 10 * n)) for n, mm in enumerate(amounts)]


def test_an_hour_of_rain_reaches_its_rung_and_names_its_window() -> None:
    last = judge(gauge(), rain(*[5.0] * 6))[-1]
    assert (last.severity, last.value, last.limit) == (ORANGE, 30.0, 30.0)
    assert last.basis == "1小时雨量准备转移"


def test_steady_rain_below_the_hourly_rung_reaches_that_of_three_hours() -> None:
    last = judge(gauge(), rain(*[2.8] * 18))[-1]
    assert (last.severity, last.basis) == (ORANGE, "3小时雨量准备转移")


def test_it_lets_go_when_the_rain_has_left_the_window() -> None:
    last = judge(gauge(), rain(*[7.0] * 6, *[0.0] * 18))[-1]
    assert (last.severity, last.value) == (NORMAL, 0.0)


def test_what_was_not_measured_may_have_been_rain_and_lets_nothing_go() -> None:
    watch = gauge()
    told = judge(watch, [*rain(*[7.0] * 6), *rain(0.0, start=150)])
    assert told[-1].severity is RED
    assert told[-1].basis == "1小时雨量立即转移，缺测83%"


def test_a_gauge_that_speaks_only_of_rain_is_not_missing_when_it_is_dry() -> None:
    watch = rule(RULE, {"windows": WINDOWS}, quantity="rain", unit="mm", reports="above")
    assert judge(watch, [*rain(*[7.0] * 6), *rain(0.0, start=250)])[-1].severity is NORMAL


def test_rain_that_comes_late_is_added_where_it_fell() -> None:
    on_time = rain(*[5.0] * 12)
    late = [*on_time[:2], *on_time[8:], *on_time[2:8]]
    assert judge(gauge(), late)[-1][:3] == judge(gauge(), on_time)[-1][:3]
    trail: Trail | None = None
    for observation in late:
        trail, told = advance(gauge(), trail, observation, World())
    assert trail and trail.newest == on_time[-1].observed_at and told.severity is ORANGE


def test_doubtful_and_failed_rain_is_not_counted() -> None:
    doubtful = [o._replace(flag=QualityFlag.SUSPECT) for o in rain(*[50.0] * 6)]
    last = judge(gauge(), doubtful)[-1]
    assert (last.severity, last.value) == (NORMAL, None)


def test_after_a_restart_the_window_is_filled_from_observations() -> None:
    watch, series = gauge(), rain(*[3.0] * 40, *[6.0] * 6, *[1.0] * 20)
    whole: Trail | None = None
    row = None
    for n, observation in enumerate(series):
        after, _ = advance(watch, whole, observation, World())
        row = fold.dump(watch, after) if fold.keeps(watch, whole, after) else row
        whole = after
        if n % 7 == 0:
            json.dumps(row)
            again = fold.rebuild(watch, "1", row, series[: n + 1], World())
            assert again is not None and again.state == whole.state


def test_rain_writes_a_row_only_when_what_stands_changes() -> None:
    watch, trail, rows = gauge(), None, 0
    for observation in rain(*[0.2] * 50):
        after, _ = advance(watch, trail, observation, World())
        rows += fold.keeps(watch, trail, after)
        trail = after
    assert rows == 1


def test_the_totals_of_the_environment_agency(shared: Path) -> None:
    telemetry = json.loads((shared / "stage/uk_ea/telemetry.json").read_text())
    latest = datetime.fromisoformat(telemetry["latestDateTime"])
    windows = [
        {"over": f"{hours} h", "rungs": [{"severity": "red", "at": total, "basis": "实测"}]}
        for hours, total in ((1, 2.0), (6, 3.8), (24, 5.8))
    ]
    for window in windows:
        watch = rule(RULE, {"windows": [window]}, quantity="rain", unit="mm", interval="15 min")
        values = sorted(
            (datetime.fromisoformat(v["dateTime"]), float(v["value"]))
            for v in telemetry["minutes"]["values"]
        )
        series = [seen(mm, at) for at, mm in values if at <= latest]
        last = judge(watch, series)[-1]
        assert last.severity is RED and last.value == last.limit
