"""Each invariant names its test, and the test is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")


def test_every_invariant_names_tests_that_exist() -> None:
    named = re.findall(r"`(tests/\S+?)::(\w+)`", ROWS)
    gone = [
        f"{path}::{name}"
        for path, name in named
        if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert gone == []
    numbers = {int(n) for n in re.findall(r"^\| (\d+) \|", ROWS, re.MULTILINE)}
    assert numbers == set(range(1, 15))
