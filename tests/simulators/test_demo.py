"""The demo as a newcomer starts it, only faster: nothing lost, nothing missed, the same again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def played(file: Path, *options: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, what was printed, and what was written down."""
    command = [sys.executable, "-m", "simulators", "demo", "--speed", "1e6", "--json", str(file)]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    return done.returncode, done.stdout + done.stderr, json.loads(file.read_text("utf-8"))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, dict[str, Any]]:
    return played(tmp_path_factory.mktemp("demo") / "night.json")


def test_the_demo_misses_nothing_and_loses_nothing(night: tuple[int, str, dict[str, Any]]) -> None:
    code, printed, told = night
    assert told["summary"]["missed"] == []
    assert (told["summary"]["lost"], told["summary"]["quarantined"]) == (0, 0)
    assert code == 0, printed
    assert told["summary"]["lead_minutes"] >= 30
    for act in ("第一幕", "第二幕", "第三幕", "第四幕"):
        assert act in printed
