"""A year of readings in a store, and how long a chart waits for its part of it.

    python -m benchmarks.year [--sensors 100] [--days 365] [--raw 90] [--queries 400] [--seed 1]

Readings once a minute: single ones of the last `--raw` days, and hours and days of all. The file
is built in bulk in a folder of its own under TMPDIR and deleted afterwards (0.24 GB for a million
single readings). Queries are those of `/api/v1/sensors/…/series`, asked of the store: a random
sensor, a span between an hour and all of it, anywhere.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from monitor.clock import SystemClock
from monitor.scope import Scope, Status
from monitor.store.columns import micros, scope_text
from monitor.store.rollups import HOUR, RAW_SINCE, ROLLED_UNTIL
from monitor.store.series import RAW_FOR
from monitor.store.store import Store

ACTUAL = Scope("yunxi", Status.ACTUAL, "")
END = datetime(2026, 7, 1, tzinfo=UTC)
MINUTE = HOUR // 60
_RAW = (
    "INSERT INTO observations (scope, key, sensor, device_time, received_at, observed_at,"
    " raw_value, raw_unit, value, flag, reasons, late, retained)"
    " VALUES (?,?,?,?,?,?,?,'m',?,1,'',0,0)"
)
_HOUR = "INSERT INTO rollups VALUES (?,?,1,?,?,?,?,60,0,1)"
_DAYS = (
    "INSERT INTO rollups SELECT scope, sensor, 24, start - start % ?, min(low), max(high),"
    " sum(total), sum(count), 0, 1 FROM rollups WHERE hours = 1"
    " GROUP BY scope, sensor, start - start % ?"
)


def level(sensor: int, minute: int) -> float:
    """A river with a tide of its own."""
    return round(84 + sensor % 7 + math.sin(minute / 700 + sensor), 2)


def raw_rows(sensors: int, minutes: range) -> Iterator[tuple[object, ...]]:
    scope, end = scope_text(ACTUAL), micros(END)
    names = [f"gauge-{n:03}" for n in range(sensors)]
    for minute in minutes:
        at = end - minute * MINUTE
        key = f"1:{10**7 - minute:08}"
        for n, name in enumerate(names):
            value = level(n, minute)
            yield scope, key, name, at + n * 1000, at + n * 1000, at + n * 1000, value, value


def hour_rows(sensors: int, hours: int) -> Iterator[tuple[object, ...]]:
    scope, end = scope_text(ACTUAL), micros(END)
    for n in range(sensors):
        for hour in range(hours, 0, -1):
            value = level(n, hour * 60)
            start = end - hour * HOUR
            yield scope, f"gauge-{n:03}", start, value - 0.1, value + 0.1, value * 60


def fill(path: Path, sensors: int, days: int, raw: int) -> None:
    """Past the service: in bulk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA synchronous=OFF")
        conn.execute("BEGIN")
        conn.executemany(_RAW, raw_rows(sensors, range(raw * 1440, 0, -1)))
        conn.executemany(_HOUR, hour_rows(sensors, days * 24))
        conn.execute(_DAYS, (24 * HOUR, 24 * HOUR))
        for name, at in ((ROLLED_UNTIL, END), (RAW_SINCE, END - timedelta(days=raw))):
            conn.execute("INSERT INTO meta VALUES (?, ?)", (name, str(micros(at))))
        conn.execute("COMMIT")


async def asked(store: Store, given: argparse.Namespace) -> list[str]:
    """A line for each kind of point: how many queries, p50, p99 and the longest, in ms."""
    sensors, days = given.sensors, given.days
    clock, dice = SystemClock(), Random(given.seed)
    took: dict[str, list[float]] = {}
    for _ in range(given.queries):
        span = timedelta(hours=math.exp(dice.uniform(0.0, math.log(days * 24))))
        reach = days if span > RAW_FOR or dice.random() < 0.25 else given.raw
        until = END - dice.random() * (timedelta(days=reach) - span)
        sensor = f"gauge-{dice.randrange(sensors):03}"
        begun = clock.elapsed()
        found = await store.series(ACTUAL, sensor, until - span, until)
        took.setdefault(found.by, []).append(1000 * (clock.elapsed() - begun))
    lines = []
    for by, times in sorted(took.items()):
        times.sort()
        p50, p99 = (times[min(len(times) - 1, int(q * len(times)))] for q in (0.5, 0.99))
        lines.append(f"{by}: {len(times)}, p50 {p50:.1f} ms, p99 {p99:.1f}, most {times[-1]:.1f}")
    return lines


async def measure(arguments: argparse.Namespace) -> None:
    clock = SystemClock()
    with TemporaryDirectory(prefix="monitor-year-") as folder:
        path = Path(folder) / "year.sqlite"
        async with Store.opened(path):
            pass
        begun = clock.elapsed()
        fill(path, arguments.sensors, arguments.days, arguments.raw)
        built, size = clock.elapsed() - begun, path.stat().st_size / 1e9
        readings = arguments.sensors * arguments.raw * 1440
        print(f"{readings:,} readings, {size:.1f} GB, built in {built:.0f} s", flush=True)
        begun = clock.elapsed()
        async with Store.opened(path) as store:
            print(f"opened in {1000 * (clock.elapsed() - begun):.0f} ms")
            print("\n".join(await asked(store, arguments)))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    counts = {"sensors": 100, "days": 365, "raw": 90, "queries": 400, "seed": 1}
    for name, default in counts.items():
        options.add_argument(f"--{name}", type=int, default=default)
    asyncio.run(measure(options.parse_args()))


if __name__ == "__main__":
    main()
