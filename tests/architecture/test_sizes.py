"""Rooms stay small enough to be read at one sitting."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def sources() -> list[Path]:
    return [p for room in ("monitor", "simulators") for p in sorted((ROOT / room).rglob("*.py"))]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length in lines of every function, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node, clean=False):
                text = node.body[0]
                length -= (text.end_lineno or text.lineno) - text.lineno + 1
            yield node.name, length


def test_no_file_is_too_long_to_read() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in sources()}
    print(f"\nfiles: {len(lengths)}, median {statistics.median(lengths.values()):.0f} lines")
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_too_long_to_hold_in_mind() -> None:
    found = [(p, name, n) for p in sources() for name, n in functions(p)]
    lengths = sorted(n for _, _, n in found)
    p90 = lengths[int(len(lengths) * 0.9)]
    print(f"\nfunctions: {len(lengths)}, median {statistics.median(lengths):.0f}, p90 {p90} lines")
    long = [f"{p.relative_to(ROOT)}:{name} {n}" for p, name, n in found if n > LONGEST_FUNCTION]
    assert long == []
