"""One YAML file → plain values, and the line on which each of them stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from monitor.settings.faults import Faults

Location = tuple[str | int, ...]
"""Keys and indices from the top of a file: ("sensors", 3, "unit")."""

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_KINDS = ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")
_TAGS = frozenset({"!", *(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)})


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read; `content` None where nothing usable was in it."""

    file: str
    content: Any
    lines: Mapping[Location, int]
    trapped: frozenset[int] = frozenset()
    """Lines whose value was told as a fault already: what follows from it is not."""

    def line(self, location: Location) -> int:
        """The line of that value, or of the nearest thing around it (a missing key's parent)."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def lines_of(self, location: Location) -> frozenset[int]:
        """The lines of that value and of all within it."""
        depth = len(location)
        return frozenset(line for at, line in self.lines.items() if at[:depth] == location)


@dataclass(slots=True)
class _Reader:
    """Takes values straight from the parser's events: of ten thousand sensors a tree of nodes
    would take more memory than the whole service does later."""

    file: str
    faults: Faults
    events: Iterator[Event]
    lines: dict[Location, int] = field(default_factory=dict)
    anchors: dict[str, Any] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    """The anchors we are inside of: an alias to one of them has no end."""
    trapped: set[int] = field(default_factory=set)

    def fault(self, event: Event, text: str) -> None:
        self.trapped.add(_line(event))
        self.faults.add(self.file, _line(event), text)

    def document(self) -> Any:
        """The only document; None where there is none."""
        found: list[Any] = []
        for event in self.events:
            if isinstance(event, NodeEvent):
                if found:
                    raise ComposerError(None, None, "a second document begins", event.start_mark)
                found.append(self.value(event, ()))
        return found[0] if found else None

    def value(self, event: Event, at: Location) -> Any:
        self.lines.setdefault(at, _line(event))
        if isinstance(event, AliasEvent):
            return self.alias(event)
        assert isinstance(event, ScalarEvent | CollectionStartEvent)  # YAML has no fourth kind
        anchor = event.anchor
        if event.ctag is not None and str(event.ctag) not in _TAGS:
            self.fault(event, f"the tag {event.ctag} means nothing here; take it away")
        if isinstance(event, ScalarEvent):
            value = self.scalar(event)
            if anchor is not None:
                self.anchors[anchor] = value
            return value
        if anchor is None:
            return self.block(event, at)
        self.open.add(anchor)
        self.anchors[anchor] = self.block(event, at)
        self.open.discard(anchor)
        return self.anchors[anchor]

    def alias(self, event: AliasEvent) -> Any:
        if event.anchor in self.open:
            self.fault(event, "this block contains itself; write it out")
            return None
        if event.anchor not in self.anchors:
            text = f"found undefined alias {event.anchor!r}"
            raise ComposerError(None, None, text, event.start_mark)
        return self.anchors[event.anchor]

    def block(self, start: CollectionStartEvent, at: Location) -> Any:
        if isinstance(start, MappingStartEvent):
            return self.mapping(at)
        items: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.value(event, (*at, len(items))))
        return items

    def mapping(self, at: Location) -> dict[str, Any]:
        content: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                self.fault(event, "a key must be one word; use a-z, 0-9, - and _")
                self.skip(event)
                self.skip(next(self.events))
            elif (key := event.value) in content:
                first = self.lines[(*at, key)]
                self.fault(event, f'"{key}" stands here twice (first on line {first}); keep one')
                self.skip(next(self.events))
            else:
                self.lines[(*at, key)] = _line(event)
                content[key] = self.value(next(self.events), (*at, key))
        return content

    def skip(self, event: Event) -> None:
        """Leave out a value, whatever is within it."""
        depth = 0
        while True:
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            if not depth:
                return
            event = next(self.events)

    def scalar(self, event: ScalarEvent) -> Any:
        """YAML 1.2's core schema; what another reader would take for something else is a fault."""
        text: str = event.value
        if event.style:  # quoted, or a block of text
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _LEADING_ZERO.fullmatch(text):
            self.fault(event, f'{text} begins with 0: write "{text}" for text, or drop the zero')
            return text
        if _INTEGER.fullmatch(text):
            return int(text)
        if _NO_NUMBER.fullmatch(text):
            self.fault(event, f"{text} is no number that can be compared; write a real one")
            return None
        return float(text) if _DECIMAL.fullmatch(text) else text


def read(path: Path, faults: Faults) -> Document:
    """Read one file. Whatever is wrong with it becomes a fault, never an exception."""
    file = str(path)
    empty = Document(file, None, {})
    text = _text(path, faults)
    if text is None:
        return empty
    reader = _Reader(file, faults, iter(YAML(typ="safe", pure=True).parse(text)))
    try:
        content = reader.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.add(file, mark.line + 1 if mark else 1, _sentence(str(error.problem or error)))
        return empty
    except YAMLError as error:
        faults.add(file, 1, f"no YAML: {str(error).splitlines()[0]}; take the character away")
        return empty
    except RecursionError:
        faults.add(file, 1, "nested too deep; no setting needs more than a few levels")
        return empty
    if content is None:
        faults.add(file, 1, "the file is empty; the example in config/ shows what belongs in it")
    elif not isinstance(content, dict):
        faults.add(file, 1, "the file must begin with a key and a colon, such as `sites:`")
        return empty
    return Document(file, content, reader.lines, frozenset(reader.trapped))


def _line(event: Event) -> int:
    line: int = event.start_mark.line
    return line + 1


def _text(path: Path, faults: Faults) -> str | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        faults.add(str(path), 1, "the file is missing; copy it from the example in config/")
        return None
    except OSError as error:
        faults.add(str(path), 1, f"cannot be read ({error.strerror}); look at its permissions")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.add(str(path), line, "not UTF-8 (GBK?); save the file again as UTF-8")
        return None


def _sentence(problem: str) -> str:
    if "\\t" in problem:
        return "a tab; YAML is indented with spaces, replace it"
    return f"no YAML: {problem}; look at the indentation, the colons and the quotes"
