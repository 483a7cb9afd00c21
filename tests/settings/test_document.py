"""Plain values with their lines; what another reader would take for something else is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.settings.document import read
from monitor.settings.faults import Faults


def value(tmp_path: Path, text: str) -> tuple[Any, list[str]]:
    path = tmp_path / "a.yaml"
    path.write_bytes(f"key: {text}\n".encode())
    faults = Faults()
    content = read(path, faults).content
    return content and content.get("key"), [fault.text for fault in sorted(faults.found)]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("3", 3),
        ("-3.50", -3.5),
        ("1e-3", 0.001),
        ('"3"', "3"),
        ("true", True),
        ("yes", "yes"),
        ("on", "on"),
        ("no", "no"),
        ("~", None),
        ("2026-04-01", "2026-04-01"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("5 min", "5 min"),
        ("13800000001", 13800000001),
    ],
)
def test_a_word_means_what_it_looks_like(tmp_path: Path, text: str, meaning: object) -> None:
    found, faults = value(tmp_path, text)
    assert (found, type(found), faults) == (meaning, type(meaning), [])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("0123", 'write "0123"'),
        (".nan", "no number that can be compared"),
        ("-.INF", "no number that can be compared"),
        ("!secret x", "!secret"),
        ("!!python/object {a: 1}", "means nothing here"),
        ("&a [*a]", "contains itself"),
        ("[1, 2", "no YAML"),
        ("*nobody", "no YAML"),
        ("a\n\tb: 1", "a tab"),
        ("{a: 1, a: 2}", '"a" stands here twice'),
        ("{a: 1, a: {b: [2]}, c: 3}", '"a" stands here twice'),
        ("{[a, {b: 1}]: [2], c: 3}", "a key must be one word"),
        ("1\n---\nb: 2", "no YAML"),
        ("\x07", "no YAML"),
    ],
)
def test_a_trap_is_a_fault_and_never_an_exception(tmp_path: Path, text: str, part: str) -> None:
    _, faults = value(tmp_path, text)
    assert len(faults) == 1
    assert part in faults[0]


def test_an_alias_says_again_what_its_anchor_said(tmp_path: Path) -> None:
    told, faults = value(tmp_path, "{a: &x {b: [1]}, c: *x, d: &y 2, e: [*y, &y 3, *y]}")
    assert told == {"a": {"b": [1]}, "c": {"b": [1]}, "d": 2, "e": [2, 3, 3]}
    assert not faults


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("# 说明\nsites:\n  - id: a\n    name: 甲\n  - { id: b }\n", encoding="utf-8")
    document = read(path, Faults())
    assert document.line(("sites", 0, "name")) == 4
    assert document.line(("sites", 1, "id")) == 5
    assert document.line(("sites", 1, "missing", "deeper")) == 5
    assert document.line(("elsewhere",)) == 2


def test_a_file_of_another_encoding_is_told_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"id: a\nname: " + "石桥站".encode("gbk") + b"\n")
    faults = Faults()
    assert read(path, faults).content is None
    assert faults.lines() == (f"{path}:2: not UTF-8 (GBK?); save the file again as UTF-8",)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffid: a\n".encode())
    faults = Faults()
    assert read(path, faults).content == {"id": "a"}
    assert not faults.found


def test_a_thousand_brackets_are_a_fault(tmp_path: Path) -> None:
    _, faults = value(tmp_path, "[" * 3000 + "]" * 3000)
    assert faults == ["nested too deep; no setting needs more than a few levels"]
