"""Readings from a CSV file, as they would have come: the input of a backtest."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from io import TextIOWrapper
from math import isfinite
from pathlib import Path
from typing import TextIO

from monitor.errors import SettingsRefused
from monitor.ingest.json_object import time_key
from monitor.ingest.reading import Reading
from monitor.scope import Scope


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column means what."""

    sensor: str
    """"" where the whole file is of `only`."""
    only: str
    quantity: str
    """"" or no such column: the sensor's own quantity."""
    time: str
    value: str
    zone: tzinfo
    """Of times written without an offset."""
    sensors: Mapping[str, str] = field(default_factory=dict)
    """As the file names it → the id in `config/`; a name that is not here is an id."""
    unit: str | None = None
    """None: the unit entered for each sensor."""


def readings(path: Path, columns: Columns, scope: Scope) -> Iterator[Reading]:
    """One reading a row, in the order of the file. A row that is older than one before it came
    late: it is received when that one was. An empty or unreadable value is MISSING.

    Raises SettingsRefused, with file and line, for a missing column or an unreadable time.
    """
    with _opened(path) as file:
        rows = csv.reader(file)
        head = next(rows, [])
        at, value, sensor, quantity = _places(path, head, columns)
        newest: datetime | None = None
        for row in rows:
            if not row:
                continue
            try:
                told = datetime.fromisoformat(row[at])
                said = row[value]
                name = columns.only if sensor is None else row[sensor]
            except IndexError:
                raise SettingsRefused((f"{path}:{rows.line_num}: too few columns",)) from None
            except ValueError as error:
                raise SettingsRefused((f"{path}:{rows.line_num}: {error}",)) from None
            if told.tzinfo is None:
                told = told.replace(tzinfo=columns.zone)
            newest = told if newest is None or told > newest else newest
            yield Reading(
                scope=scope,
                sensor=columns.sensors.get(name, name),
                quantity=row[quantity] if quantity is not None else None,
                value=_number(said),
                unit=columns.unit,
                device_time=told,
                received_at=newest,
                key=time_key(told),
                retained=False,
                detail=None,
                device_quality=None,
            )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _places(
    path: Path, head: list[str], columns: Columns
) -> tuple[int, int, int | None, int | None]:
    """Index of time, value, sensor and quantity; the last two may not be there."""
    names = {name.strip(): place for place, name in enumerate(head)}
    wanted = [columns.time, columns.value, *([] if columns.only else [columns.sensor])]
    missing = [name for name in wanted if name not in names]
    if missing:
        listed = ", ".join(names) or "none"
        fault = f"{path}:1: no column {', '.join(missing)} (there are: {listed})"
        raise SettingsRefused((f"{fault}; name yours with --sensor, --time, --value",))
    sensor = None if columns.only else names[columns.sensor]
    return names[columns.time], names[columns.value], sensor, names.get(columns.quantity)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Plain or gzipped, UTF-8 with or without a mark."""
    try:
        file = gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # noqa: SIM115
    except OSError as error:
        raise SettingsRefused((f"{path}: {error.strerror}",)) from None
    with TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:  # closes the file too
        yield text
