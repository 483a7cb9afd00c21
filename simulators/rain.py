"""A storm over the rain gauges of a valley: a triangular hyetograph that moves across them.

Source: Yen & Chow (1980), "Design hyetographs for small drainage structures", J. Hydraulics Div.
ASCE 106(HY6): a triangle of the storm's depth and duration, its peak at a share of the duration.
Gusts are multiplied in from a seeded generator and scaled back, so that the depth is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

MINUTES_A_DAY = 1440


@dataclass(frozen=True, slots=True)
class Storm:
    """Depths in mm, times in minutes from the beginning of the story."""

    depth: float = 130.0
    """At a gauge of share 1, over the whole storm."""
    begins: int = 30
    duration: int = 300
    peak_at: float = 0.45
    """Share of the duration before the peak, inside 0–1."""
    gusts: float = 0.35
    """How uneven: 0 is a smooth triangle, below 1."""


@dataclass(frozen=True, slots=True)
class RainGauge:
    """Where a gauge stands, as the storm sees it."""

    name: str
    share: float
    """Of the storm's depth."""
    lag: int
    """Minutes after the storm's beginning that it arrives here."""


GAUGES = (
    RainGauge("rain-1", 1.15, 0),
    RainGauge("rain-2", 1.05, 10),
    RainGauge("rain-3", 0.95, 20),
    RainGauge("rain-4", 0.80, 35),
)


def hyetograph(storm: Storm, gauge: RainGauge, minutes: int, step: int, seed: int) -> list[float]:
    """Rain in mm in each step of `step` minutes; sums to the gauge's depth if the storm fits."""
    chance = Random(f"{seed}/{gauge.name}")
    arrives = storm.begins + gauge.lag
    shares = [
        (_fallen(storm, start + step - arrives) - _fallen(storm, start - arrives))
        * (1 + storm.gusts * chance.uniform(-1, 1))
        for start in range(0, minutes, step)
    ]
    smooth = _fallen(storm, minutes - arrives)
    scale = storm.depth * gauge.share * smooth / sum(shares) if sum(shares) else 0.0
    return [share * scale for share in shares]


def _fallen(storm: Storm, minutes: float) -> float:
    """The share of the storm's depth fallen so long after its arrival: the triangle's area."""
    at, peak = min(max(minutes / storm.duration, 0.0), 1.0), storm.peak_at
    return at * at / peak if at < peak else 1 - (1 - at) ** 2 / (1 - peak)


def areal(rain: Sequence[Sequence[float]]) -> list[float]:
    """The mean over the gauges, step by step, in mm."""
    return [sum(step) / len(step) for step in zip(*rain, strict=True)]
