"""Rain → runoff → routed stage: a textbook model of a small valley, pure and seeded.

- Loss: SCS curve number, Ia = 0.2 S (USDA-SCS, National Engineering Handbook, Section 4, 1972).
- Runoff to flow: a cascade of equal linear reservoirs (Nash 1957, "The form of the
  instantaneous unit hydrograph", IASH Publ. 45).
- Flow down the river: Muskingum (McCarthy 1938), as in Chow, Maidment & Mays, "Applied
  Hydrology" (1988), §8.4.
- Flow to stage: Manning's formula in a wide rectangular section (ibid., §2.5).
- Reservoir: level pool (ibid., §8.2) over a broad-crested weir.

Rain in mm, flow in m³/s, levels in m of the site's datum, steps in minutes. Water is conserved:
what runs off is what flows by, however it is delayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, exp, sqrt

from simulators.rain import GAUGES, RainGauge, Storm, areal, hyetograph

SECONDS = 60.0
WEIR = 1.7
"""Discharge coefficient of a broad-crested weir in SI units, m^½/s."""


@dataclass(frozen=True, slots=True)
class Catchment:
    """Land that drains to one point."""

    area: float
    """km²."""
    curve_number: float
    """0–100; wet mountain woodland on thin soil is 75–85."""
    reservoirs: int
    delay: float
    """Minutes each reservoir of the cascade holds water back."""
    base_flow: float
    """m³/s before the storm."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A stretch of river; `travel` minutes, `weight` 0 (a pool) to 0.5 (a pure delay)."""

    travel: float
    weight: float


@dataclass(frozen=True, slots=True)
class Section:
    """Where a gauge stands in the river."""

    bed: float
    """Elevation in m."""
    width: float
    """m."""
    slope: float
    manning: float

    def level(self, flow: float) -> float:
        """Manning: Q = B h^(5/3) √S / n, solved for the depth h above the bed."""
        conveyed = max(flow, 0.0) * self.manning / (self.width * sqrt(self.slope))
        return self.bed + float(conveyed**0.6)


@dataclass(frozen=True, slots=True)
class Pool:
    """A small reservoir with a free spillway."""

    catchment: Catchment
    surface: float
    """km², taken as the same at every level."""
    crest: float
    """Elevation of the spillway in m."""
    weir_width: float
    starts_below: float
    """m below the crest at the beginning."""


@dataclass(frozen=True, slots=True)
class Valley:
    """The example township's river; every number is a choice, none a survey."""

    upper: Catchment = Catchment(area=42.0, curve_number=80, reservoirs=3, delay=18, base_flow=1.2)
    lower: Catchment = Catchment(area=16.0, curve_number=78, reservoirs=3, delay=12, base_flow=0.5)
    reach: Reach = Reach(travel=40, weight=0.3)
    upstream: Section = Section(bed=110.2, width=22, slope=0.006, manning=0.042)
    town: Section = Section(bed=84.7, width=30, slope=0.004, manning=0.040)
    ford: Section = Section(bed=92.3, width=34, slope=0.004, manning=0.038)
    pool: Pool = field(
        default=Pool(
            catchment=Catchment(area=3.2, curve_number=76, reservoirs=2, delay=10, base_flow=0.05),
            surface=0.09,
            crest=149.0,
            weir_width=8.0,
            starts_below=0.9,
        )
    )
    gauges: tuple[RainGauge, ...] = GAUGES


@dataclass(frozen=True, slots=True)
class Story:
    """What every gauge would read, one value a step."""

    step: int
    """Minutes."""
    rain: dict[str, list[float]]
    """mm in the step, by rain gauge."""
    flows: dict[str, list[float]]
    """m³/s: "upstream", "town", "pool" (spilled)."""
    levels: dict[str, list[float]]
    """m of the datum: "upstream", "town", "ford", "reservoir"."""


def tell(
    storm: Storm, valley: Valley, *, minutes: int = 720, step: int = 1, seed: int = 1
) -> Story:
    """The whole story; the same arguments give the same numbers."""
    rain = {g.name: hyetograph(storm, g, minutes, step, seed) for g in valley.gauges}
    mean = areal(list(rain.values()))
    upstream = runoff(mean, valley.upper, step)
    arriving = routed(upstream, valley.reach, step)
    side = runoff(mean, valley.lower, step)
    town = [a + b for a, b in zip(arriving, side, strict=True)]
    pool, spilled = pooled(runoff(mean, valley.pool.catchment, step), valley.pool, step)
    return Story(
        step,
        rain,
        {"upstream": upstream, "town": town, "pool": spilled},
        {
            "upstream": [valley.upstream.level(flow) for flow in upstream],
            "town": [valley.town.level(flow) for flow in town],
            "ford": [valley.ford.level(flow) for flow in town],
            "reservoir": pool,
        },
    )


def excess(rain: Sequence[float], curve_number: float) -> list[float]:
    """The part of each step's rain that runs off, in mm (SCS curve number, cumulated)."""
    storage = 25400 / curve_number - 254
    fallen, run, steps = 0.0, 0.0, []
    for amount in rain:
        fallen += amount
        over = max(fallen - 0.2 * storage, 0.0)
        total = over * over / (over + storage) if over else 0.0
        steps.append(total - run)
        run = total
    return steps


def runoff(rain: Sequence[float], catchment: Catchment, step: int) -> list[float]:
    """Flow at the catchment's mouth in m³/s, the mean of each step, base flow included."""
    per_mm = catchment.area * 1000 / (step * SECONDS)  # 1 mm on 1 km² is 1000 m³
    flow = [amount * per_mm for amount in excess(rain, catchment.curve_number)]
    for _ in range(catchment.reservoirs):
        flow = _linear_reservoir(flow, catchment.delay, step)
    return [catchment.base_flow + value for value in flow]


def _linear_reservoir(inflow: Sequence[float], delay: float, step: int) -> list[float]:
    """S = delay × Q, solved exactly for an inflow that is steady within a step."""
    kept = exp(-step / delay)
    stored, out = 0.0, []  # both as flow × step
    for coming in inflow:
        after = stored * kept + coming * delay / step * (1 - kept)
        out.append(coming + stored - after)
        stored = after
    return out


def routed(inflow: Sequence[float], reach: Reach, step: int) -> list[float]:
    """Muskingum, in so many stretches that 2KX ≤ step and no outflow dips before the wave."""
    stretches = max(1, ceil(2 * reach.travel * reach.weight / step))
    flow = list(inflow)
    for _ in range(stretches):
        flow = _muskingum(flow, reach.travel / stretches, reach.weight, step)
    return flow


def _muskingum(inflow: Sequence[float], k: float, x: float, step: int) -> list[float]:
    """K = `k` minutes, X = `x`; begins in balance with the first inflow."""
    bottom = 2 * k * (1 - x) + step
    c0, c1, c2 = (
        (step - 2 * k * x) / bottom,
        (step + 2 * k * x) / bottom,
        (bottom - 2 * step) / bottom,
    )
    before, flow, out = inflow[0], inflow[0], []
    for coming in inflow:
        flow = c0 * coming + c1 * before + c2 * flow
        before = coming
        out.append(flow)
    return out


def pooled(inflow: Sequence[float], pool: Pool, step: int) -> tuple[list[float], list[float]]:
    """(level, spilled flow in m³/s) of each step; never spills more than stands above the crest."""
    area = pool.surface * 1e6  # m²
    seconds = step * SECONDS
    level, levels, spilled = pool.crest - pool.starts_below, [], []
    for coming in inflow:
        level += coming * seconds / area
        head = max(level - pool.crest, 0.0)
        out = min(WEIR * pool.weir_width * head**1.5, head * area / seconds)
        level -= out * seconds / area
        levels.append(level)
        spilled.append(out)
    return levels, spilled
