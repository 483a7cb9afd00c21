"""The demo as a newcomer starts it, only faster: nothing lost, nothing missed, the same again."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from simulators.demo import expectations
from simulators.demo.expectations import NEVER, TOLD, Came, misses

ROOT = Path(__file__).parents[2]
TEXTS = {
    "黄级叫应：漫水桥，|漫水桥由蓝级升黄级": "黄级叫应：漫水桥，00:10",
    "红级叫应：石桥站，|石桥站由橙级升红级": "红级叫应：石桥站，00:35",
    "石桥站.*(红级|立即转移)": "石桥站由橙级升红级",
}
"""Something that each pattern with an "or" in it matches."""


class Night(NamedTuple):
    """One performance."""

    code: int
    printed: str
    told: dict[str, Any]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[Night]:
    """Two performances with one seed, side by side."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "simulators", "demo", "--speed", "1e6", "--json"]
    files = [folder / "one.json", folder / "two.json"]
    running = [
        subprocess.Popen(
            [*command, file], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for file in files
    ]
    printed = [one.communicate(timeout=300)[0] for one in running]
    assert [one.returncode for one in running] == [0, 0], printed
    return [
        Night(one.returncode, text, json.loads(file.read_text("utf-8")))
        for one, text, file in zip(running, printed, files, strict=True)
    ]


def test_the_demo_misses_nothing_and_loses_nothing(nights: list[Night]) -> None:
    night = nights[0]
    summary = night.told["summary"]
    assert (summary["missed"], summary["lost"], summary["quarantined"]) == ([], 0, 0)
    assert summary["published"] == summary["stored"] > 1000
    assert summary["lead_minutes"] >= 30
    assert summary["superior_after_minutes"] <= 10
    assert summary["dead_phone_minutes"] <= 1
    for act in ("第一幕", "第二幕", "第三幕", "第四幕", "镇长"):
        assert act in night.printed


def test_the_same_seed_tells_the_same_story(nights: list[Night]) -> None:
    assert nights[0].told == nights[1].told
    assert nights[0].printed == nights[1].printed


def all_came() -> list[Came]:
    return [
        Came(told.after, person, "sms", TEXTS.get(told.pattern, told.pattern.replace(".*", "")))
        for told in TOLD
        for person in told.persons
    ]


def of_messages(came: list[Came]) -> list[tuple[str, str]]:
    """(person, pattern) of each miss that is about a message."""
    return [(one.person, one.what) for one in misses(came, ()) if one.person]


def test_nothing_is_missed_where_everybody_was_told() -> None:
    assert of_messages(all_came()) == []


@pytest.mark.parametrize("left_out", range(sum(len(told.persons) for told in TOLD)))
def test_every_single_message_is_missed_when_it_does_not_come(left_out: int) -> None:
    came = all_came()
    gone = came.pop(left_out)
    assert gone.person in {person for person, _ in of_messages(came)}


def test_a_message_that_came_too_early_does_not_count() -> None:
    early = [one._replace(at=one.at - timedelta(days=1)) for one in all_came()]
    assert len(of_messages(early)) >= sum(len(told.persons) for told in TOLD)


def test_an_alert_before_the_water_is_a_miss() -> None:
    (never,) = NEVER
    dry = Came(never.until - timedelta(minutes=50), "closure-a", "sms", "有人上桥：漫水桥")
    assert ("closure-a", f"not {never.pattern}") in of_messages([*all_came(), dry])


def test_an_alert_that_was_never_raised_is_a_miss() -> None:
    about_alerts = [one.what for one in misses(all_came(), ()) if not one.person]
    assert len(about_alerts) == len(expectations.STOOD)
