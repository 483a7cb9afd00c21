"""One file that binds the constant is all an extension needs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from monitor.discover import ExtensionsBroken, discover


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """An empty package of the test's own name."""
    folder = tmp_path / f"room_{request.node.name}"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def put(room: Path, file: str, text: str) -> None:
    (room / file).write_text(f"from types import SimpleNamespace\n{text}\n", encoding="utf-8")


def test_a_file_that_binds_the_constant_is_found_by_its_name(room: Path) -> None:
    put(room, "limit.py", 'RULE = SimpleNamespace(name="limit")')
    put(room, "rain.py", 'RULE = SimpleNamespace(name="accumulation")')
    assert list(discover(room.name, "RULE")) == ["limit", "accumulation"]
    assert f"{room.name}.limit" in sys.modules


def test_every_broken_file_is_named_with_what_is_wrong(room: Path) -> None:
    put(room, "a_misspelt.py", "import nothing_of_this_name")
    put(room, "b_empty.py", "")
    put(room, "c_first.py", 'RULE = SimpleNamespace(name="limit")')
    put(room, "d_again.py", 'RULE = SimpleNamespace(name="limit")')
    put(room, "e_nameless.py", "RULE = 3")
    with pytest.raises(ExtensionsBroken) as broken:
        discover(room.name, "RULE")
    texts = [fault.removeprefix(f"{room.name}/") for fault in broken.value.faults]
    assert [text.split(":")[0] for text in texts] == [
        "a_misspelt.py",
        "b_empty.py",
        "d_again.py",
        "e_nameless.py",
    ]
    assert "No module named 'nothing_of_this_name'" in texts[0]
    assert "bind RULE" in texts[1]
    assert '"limit" is taken' in texts[2]
