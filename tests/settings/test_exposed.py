"""`monitor check` warns of what everybody on the machine could read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from monitor.settings.exposed import exposed
from tests.stories.harness import example


def test_a_key_or_a_list_of_people_that_everybody_can_read_is_warned_of(tmp_path: Path) -> None:
    key, people = tmp_path / "monitor.key", tmp_path / "people.yaml"
    key.touch(0o640)
    people.touch(0o640)
    town = replace(example(), folder=tmp_path, store_key=key)
    real = replace(town, example=False)
    assert list(exposed(real)) == []
    people.chmod(0o644)
    assert [warning.split(": ")[0] for warning in exposed(real)] == [str(people)]
    assert list(exposed(town)) == [], "its persons are made up"
    key.chmod(0o604)
    (warning,) = exposed(town)
    assert f"chmod o= {key}" in warning
