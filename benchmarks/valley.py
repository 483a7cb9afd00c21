"""A township of many gauges that share people: what a storm floods all at once.

40 villages in 10 catchments, beside the example's own; in each a head, a grid worker who leads
the evacuation as well, and five patrols; a cadre for two villages; the example's officers.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from benchmarks.township import EXAMPLE

Entries = list[dict[str, Any]]
VILLAGES, CATCHMENTS, PATROLS = 40, 10, 5
_EXAMPLE_PEOPLE = 36
LEADERS = ("deputy-mayor", "mayor", "secretary")
"""They must answer every red alert, whoever is on duty."""


class Station(NamedTuple):
    """A gauge on a site of its own."""

    sensor: str
    rungs: Mapping[str, float]
    """Severity → the level (m) at which it begins."""
    village: int
    catchment: int

    @property
    def site(self) -> str:
        return f"site-{self.sensor}"

    @property
    def called(self) -> tuple[str, ...]:
        """Who must answer when it is red, by the example's policy."""
        return f"head-{self.village:02d}", f"grid-{self.village:02d}", *LEADERS


def stations(gauges: int) -> list[Station]:
    rungs = {"yellow": 3.0, "orange": 3.03, "red": 3.06}
    return [Station(f"gauge-{n:04d}", rungs, n % VILLAGES, n % CATCHMENTS) for n in range(gauges)]


def write(
    folder: Path, gauges: Sequence[Station], service: Mapping[str, Any], channels: Entries
) -> None:
    """`service`: what stands in service.yaml instead of the example's; `channels`: beside the
    desk."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    villages = sorted({gauge.village for gauge in gauges})
    _extend(
        folder / "places.yaml",
        villages=[{"id": f"village-{v:02d}", "name": f"村{v}"} for v in villages],
        sites=[_site(n, gauge) for n, gauge in enumerate(gauges)],
        sensors=[_sensor(gauge) for gauge in gauges],
    )
    _extend(folder / "rules.yaml", rules=[_rule(gauge) for gauge in gauges])
    names = [name for v in villages for name in _people(v)]
    persons = [_person(n, name) for n, name in enumerate(dict.fromkeys(names), 1)]
    duties = [duty for v in villages for duty in _duties(v)]
    patrols = [_patrol(n, gauge) for n, gauge in enumerate(gauges)]
    _extend(folder / "people.yaml", persons=persons, duties=[*duties, *patrols])
    yaml = YAML(typ="safe")
    known = yaml.load(folder / "service.yaml")
    yaml.dump({**known, **service}, folder / "service.yaml")
    yaml.dump({"channels": [{"id": "desk", "kind": "desk"}, *channels]}, folder / "channels.yaml")


def _extend(file: Path, **lists: Entries) -> None:
    yaml = YAML(typ="safe")
    known = yaml.load(file)
    yaml.dump({**known, **{key: known[key] + more for key, more in lists.items()}}, file)


def _site(number: int, gauge: Station) -> dict[str, Any]:
    return {
        "id": gauge.site,
        "name": f"站{number}",
        "kind": "river",
        "village": f"village-{gauge.village:02d}",
        "catchment": f"catchment-{gauge.catchment:02d}",
        "datum": "1985国家高程基准",
        "warning_level": min(gauge.rungs.values()),
        "voice_name": "站",
    }


def _sensor(gauge: Station) -> dict[str, Any]:
    known = {"id": gauge.sensor, "name": "计", "site": gauge.site, "quantity": "level"}
    # a day in a minute: what is fast there is not what is fast in a river
    fast = {"rate_suspect": None, "spike_suspect": None, "spike_fail": None}
    return known | {"unit": "m", "interval": "5 min", "owner": "water-office", "quality": fast}


def _rule(gauge: Station) -> dict[str, Any]:
    rungs = [
        {"severity": severity, "at": at, "basis": "警戒", "action": "巡查"}
        for severity, at in gauge.rungs.items()
    ]
    known = {"id": f"ladder-{gauge.sensor}", "kind": "limit", "hazard": "flood"}
    return known | {"sensors": [gauge.sensor], "deadband": 0.01, "rungs": rungs}


def _people(village: int) -> list[str]:
    patrols = [f"patrol-{village:02d}-{n}" for n in range(PATROLS)]
    return [f"head-{village:02d}", f"grid-{village:02d}", f"cadre-{village // 2:02d}", *patrols]


def _person(number: int, name: str) -> dict[str, Any]:
    phone = {"id": name, "name": name, "phone": f"138{_EXAMPLE_PEOPLE + number:08d}"}
    return phone | ({"wecom": name} if name.startswith(("cadre", "head")) else {})


def _duties(village: int) -> Entries:
    head, grid, cadre, *_ = _people(village)
    here = f"village-{village:02d}"
    area = ("area-east", "area-west")[village % 2]
    return [
        {"id": f"d-{cadre}-{village:02d}", "role": "village_cadre", "title": "包村干部",
         "village": here, "person": cadre, "superior": area},
        {"id": f"d-{head}", "role": "village_head", "title": "村级责任人", "village": here,
         "person": head, "substitute": grid, "superior": f"d-{cadre}-{village:02d}"},
        {"id": f"d-{grid}", "role": "grid_worker", "title": "网格员", "village": here,
         "person": grid, "superior": f"d-{head}"},
        {"id": f"evacuation-{village:02d}", "role": "evacuation", "title": "转移责任人",
         "village": here, "person": grid, "superior": f"d-{head}"},
    ]  # fmt: skip


def _patrol(number: int, gauge: Station) -> dict[str, Any]:
    return {
        "id": f"patrol-{gauge.sensor}",
        "role": "patrol",
        "title": "巡查责任人",
        "site": gauge.site,
        "person": _people(gauge.village)[3 + number // VILLAGES % PATROLS],
        "superior": f"d-head-{gauge.village:02d}",
    }
