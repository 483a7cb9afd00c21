"""The benchmark of a year builds a store that the service reads."""

from __future__ import annotations

import argparse

import pytest

from benchmarks import year


async def test_a_small_year_is_built_and_asked_for_all_three_kinds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    small = {"sensors": 3, "days": 80, "raw": 2, "queries": 60, "seed": 1}
    await year.measure(argparse.Namespace(**small))
    said = capsys.readouterr().out
    assert "8,640 readings" in said
    assert all(f"{kind}: " in said for kind in ("reading", "hour", "day"))
