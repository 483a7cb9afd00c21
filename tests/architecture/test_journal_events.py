"""`docs/journal.md` is the closed list of what the journal may say: every event that the code
writes stands there, and nothing that it does not write."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from monitor.alerting.alerts import Change
from monitor.notify.escalation import LadderState

ROOT = Path(__file__).parents[2]
NAMES = {
    "alert.": {change.value for change in Change},
    "call.": {state.value.lower() for state in LadderState if state is not LadderState.CALLING},
}
"""What may follow where the code puts an event together."""


def listed() -> list[str]:
    page = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([\w.]+)` \|", page, re.MULTILINE)


def trees() -> dict[str, ast.Module]:
    """Every module of the service, by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text("utf-8"))
        for path in (ROOT / "monitor").rglob("*.py")
    }


def writers(tree: ast.Module) -> dict[str, int]:
    """The module's functions that make an entry of a given event: its place among arguments."""
    return {
        node.name: [argument.arg for argument in node.args.args].index("event")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and isinstance(node.returns, ast.Name)
        and node.returns.id == "Entry"
        and "event" in [argument.arg for argument in node.args.args]
    }


def known(tree: ast.Module, everywhere: dict[str, dict[str, int]]) -> dict[str, int]:
    """Those that the module may call: its own, and what it imports."""
    places = writers(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            theirs = everywhere.get(node.module or "", {})
            places |= {a.name: theirs[a.name] for a in node.names if a.name in theirs}
    return places


def arguments(tree: ast.Module, places: dict[str, int]) -> Iterator[ast.expr]:
    """Every expression that is given as an event."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = places.get(node.func.id)
            if place is not None and len(node.args) > place:
                yield node.args[place]
            elif place is not None:
                yield from (k.value for k in node.keywords if k.arg == "event")


def values(tree: ast.Module, said: ast.expr) -> set[str]:
    """The events that the expression may be; none where a function only hands its own on."""
    if isinstance(said, ast.Constant):
        return {str(said.value)}
    if isinstance(said, ast.JoinedStr) and isinstance(said.values[0], ast.Constant):
        prefix = str(said.values[0].value)
        return {prefix + name for name in NAMES[prefix]}
    if isinstance(said, ast.IfExp):
        return values(tree, said.body) | values(tree, said.orelse)
    if isinstance(said, ast.Name):
        given = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)
                 and ast.unparse(node.targets[0]) == said.id]  # fmt: skip
        if given or said.id == "event":
            return set().union(*(values(tree, value) for value in given))
    if isinstance(said, ast.Subscript):
        tables = [node.value for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)
                  and ast.unparse(node.target) == ast.unparse(said.value)]  # fmt: skip
        if tables and isinstance(tables[0], ast.Dict):
            return set().union(*(values(tree, value) for value in tables[0].values))
    raise AssertionError(f"which events is {ast.unparse(said)}? Teach this test to read it.")


def written() -> set[str]:
    found = trees()
    everywhere = {name: writers(tree) for name, tree in found.items()}
    everywhere["monitor.journal"] = {"Entry": 2}
    return {
        event
        for tree in found.values()
        for said in arguments(tree, known(tree, everywhere))
        for event in values(tree, said)
    }


def test_every_event_that_the_code_writes_stands_in_the_list_and_no_other() -> None:
    assert sorted(listed()) == sorted(written())


def test_no_event_is_told_twice() -> None:
    assert len(listed()) == len(set(listed()))
