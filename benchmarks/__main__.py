"""`make bench`: the speed table of docs/benchmarks.md, ours and its measures in one run."""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.brokers import Running, broker
from benchmarks.figures import Figures, Measured, percentile, run
from benchmarks.publisher import SENSORS
from benchmarks.township import write
from monitor.settings.schema import Broker

SESSION = Broker().client_id
ALARM_EVERY = 500
"""At 1,000 a second two new yellow alerts every second, each told to half a dozen phones."""


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--count", type=int, default=60_000, help="messages of a flood")
    options.add_argument("--rounds", type=int, default=3, help="floods; the median is told")
    options.add_argument("--seconds", type=int, default=30, help="how long 1,000 a second last")
    options.add_argument(
        "--many", type=int, default=10_000, help="sensors to weigh memory with; 0: not"
    )
    given = options.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"SQLite {sqlite3.sqlite_version}, QoS 1, 120-byte native payloads\n")
    print("| what | messages/s | CPU µs a message | RSS MB |")
    print("|---|---|---|---|")
    rows = Measured("rows", given.count, SENSORS).figures()
    pairs = [(bare(given.count), flood(given.count, SENSORS)) for _ in range(given.rounds)]
    row("bare paho client, acknowledges only", [theirs for theirs, _ in pairs])
    row("SQLite, the same rows, 500 to a commit", [rows])
    row(f"the service, {SENSORS:,} sensors, flood", [ours for _, ours in pairs])
    steady = at_rate(1000, given.seconds * 1000, SENSORS)
    row("the service at 1,000 a second, with alerts", [steady.figures])
    if given.many:
        many = flood(given.count, given.many)
        row(f"the service, {given.many:,} sensors, flood", [many])
    ratios = sorted(ours.rate / theirs.rate for theirs, ours in pairs)
    print(f"\nthe service runs at {median(ratios):.2f} of the bare client's rate", end="")
    print(f" ({', '.join(f'{ratio:.2f}' for ratio in ratios)})")
    latency("publish to commit", steady.figures.milliseconds)
    latency("publish to the provider's gateway", steady.to_gateway)
    latency("meanwhile a mere sleeper was woken late by", steady.sleeper)
    if given.many:
        print(f"the ten-second look at {given.many:,} sensors: {many.tick_ms:.0f} ms")


@contextmanager
def township(running: Running, sensors: int, channels: str = "[]") -> Iterator[Path]:
    """A folder for the service. On a disk: the folder for temporary files may be memory, where a
    commit costs nothing."""
    with TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        write(
            folder / "config",
            sensors,
            port=running.port,
            in_flight=running.in_flight,
            channels=json.loads(channels),
        )
        yield folder


def bare(count: int) -> Figures:
    with broker() as running:
        _gather(running, "bare", count, SENSORS)
        return Measured("bare", running.port, count, "bare").figures()


def flood(count: int, sensors: int) -> Figures:
    """A backlog first, then the time to drain it: the publisher takes no processor meanwhile."""
    with broker() as running, township(running, sensors) as folder:
        _gather(running, SESSION, count, sensors)
        return Measured("service", folder, count).figures()


def _gather(running: Running, session: str, count: int, sensors: int) -> None:
    run("bare", running.port, 0, session)
    run("publisher", running.port, count, 0, sensors, 0)


class Steady(NamedTuple):
    figures: Figures
    to_gateway: list[float]
    """ms from publish to each message that a provider took, sorted."""
    sleeper: list[float]
    """ms by which a process that only sleeps was woken late meanwhile, sorted."""


def at_rate(rate: int, count: int, sensors: int) -> Steady:
    gateway = Measured("gateway")
    with broker() as running, township(running, sensors, gateway.first) as folder:
        service = Measured("service", folder, count, "ages")
        sleeper = Measured("sleeper")
        made = dict(json.loads(run("publisher", running.port, count, rate, sensors, ALARM_EVERY)))
        figures, late = service.figures(), sleeper.last()
    ages = sorted(at - made[gauge] for gauge, at in gateway.last() if gauge in made)
    if len(ages) < len(made):
        raise SystemExit(f"{len(made)} alerts, {len(ages)} messages")
    return Steady(figures, ages, late)


def row(what: str, runs: list[Figures]) -> None:
    rate, cpu, rss = (
        median(getattr(figures, name) for figures in runs)
        for name in ("rate", "cpu_micros", "rss_mb")
    )
    print(f"| {what} | {rate:,.0f} | {cpu:.0f} | {rss:.0f} |", flush=True)


def latency(what: str, ages: list[float]) -> None:
    """The stamp is cut to a whole millisecond."""
    parts = ", ".join(f"p{share * 100:g} {percentile(ages, share):.1f}" for share in (0.5, 0.99))
    print(f"{what}: {parts} ms ({len(ages):,})")


if __name__ == "__main__":
    main()
