"""`monitor check` warns of a limit whose gauge may die while rising and nobody is called."""

from __future__ import annotations

from pathlib import Path

from monitor.settings import load
from tests.settings.test_golden_faults import CASES, ENVIRON, assembled
from tests.stories.harness import example


def warnings(folder: Path) -> str:
    lines = load(folder, ENVIRON).warnings
    return "".join(f"{line.removeprefix(f'{folder}/')}\n" for line in lines)


def test_a_limit_without_a_rule_of_silence_at_its_site_is_warned_of(tmp_path: Path) -> None:
    expected = CASES / "silence_unwatched" / "warnings.txt"
    assert warnings(assembled(expected.parent, tmp_path)) == expected.read_text(encoding="utf-8")


def test_the_example_watches_every_limit() -> None:
    assert example().warnings == ()
