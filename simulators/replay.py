"""A CSV of real readings becomes native messages; the file may be gzipped.

Column names are options. Rows are sent in order of their time, ties in order of the file.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from io import TextIOWrapper
from itertools import count
from math import isfinite
from pathlib import Path
from typing import NamedTuple, TextIO

from simulators.publication import Publication, body, native_topic


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column means what, and what to put where there is none."""

    time: str
    value: str
    zone: tzinfo
    """Of times written without an offset."""
    sensor: str = ""
    """Column with the sensor; "": the whole file is one sensor, the only one in `sensors`."""
    sensors: Mapping[str, str] = field(default_factory=dict)
    """As the file names it → our sensor; a name that is not in it is taken as it is."""
    quantity: str = "level"
    unit: str = "m"


class Row(NamedTuple):
    """One reading of the file."""

    at: datetime
    sensor: str
    value: float | None
    """None: the cell is empty or no number; the message says null, which is MISSING."""


def rows(path: Path, columns: Columns) -> list[Row]:
    """Every reading of the file by time. Raises KeyError for a column that is not there, and
    ValueError with the line number for a time that cannot be read."""
    with _text(path) as file:
        reader = csv.DictReader(file)
        missing = {columns.time, columns.value, columns.sensor} - {"", *(reader.fieldnames or ())}
        if missing:
            raise KeyError(f"no such column: {', '.join(sorted(missing))}")
        found = [_row(record, reader.line_num, columns) for record in reader]
    return sorted(found, key=lambda row: row.at)


def _text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _row(record: Mapping[str, str], line: int, columns: Columns) -> Row:
    try:
        at = datetime.fromisoformat(record[columns.time].strip())
    except ValueError as error:
        raise ValueError(f"line {line}: {error}") from None
    named = record[columns.sensor] if columns.sensor else next(iter(columns.sensors.values()), "")
    return Row(
        at if at.tzinfo else at.replace(tzinfo=columns.zone),
        columns.sensors.get(named, named) if columns.sensor else named,
        _number(record[columns.value]),
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def paced(
    readings: Iterable[Row], *, speed: float, shift_to: datetime | None
) -> Iterator[tuple[datetime, Row]]:
    """(when to send, the reading). `speed` shortens the gaps between sendings.

    With `shift_to` the first reading happens then and each next one when it is sent: a day's
    wave passes in an hour at speed 24, and rises 24 times as fast. Without it every reading
    keeps its own time, and is late.
    """
    first: datetime | None = None
    for reading in readings:
        first = first or reading.at
        begins = shift_to or first
        at = begins + (reading.at - first) / speed
        yield at, reading._replace(at=at) if shift_to else reading


def publications(
    readings: Iterable[Row],
    columns: Columns,
    township: str,
    *,
    speed: float = 1.0,
    shift_to: datetime | None = None,
    boot: str = "",
) -> Iterator[Publication]:
    """The messages of the whole file; with `boot` each carries boot and seq for exact dedup."""
    numbers = count(1)
    for at, reading in paced(readings, speed=speed, shift_to=shift_to):
        facts: dict[str, object] = {
            "value": reading.value,
            "unit": columns.unit,
            "time": reading.at.isoformat(),
        }
        if boot:
            facts |= {"boot": boot, "seq": next(numbers)}
        topic = native_topic(township, reading.sensor, columns.quantity)
        yield Publication(at, topic, body(facts))
