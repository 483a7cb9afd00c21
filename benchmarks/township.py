"""A township of any size: the example's people and policies, and as many gauges as wanted."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

EXAMPLE = Path(__file__).parents[1] / "config"


def sensor_id(number: int) -> str:
    return f"gauge-{number:05d}"


def write(
    folder: Path,
    sensors: int,
    *,
    port: int,
    in_flight: int,
    channels: Sequence[Mapping[str, Any]] = (),
) -> None:
    """A configuration folder: the example and that many level sensors, each on a site and a
    ladder of its own: blue at 2.0 m, yellow 3.0, orange 4.0, red 5.0. It listens to the broker
    at `port` and sends by `channels` (none: the example's)."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    for file, key, line in (
        ("places.yaml", "sites", _site),
        ("places.yaml", "sensors", _sensor),
        ("rules.yaml", "rules", _ladder),
        ("people.yaml", "duties", _patrol),
    ):
        _add(folder / file, key, "".join(map(line, range(sensors))))
    broker = f"  embedded: false\n  in_flight: {in_flight}\n  port: {port}\n"
    _replace(folder / "service.yaml", "  port: 1883\n", "")
    _replace(folder / "service.yaml", "  embedded: true\n", broker)
    if channels:
        entries = [{"id": "desk", "kind": "desk"}, *channels]
        YAML().dump({"channels": entries}, folder / "channels.yaml")


def _replace(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text, f"{file.name} does not say {before!r}"
    file.write_text(text.replace(before, after, 1))


def _add(file: Path, key: str, lines: str) -> None:
    head, found, tail = file.read_text().partition(f"\n{key}:\n")
    assert found, f"{file.name} has no list {key!r}"
    file.write_text(f"{head}{found}{lines}{tail}")


def _patrol(number: int) -> str:
    return (
        f"  - {{ id: patrol-{number:05d}, role: patrol, title: 巡查责任人,"
        f" site: site-{number:05d}, person: grid-hexi, superior: head-hexi }}\n"
    )


def _site(number: int) -> str:
    return (
        f"  - {{ id: site-{number:05d}, name: 站{number}, kind: river, village: hexi,"
        f" catchment: yunxi, datum: 1985国家高程基准, warning_level: 3.00, voice_name: 站 }}\n"
    )


def _sensor(number: int) -> str:
    return (
        f"  - {{ id: {sensor_id(number)}, name: 计{number}, site: site-{number:05d},"
        f" quantity: level, unit: m, interval: 5 min, owner: water-office }}\n"
    )


def _ladder(number: int) -> str:
    steps = (("blue", 2.0), ("yellow", 3.0), ("orange", 4.0), ("red", 5.0))
    rungs = ", ".join(
        f"{{ severity: {severity}, at: {at}, basis: 警戒, action: 巡查 }}" for severity, at in steps
    )
    return (
        f"  - {{ id: ladder-{number:05d}, kind: limit, hazard: flood,"
        f" sensors: [{sensor_id(number)}], deadband: 0.10, rungs: [{rungs}] }}\n"
    )
