"""Readings as they were measured, and as a bad line delivers them: late, tripled, with gaps."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from math import exp, pi, sin
from pathlib import Path
from random import Random
from typing import NamedTuple

from monitor.alerting.alerts import Alert
from monitor.alerting.ladder import Rungs
from monitor.alerting.severity import Severity
from monitor.ingest.json_object import time_key
from monitor.ingest.observation import Observation
from monitor.ingest.reading import Reading
from monitor.judging.memory import Knowledge, Memory, SensorKey
from monitor.judging.recent import Past, quiet_since
from monitor.pipeline import Intake, decide, missing, not_remembered
from monitor.reference.places import Sensor
from monitor.scope import Scope, Status
from monitor.settings.build import standard
from tests.habits.town import SHIPPED, shipped

START = datetime(2026, 7, 15, tzinfo=UTC)
SCOPE = Scope("yunxi", Status.ACTUAL, "")
LATEST = timedelta(minutes=10)
CALM = timedelta(minutes=30)
"""The line is good again for so long at the end."""
RUNGS = ((Severity.BLUE, 1.0), (Severity.YELLOW, 2.0), (Severity.ORANGE, 3.0), (Severity.RED, 4.0))


def township(dice: Random, sensors: int, interval: timedelta) -> Knowledge:
    """Gauges alone or in pairs at their sites, under ladders with and without delays."""
    base = shipped()
    watch = base.rules[SHIPPED]
    minutes = dice.choice((0, 0, 5, 10, 30))
    rungs = [{"severity": s.name.lower(), "at": at, "basis": "警戒水位"} for s, at in RUNGS]
    limits = Rungs.model_validate(
        {
            "rungs": rungs,
            "deadband": dice.choice((0.0, 0.05, 0.2)),
            "on_delay": timedelta(minutes=minutes),
            "off_delay": timedelta(minutes=dice.choice((0, 0, 10))),
        }
    )
    sites, gauges, rules, quality = {}, {}, {}, {}
    for n in range(sensors):
        name, place = f"gauge-{n}", f"place-{n // 2}"
        site = sites.setdefault(place, watch.site.model_copy(update={"id": place}))
        entry = {"id": name, "site": place, "quantity": "level", "unit": "m", "interval": interval}
        gauges[name] = Sensor.model_validate(entry)
        rules[name] = replace(
            watch, id=name, parameters=limits, site=site, sensors={name: gauges[name]}
        )
        quality[name] = standard(gauges[name], {}, base.quality[SHIPPED].tests, [rules[name]])
    return replace(
        base,
        sites=sites,
        sensors=gauges,
        rules=rules,
        rules_by_sensor={name: (rule,) for name, rule in rules.items()},
        quality=quality,
        directory=replace(base.directory, sites={**base.directory.sites, **sites}),
    )


def waves(dice: Random, count: int, interval: timedelta) -> list[float]:
    """Flood waves, hovering and ripple, in metres on the ladder of RUNGS; some false peaks."""
    step = interval / timedelta(hours=1)
    crests = [(dice.uniform(0, count), dice.uniform(4, 60), dice.uniform(0.5, 5)) for _ in range(4)]
    swing, slow = dice.uniform(0, 0.4), dice.uniform(0.5, 6)
    levels = []
    for n in range(count):
        level = 0.6 + sum(h * exp(-(((n - at) / wide) ** 2)) for at, wide, h in crests)
        level += swing * sin(2 * pi * n * step / slow) + dice.gauss(0, 0.02)
        levels.append(round(level + (dice.random() < 0.004) * dice.uniform(2, 6), 3))
    return levels


@cache
def recorded() -> tuple[tuple[float, ...], ...]:
    """Real flood waves, scaled to the ladder; none where the inputs are not here."""
    root = Path(os.environ.get("MONITOR_TEST_DATA", Path(__file__).parents[3] / "shared/data"))
    found = []
    for path in sorted(root.glob("stage/**/*.csv*")):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as lines:  # type: ignore[operator]
            rows = list(csv.reader(lines))
        for column in range(1, min(4, len(rows[0]) if rows else 0)):
            values = [v for row in rows if (v := _number(row, column)) is not None]
            if len(values) > 500 and len(set(values)) > 50:
                found.append(_scaled(values))
                break
    return tuple(found)


def _number(row: Sequence[str], column: int) -> float | None:
    try:
        value = float(row[column])
    except (ValueError, IndexError):
        return None
    return value if -900 < value < 9000 else None


def _scaled(values: Sequence[float]) -> tuple[float, ...]:
    low, high = min(values), max(values)
    return tuple(round(5 * (v - low) / (high - low), 3) for v in values)


def series(dice: Random, count: int, interval: timedelta) -> list[float]:
    """Half of the time a recorded flood, where the inputs are here."""
    real = recorded()
    if real and dice.random() < 0.5:
        whole = dice.choice(real)
        start = dice.randrange(max(1, len(whole) - count))
        part = whole[start : start + count]
        if len(part) == count:
            return list(part)
    return waves(dice, count, interval)


def measured(
    dice: Random, known: Knowledge, count: int, interval: timedelta
) -> list[tuple[datetime, str, float]]:
    """(when, sensor, level) in order of time, with single values and whole stretches missing."""
    told = []
    for sensor in known.sensors:
        offset = timedelta(seconds=dice.randrange(int(interval.total_seconds())))
        quiet = [(at, at + dice.randrange(2, 30)) for at in dice.choices(range(count), k=3)]
        for n, level in enumerate(series(dice, count, interval)):
            lost = dice.random() < 0.02 or any(a <= n < b for a, b in quiet)
            if not lost:
                told.append((START + offset + n * interval, sensor, level))
    return sorted(told)


def delivered(
    dice: Random, told: Sequence[tuple[datetime, str, float]]
) -> list[tuple[datetime, tuple[datetime, str, float]]]:
    """(when it comes, what): each three times, some or nearly all of them late by up to ten
    minutes, and the copies later still."""
    good_again, share = told[-1][0] - CALM, dice.choice((0.1, 0.4, 0.9))
    comes = []
    for one in told:
        late = dice.random() < share and one[0] < good_again
        delay = LATEST * dice.random() if late else timedelta(seconds=5 * dice.random())
        copies = (delay + dice.random() * (LATEST - delay) for _ in range(2))
        comes += [(one[0] + wait, one) for wait in (delay, *copies)]
    return sorted(comes)


class Standing(NamedTuple):
    """What the bar compares of an alert."""

    site: str
    hazard: str
    onset: datetime
    worst: Severity


@dataclass
class Run:
    """The pipeline over one delivery, with what the store would have kept."""

    known: Knowledge
    memory: Memory = field(init=False)
    alerts: dict[str, Alert] = field(default_factory=dict)
    observations: dict[tuple[str, str], Observation] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    pages: int = 0

    def __post_init__(self) -> None:
        self.memory = Memory.empty("yunxi", START)

    def hear(self, now: datetime, told: Sequence[tuple[datetime, str, float]]) -> None:
        """One batch."""
        intake = Intake(tuple(_reading(one, now) for one in told), (), 0)
        asked = not_remembered(self.memory, intake)
        found = {(s, n, k): self.observations.get((n, k)) for s, n, k in asked}
        seen = {name: one.raw_value for name, one in found.items() if one}
        pasts = {
            name: past
            for name, when in missing(self.known, self.memory, intake, seen).items()
            if (past := self._past(name, when))
        }
        outcome = decide(self.known, self.memory, intake, now, seen=seen, pasts=pasts)
        self.memory.swap(outcome)
        for one in (*outcome.observations, *outcome.judged_again.values()):
            self.observations[one.sensor, one.key] = one
        for alert in (*outcome.ended, *outcome.alerts.values()):
            self.alerts[alert.id] = alert
        self.pages += sum(t.pages for t in outcome.transitions)
        self.broken += [f"defect: {defect}" for defect in outcome.defects]
        self.broken += [
            f"{a.site} stands at {a.severity.name} at {now} and nobody was told"
            for a in outcome.alerts.values()
            if a.is_active and a.severity > a.told
        ]
        named = ((s, time_key(at)) for at, s, _ in told)
        self.broken += [f"{n} was made to wait" for n in named if n not in self.observations]

    def _past(self, name: SensorKey, when: datetime) -> Past | None:
        cluster = self.known.clusters[name.sensor]
        since = quiet_since(when, cluster.lead, self.alerts.values())
        if since is None:
            return None
        heard = (
            one
            for one in self.observations.values()
            if one.sensor in cluster.sensors and one.observed_at >= since
        )
        over = (a for a in self.alerts.values() if a.cleared_at and a.cleared_at > since)
        return Past(since, tuple(heard), tuple(over))

    @property
    def stood(self) -> set[Standing]:
        return {
            Standing(a.site, a.hazard, a.opened_at, a.worst)
            for a in self.alerts.values()
            if a.worst
        }

    def unpaged(self) -> set[Standing]:
        """Alerts of which people were told less than there was."""
        return {
            Standing(a.site, a.hazard, a.opened_at, a.worst)
            for a in self.alerts.values()
            if a.told < a.worst
        }

    def overpaged(self) -> set[Standing]:
        """Alerts of which people were told more than there was, as a value that came later
        showed: no live reading waits for it. Their worst is what was told."""
        return {
            Standing(a.site, a.hazard, a.opened_at, a.told)
            for a in self.alerts.values()
            if a.told > a.worst
        }

    def state(self) -> dict[str, object]:
        """What goes on from here; times of arrival left out."""
        return {
            "flags": {
                key: (o.value, o.flag, o.reasons, o.observed_at)
                for key, o in self.observations.items()
            },
            "tracks": {
                key: (t.flat, t.spoke_at, *map(_said, (t.last, t.last_good, t.last_suspect)))
                for key, t in self.memory.tracks.items()
            },
            "rules": {key: trail.state for key, trail in self.memory.trails.items()},
            "alerts": {
                place: (a.severity, a.worst, a.opened_at, a.condition, dict(a.contributions))
                for place, a in self.memory.alerts.items()
            },
        }


def _said(one: Observation | None) -> object:
    return one and (one.key, one.value, one.flag)


def _reading(told: tuple[datetime, str, float], now: datetime) -> Reading:
    at, sensor, level = told
    return Reading(SCOPE, sensor, "level", level, "m", at, now, time_key(at), False, None, None)


def differences(ordered: Run, late: Run) -> Iterator[str]:
    """Where the late run does not come to what the ordered one came to."""
    for one in sorted(ordered.stood - late.stood):
        yield f"missing: {one}"
    for one in sorted(late.stood - ordered.stood):
        yield f"not so: {one}"
    first, second = ordered.state(), late.state()
    for part in first:
        if first[part] != second[part]:
            yield f"final {part} differ: {_differing(first[part], second[part])}"
    yield from ordered.broken
    yield from late.broken


def _differing(first: object, second: object) -> str:
    assert isinstance(first, dict) and isinstance(second, dict)
    keys = [key for key in first.keys() | second.keys() if first.get(key) != second.get(key)]
    return f"{keys[0]}: {first.get(keys[0])} and {second.get(keys[0])}"[:400]
