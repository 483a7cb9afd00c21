"""Recorded feeds as their authorities publish them, read for the tests alone."""

from __future__ import annotations

import csv
import gzip
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

WATERML = "{http://www.cuahsi.org/waterML/1.1/}"


class Said(NamedTuple):
    """One value of one series; None where the file leaves it empty."""

    at: datetime
    value: float | None
    remarks: tuple[str, ...]
    """Qualifiers of the USGS: P provisional, A approved, e estimated, Ice, Eqp broken."""


def nwis_json(path: Path) -> dict[str, list[Said]]:
    """By "site:parameter" (00060 discharge, 00065 stage); the empty series are left out."""
    series = {}
    for one in json.loads(path.read_text())["value"]["timeSeries"]:
        rows = one["values"][0]["value"]
        if rows:
            _, site, parameter, _ = one["name"].split(":")
            series[f"{site}:{parameter}"] = [
                Said(
                    datetime.fromisoformat(row["dateTime"]),
                    float(row["value"]),
                    tuple(row["qualifiers"]),
                )
                for row in rows
            ]
    return series


def waterml(path: Path, parameter: str) -> dict[str, list[Said]]:
    """By site, of a WaterML 1.1 document."""
    series: dict[str, list[Said]] = {}
    for one in ET.parse(path).iterfind(f"{WATERML}timeSeries"):
        _, site, measured, _ = one.attrib["name"].split(":")
        if measured == parameter:
            series[site] = [
                Said(
                    datetime.fromisoformat(row.attrib["dateTime"]),
                    float(row.text or "nan"),
                    tuple(row.attrib["qualifiers"].split()),
                )
                for row in one.iter(f"{WATERML}value")
            ]
    return series


class Pair(NamedTuple):
    """What a gauge said and what a hydrographer kept of it; None where either has nothing."""

    at: datetime
    raw: float | None
    corrected: float | None
    remark: str


def logan(path: Path) -> list[Pair]:
    """A stage of the Logan River Observatory: cm, Mountain Standard Time all year, and −9999 in
    the raw series left as it is, for the service has to read it."""
    with gzip.open(path, "rt") as lines:
        return [
            Pair(
                datetime.fromisoformat(f"{row['datetime_local']}-07:00"),
                _number(row["stage_raw_cm"]),
                None if (kept := _number(row["stage_corrected_cm"])) == -9999.0 else kept,
                row["qualifier_code"],
            )
            for row in csv.DictReader(lines)
        ]


def usgs_pairs(path: Path) -> list[Pair]:
    """Raw and corrected gage height in feet."""
    with path.open() as lines:
        return [
            Pair(
                datetime.fromisoformat(row["time"]),
                _number(row["raw_ft"]),
                _number(row["corrected_ft"]),
                "",
            )
            for row in csv.DictReader(lines)
        ]


def column(path: Path, name: str, zone: str, time: str = "时间") -> Iterator[Said]:
    """One column of a table of times and values."""
    with path.open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            yield Said(datetime.fromisoformat(row[time] + zone), _number(row[name]), ())


def _number(text: str) -> float | None:
    return float(text) if text else None
