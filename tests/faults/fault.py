"""A row of the fault table: a fault, how often it must be tried, and what must hold then.

One row is one file in `tests/faults/rows/` that binds FAULT; its name is the file's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from monitor.discover import discover

Counts = Mapping[str, int]
"""What is counted, in the plural word of the table → how many."""

ROWS = (
    "kill_service",
    "kill_broker",
    "hour_down",
    "kill_deliverer",
    "power_cut",
    "disk",
    "timers",
    "reordered",
    "hostile",
    "clocks",
    "race",
    "workers",
    "restore",
)
"""In the order of the table; a test holds them to the files."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one trial came to."""

    counts: Counts
    """What it adds to the row's counts."""
    violations: tuple[str, ...] = ()
    """What broke the bar, a sentence each; none, and the bar held."""
    worst: Mapping[str, float] = field(default_factory=dict)
    """Figures of which the table tells the highest of all trials, unit in the name: "s late"."""
    listed: tuple[str, ...] = ()
    """What the bar allows and wants listed, a line each; kept with the trial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row. Trials are numbered from 0 and run until the counts are reached."""

    name: str
    row: str
    """The fault in the words of the table."""
    full: Counts
    bar: str
    small: Counts
    """What `make test` runs, in a second or so."""
    trial: Callable[[int, int, Path], Trial] | None
    """(seed, index, empty folder) → Trial. Independent of all other trials, and the same again for
    the same seed and index as far as the machine allows. A row with several kinds of fault takes
    turns by the index. None: not written yet."""
    side_by_side: int = 2
    """Trials that may run at once on two cores; 1 where they would disturb each other."""
    needs: tuple[str, ...] = ()
    """Programs without which it cannot be tried: "mosquitto", "cc"."""
    limit_s: int = 600
    """A trial that takes longer hangs, and has failed."""


def absent(fault: Fault) -> list[str]:
    """Programs that it needs and that are not installed."""
    places = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    return [program for program in fault.needs if shutil.which(program, path=places) is None]


def rng(seed: int, index: int) -> Random:
    """The dice of one trial."""
    return Random(f"{seed}/{index}")


def missing(full: Counts, counted: Counts) -> dict[str, int]:
    """How many of each are still to be run; nothing: all."""
    return {what: n - counted.get(what, 0) for what, n in full.items() if n > counted.get(what, 0)}


def total(trials: Iterator[Trial] | list[Trial]) -> dict[str, int]:
    """All their counts together."""
    counted: dict[str, int] = {}
    for trial in trials:
        for what, n in trial.counts.items():
            counted[what] = counted.get(what, 0) + n
    return counted


def faults() -> dict[str, Fault]:
    """Every row by its name, in the order of the table."""
    found = discover("tests.faults.rows", "FAULT")
    return {name: fault for name in ROWS if isinstance(fault := found.get(name), Fault)}
