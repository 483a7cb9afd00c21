"""Everything that the folder declares, each entry with its place; broken entries reported.

An entry is validated by itself, so that a fault in one hides none in the others, and a
reference to a broken entry is not told as a second fault.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from monitor.settings.document import Document, Location, read
from monitor.settings.faults import Faults, did_you_mean, sentence

T = TypeVar("T", bound=BaseModel)

FILES: Mapping[str, frozenset[str]] = {
    "places.yaml": frozenset({"villages", "sites", "sensors"}),
    "rules.yaml": frozenset({"rules"}),
    "people.yaml": frozenset({"desk_phone", "persons", "duties", "roster"}),
    "policies.yaml": frozenset({"policies", "templates"}),
    "channels.yaml": frozenset({"channels"}),
}
PLANS = frozenset({"plans", "drills"})


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One declared thing and where it stands."""

    value: T
    document: Document
    at: Location
    rest: Mapping[str, Any] = field(default_factory=dict)
    """The keys that belong to the extension that it names."""
    broken: frozenset[str] = frozenset()
    """Keys that had faults: `value` has their defaults, from which nothing follows."""

    def fault(self, faults: Faults, text: str, *below: str | int) -> None:
        faults.add(self.document.file, self.document.line((*self.at, *below)), text)


@dataclass(slots=True)
class Catalog:
    """The folder's documents and the validated entries of its sections."""

    folder: Path
    faults: Faults
    documents: dict[str, Document] = field(default_factory=dict)
    plan_documents: list[Document] = field(default_factory=list)
    _declared: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def section(self, file: str, name: str, model: type[T], frame: bool = False) -> list[Entry[T]]:
        """The valid entries of a list; see `entries`."""
        return entries(self.documents[file], name, model, self.faults, frame)

    def declared(self, file: str, name: str) -> frozenset[str]:
        """The ids that a section declares, of broken entries too; of a file that cannot be read
        it may be any."""
        if (file, name) not in self._declared:
            document = self.documents[file]
            ids = _Unread() if document.content is None else _ids(document, name)
            self._declared[file, name] = ids
        return self._declared[file, name]

    def is_whole(self, file: str, name: str, valid: int) -> bool:
        """Whether all entries of a section are valid: only then is something really missing."""
        content = self.documents[file].content
        section = content.get(name, []) if content else None
        return isinstance(section, list) and len(section) == valid

    def declared_plans(self) -> frozenset[str]:
        """The ids of all plans, whichever file of `plans/` they stand in."""
        return frozenset().union(*(_ids(d, "plans") for d in self.plan_documents))


class _Unread(frozenset[str]):
    """The ids of a file that cannot be read: none is known to be missing."""

    def __contains__(self, item: object) -> bool:
        return True


def open_folder(folder: Path, faults: Faults) -> Catalog:
    """Read every file of the folder; missing and unreadable ones become faults."""
    catalog = Catalog(folder, faults)
    if not folder.is_dir():
        faults.add(str(folder), 1, "no such folder; name the one that holds service.yaml")
        return catalog
    for name in ("service.yaml", *FILES):
        catalog.documents[name] = read(folder / name, faults)
    catalog.plan_documents = [read(p, faults) for p in sorted((folder / "plans").glob("*.yaml"))]
    for name, known in FILES.items():
        _only(catalog.documents[name], known, faults)
    for document in catalog.plan_documents:
        _only(document, PLANS, faults)
    return catalog


def _ids(document: Document, name: str) -> frozenset[str]:
    content = document.content.get(name) if document.content else None
    return frozenset(
        item["id"]
        for item in (content if isinstance(content, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str) and item["id"].isascii()
    )


def entries(
    document: Document, name: str, model: type[T], faults: Faults, frame: bool = False
) -> list[Entry[T]]:
    """The valid entries of one list. With `frame`, keys that `model` does not know are kept
    aside in `rest` for the extension's own parameters."""
    content = document.content.get(name, []) if document.content else []
    if not isinstance(content, list):
        faults.add(
            document.file,
            document.line((name,)),
            f'"{name}" must be a list; begin each entry with "- "',
        )
        return []
    found: list[Entry[T]] = []
    first: dict[str, int] = {}
    for index, item in enumerate(content):
        at: Location = (name, index)
        rest: dict[str, Any] = {}
        if frame and isinstance(item, dict):
            rest = {k: v for k, v in item.items() if k not in model.model_fields}
            item = {k: v for k, v in item.items() if k in model.model_fields}
        value = validated(model, item, document, at, faults)
        if isinstance(item, dict) and isinstance(key := item.get("id"), str):
            line = document.line((*at, "id"))
            if key in first:
                faults.add(
                    document.file,
                    line,
                    f'the id "{key}" is taken on line {first[key]}; choose another',
                )
            first.setdefault(key, line)
        if value is not None:
            found.append(Entry(value, document, at, rest))
    return found


def validated(
    model: type[T], item: Any, document: Document, at: Location, faults: Faults
) -> T | None:
    """The model made from plain values, or None after its faults were told.

    Goes through JSON: pydantic's strict JSON mode takes a list for a tuple and text for a day or
    an enum, as it must, and still refuses "3" for 3.
    """
    try:
        value: T = _adapter(model).validate_json(json.dumps(item), strict=True)
        return value
    except ValidationError as error:
        errors = error.errors(include_url=False)
        for one in errors:
            where = document.line((*at, *one["loc"]))
            if where not in document.trapped and not _follows(one, errors):
                faults.add(document.file, where, sentence(one, _keys(model)))
    return None


def _follows(one: Mapping[str, Any], errors: Iterable[Mapping[str, Any]]) -> bool:
    """A list that is short because its entries are broken is no fault of its own."""
    depth = len(one["loc"])
    return one["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == one["loc"] for other in errors
    )


@cache
def _adapter(model: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(model)


@cache
def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    """Every key that may stand anywhere in this model."""
    schema = _adapter(model).json_schema()
    blocks: Iterable[Mapping[str, Any]] = [schema, *schema.get("$defs", {}).values()]
    return tuple({key for block in blocks for key in block.get("properties", {})})


def _only(document: Document, known: frozenset[str], faults: Faults) -> None:
    for key in document.content or {}:
        if key not in known:
            faults.add(
                document.file,
                document.line((key,)),
                f'unknown key "{key}"' + did_you_mean(key, known),
            )
