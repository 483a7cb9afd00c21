"""What is wrong and what to do, on one line with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple

_SECRET = frozenset({"token", "password", "path", "signature", "secrets"})
"""Keys below which a value is never repeated."""


class Fault(NamedTuple):
    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(slots=True)
class Faults:
    """All faults of a folder, in the order of file and line, each told once."""

    found: set[Fault] = field(default_factory=set)

    def add(self, file: str, line: int, text: str) -> None:
        self.found.add(Fault(file, line, text))

    def lines(self) -> tuple[str, ...]:
        return tuple(str(fault) for fault in sorted(self.found))


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """'; did you mean "x"?' where one known word is near, else the known words."""
    words = sorted(set(known))
    near = get_close_matches(str(word), words, n=1)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; use one of {', '.join(words)}" if 0 < len(words) <= 12 else ""


def sentence(error: Mapping[str, Any], known_keys: Iterable[str]) -> str:
    """One pydantic error in words that say what to do. `known_keys` feed the did-you-mean."""
    kind, given = str(error["type"]), error.get("input")
    if not _SECRET.isdisjoint(error["loc"]):
        given = "…"
    key = next((str(part) for part in reversed(error["loc"]) if isinstance(part, str)), "")
    match kind:
        case "missing":
            return f'"{key}" is missing; add it'
        case "extra_forbidden":
            hint = did_you_mean(key, known_keys)
            return f'unknown key "{key}"{hint or "; take it away"}'
        case "string_type" if not _SECRET.isdisjoint(error["loc"]):
            return f'"{key}" is text; write "${{ENV:NAME}}" or "${{FILE:path}}"'
        case "string_type" if isinstance(given, int | float) and not isinstance(given, bool):
            return f'"{key}" is text; put it in quotes: "{given}"'
        case "float_type" | "int_type" if isinstance(given, str):
            return f'"{key}" must be a number; "{given}" is text'
        case "int_from_float" | "float_type" | "int_type":
            return f'"{key}" must be a number{" without decimals" if "int" in kind else ""}'
        case "string_pattern_mismatch":
            return f'"{given}" is no id; use a-z, 0-9, - and _, beginning with a letter or digit'
        case "enum" | "literal_error":
            expected = str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
            return f'"{key}" cannot be "{given}"' + did_you_mean(given, expected.split(", "))
        case "tuple_type" | "list_type":
            return f'"{key}" must be a list; begin each entry with "- " or write [a, b]'
        case "model_type" | "dict_type" | "model_attributes_type":
            return f'"{key}" must be a block of keys, each on a line of its own'
        case "value_error":
            reason = str(error["ctx"]["error"])
            return f'"{key}": {reason}' if key else reason
        case "time_delta_type":
            return f'"{key}" must be a duration with its unit, such as 15 min'
        case _ if kind.startswith(("date", "time_")):
            example = "a time such as 09:00" if kind.startswith("time_") else "a day as 2026-04-01"
            return f'"{key}" must be {example}'
        case _:
            return f'"{key}": {str(error["msg"]).removeprefix("Input ")}'
