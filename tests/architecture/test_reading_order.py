"""`monitor/__init__.py` gives the reading order; it names every room, and only what is there."""

from __future__ import annotations

import re
from pathlib import Path

import monitor

PACKAGE = Path(monitor.__file__).parent


def named() -> set[str]:
    assert monitor.__doc__
    return set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*/?(?:\.py)?)`", monitor.__doc__))


def test_every_name_in_the_reading_order_exists() -> None:
    assert [name for name in named() if not (PACKAGE / name).exists()] == []


def test_every_module_stands_in_the_reading_order() -> None:
    present = {
        str(p.relative_to(PACKAGE))
        for p in PACKAGE.rglob("*.py")
        if p.name != "__init__.py" and "migrations" not in p.parts
    }
    folders = {name.rstrip("/") + "/" for name in named() if not name.endswith(".py")}
    missing = sorted(
        name
        for name in present
        if name not in named() and not any(name.startswith(folder) for folder in folders)
    )
    assert missing == []
