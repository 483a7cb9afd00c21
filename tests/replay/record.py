"""Recorded gauges, and a township that is made of them.

The authority's three levels become our ladder: start → blue, warn → yellow, flood → red; a
gauge without a warn level has no yellow.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from monitor.alerting.severity import Severity
from monitor.settings import Settings, load

NORMAL, BLUE, YELLOW, ORANGE, RED = Severity
OFFICIAL = {"0": NORMAL, "1": BLUE, "11": YELLOW, "111": RED, "101": RED}
"""1 is over start, 11 over warning, 111 over flood; 101 is that where no warning level is set."""
LADDER = (("blue", "start", "关注"), ("yellow", "warn", "警戒水位"), ("red", "flood", "立即转移"))
TOKEN = "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"


@dataclass(frozen=True, slots=True)
class Said:
    """One reading of the authority's record, with its own word on it."""

    event: str
    code: str
    at: datetime
    level: float
    limits: tuple[tuple[str, float, str], ...]
    """(severity, level, basis), of those that are set."""
    official: Severity

    @property
    def sensor(self) -> str:
        return f"g{self.code}"


def record(path: Path) -> list[Said]:
    """Every reading of the file, by time."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return sorted(_rows(text), key=lambda said: (said.at, said.code))


def _rows(text: str) -> Iterator[Said]:
    for row in csv.DictReader(text.splitlines()):
        yield Said(
            event=row.get("event_id") or row["code"],
            code=row["code"],
            at=datetime.fromisoformat(row["obs_time"]),
            level=float(row["level_m"]),
            limits=tuple(
                (severity, float(row[f"{name}_level"]), basis)
                for severity, name, basis in LADDER
                if row[f"{name}_level"]
            ),
            official=OFFICIAL[row["official_over_code"]],
        )


def township(folder: Path, said: Iterable[Said], **broker: Any) -> Settings:
    """The settings of a township with all these gauges, an hour apart, quality as shipped."""
    gauges = {one.code: one for one in said}
    told = {"tell": ["duty_officer"], "media": ["sms"]}
    asked = {"answer": ["duty_officer"], "wait": "10 min", "media": ["sms"]}
    people = {"id": "desk-1", "name": "值班员（示例）", "phone": "13800000001"}
    turn = {"leader": "desk-1", "officers": ["desk-1"]}
    files: dict[str, Any] = {
        "service": {
            "township": {"id": "yunxi", "name": "云溪镇"},
            "example": True,
            "store": "replay.sqlite",
            "broker": {"embedded": True, "port": 0, **broker},
            "web": {"tokens": [{"person": "desk-1", "token": "${ENV:MONITOR_TOKEN}"}]},
            "sources": [{"filter": "risk/+/+/+", "format": "native"}],
        },
        "places": {
            "villages": [{"id": "hexi", "name": "河西村"}],
            "sites": [_site(code, n) for n, code in enumerate(gauges, 1)],
            "sensors": [_sensor(one) for one in gauges.values()],
        },
        "rules": {"rules": [_rule(one) for one in gauges.values()]},
        "people": {
            "persons": [people],
            "duties": [
                {"id": "duty-officer", "role": "duty_officer", "title": "值班员"},
                {"id": "leader", "role": "leader_on_duty", "title": "带班领导"},
            ],
            "roster": {"rotation": {"start": "2025-01-01", "turns": [turn]}},
        },
        "policies": {
            "policies": [
                {
                    "id": "flood",
                    "hazards": ["flood"],
                    "blue": told,
                    **dict.fromkeys(("yellow", "red", "suspect", "silent"), asked),
                }
            ]
        },
        "channels": {
            "channels": [{"id": "desk", "kind": "desk"}, {"id": "console", "kind": "console"}]
        },
    }
    yaml = YAML()
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        with (folder / f"{name}.yaml").open("w", encoding="utf-8") as file:
            yaml.dump(content, file)
    return load(folder, {"MONITOR_TOKEN": TOKEN})


def _site(code: str, n: int) -> dict[str, Any]:
    return {
        "id": f"s{code}",
        "name": f"{n}号站",
        "kind": "river",
        "village": "hexi",
        "datum": "T.P.",
    }


def _sensor(one: Said) -> dict[str, Any]:
    place = {"id": one.sensor, "site": f"s{one.code}", "quantity": "level", "unit": "m"}
    return {**place, "interval": "1 h"}


def _rule(one: Said) -> dict[str, Any]:
    rungs = [{"severity": s, "at": at, "basis": basis} for s, at, basis in one.limits]
    watch = {"id": f"r{one.code}", "kind": "limit", "hazard": "flood", "sensors": [one.sensor]}
    steps = [high[1] - low[1] for low, high in pairwise(one.limits) if high[1] > low[1]]
    return {**watch, "deadband": round(min([0.1, *steps]) / 2, 3), "rungs": rungs}
