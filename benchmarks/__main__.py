"""`make bench`: the speed table of docs/benchmarks.md, ours and its measures in one run."""

from __future__ import annotations

import argparse
import platform
import sqlite3

from benchmarks.brokers import broker
from benchmarks.figures import Figures, Measured, run
from benchmarks.publisher import SENSORS


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--count", type=int, default=60_000, help="messages of a flood")
    options.add_argument("--seconds", type=int, default=20, help="how long 1,000 a second last")
    options.add_argument(
        "--many", type=int, default=10_000, help="sensors to weigh memory with; 0: not"
    )
    given = options.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"SQLite {sqlite3.sqlite_version}, QoS 1, 120-byte native payloads\n")
    print("| what | messages/s | CPU µs a message | RSS MB | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|")
    bare = flood("bare", given.count)
    row("bare paho client, acknowledges only", bare)
    row("SQLite, the same rows, 500 to a commit", Measured("rows", given.count, SENSORS).figures())
    ours = flood("chain", given.count, SENSORS)
    row(f"the whole path, {SENSORS:,} sensors, flood", ours)
    steady = at_rate(1000, given.seconds * 1000, SENSORS)
    row("the whole path at 1,000 a second", steady, latency=True)
    if given.many:  # its settings take a minute and a half to read
        row(f"the whole path, {given.many:,} sensors", flood("chain", given.count, given.many))
    print(f"\nthe whole path runs at {ours.rate / bare.rate:.2f} of the bare client's rate")


def flood(module: str, count: int, sensors: int = SENSORS) -> Figures:
    """A backlog first, then the time to drain it: the publisher takes no processor meanwhile."""
    with broker() as (_, port, in_flight):
        run(module, port, 0, in_flight, sensors)
        run("publisher", port, count, 0, sensors)
        return Measured(module, port, count, in_flight, sensors).figures()


def at_rate(rate: int, count: int, sensors: int) -> Figures:
    with broker() as (_, port, in_flight):
        chain = Measured("chain", port, count, in_flight, sensors)
        run("publisher", port, count, rate, sensors)
        return chain.figures()


def row(what: str, figures: Figures, latency: bool = False) -> None:
    low, high = (
        (f"{figures.percentile(0.5):.1f}", f"{figures.percentile(0.99):.1f}")
        if latency
        else ("", "")
    )
    print(
        f"| {what} | {figures.rate:,.0f} | {figures.cpu_micros:.0f} | {figures.rss_mb:.0f}"
        f" | {low} | {high} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
