"""Reordered by up to 10 min, tripled, with gaps: the pipeline over both orders, held together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from tests.faults.fault import Fault, Trial, rng
from tests.faults.reordering import Run, Standing, delivered, differences, measured, township

BATCH = timedelta(seconds=1)


def trial(seed: int, index: int, folder: Path) -> Trial:
    """Two to six gauges over some hours: as they were measured, and as a bad line brings them."""
    dice = rng(seed, index)
    interval = timedelta(minutes=dice.choice((1, 1, 2, 5)))
    known = township(dice, dice.randrange(2, 7), interval)
    told = measured(dice, known, 400, interval)
    ordered, late = Run(known), Run(known)
    for one in told:
        ordered.hear(one[0], [one])
    for now, comes in groupby(
        delivered(dice, told), key=lambda one: one[0].replace(microsecond=0) + BATCH
    ):
        late.hear(now, [one for _, one in comes])
    violations = tuple(f"{seed}/{index}: {line}" for line in differences(ordered, late))
    less, more = sorted(late.unpaged()), sorted(late.overpaged())
    counts = {"told less": len(less), "told more": len(more)}
    return Trial(
        {"readings": len(told), "alerts": len(ordered.stood), **counts},
        violations,
        listed=(*_lines("told less", less), *_lines("told more", more)),
    )


def _lines(how: str, told: list[Standing]) -> Iterator[str]:
    for one in told:
        yield f"{how}: {one.site} {one.onset:%m-%d %H:%M} {one.worst.name}"


FAULT = Fault(
    name="reordered",
    row="reordered by up to 10 min, tripled, with gaps",
    full={"readings": 1_000_000},
    bar=(
        "the same set of (site, hazard, onset, worst severity) counting 补判; pages differ only "
        "where a late block may not page, each listed; final state identical; no live reading "
        "waits for another"
    ),
    small={"readings": 2_000},
    trial=trial,
)
