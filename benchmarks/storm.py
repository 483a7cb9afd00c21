"""1,000 gauges from yellow over orange to red within a minute: who is told, and how soon.

    python -m benchmarks.storm [--gauges 1000] [--seconds 60] [--settle 240] [--seed 1]
        [--replay FILE.csv --columns TIME,VALUE[,SENSOR]]

The real service as a process of its own, by real time, through a real broker; stand-in providers
that take 100 to 300 ms. Nobody answers. Afterwards the store and the providers' log are read by a
checker that knows none of the service's code; it exits 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zoneinfo import ZoneInfo

from benchmarks.brokers import broker
from benchmarks.figures import Measured, percentile
from benchmarks.recorded import recorded
from benchmarks.told import SEVERITIES, Taken, Told, judge
from benchmarks.valley import Station, stations, write
from monitor.broker import free_port
from monitor.clock import SystemClock
from simulators.gateways.township import ENVIRONMENT
from simulators.publisher import connected, play
from simulators.replay import Columns, Row, paced, publications

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 30.0
TOWNSHIP = "yunxi"
_ZONE = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(2026, 7, 1, tzinfo=_ZONE)


class Storm(NamedTuple):
    """Who measures what; times count from the first reading."""

    gauges: list[Station]
    rows: list[Row]
    speed: float = 1.0


def made(gauges: int, seconds: float, seed: int) -> Storm:
    """Each gauge below its ladder at first, and at three seeded moments yellow, orange and red,
    a fifth of the time or more apart: a steeper rise would be doubted."""
    dice, known = Random(seed), stations(gauges)
    rows = [Row(_EPOCH, one.sensor, 2.99) for one in known]
    for one in known:
        at = dice.uniform(0, seconds / 3)
        for value in (3.0, 3.03, 3.06):
            rows.append(Row(_EPOCH + timedelta(seconds=10 + at), one.sensor, value))
            at += dice.uniform(seconds / 5, seconds / 3)
    return Storm(known, sorted(rows, key=lambda row: row.at))


class Passed(NamedTuple):
    """What a storm left behind."""

    told: Told
    cpu_s: float
    most_mb: float
    took_s: float
    published: int


def run(storm: Storm, settle: float, folder: Path, latency: Sequence[int] = ()) -> Passed:
    """`folder` is empty, and on a disk: where it is memory a commit costs nothing."""
    gateway = Measured("providers", *latency)
    with broker() as running:
        web = free_port()
        token = secrets.token_urlsafe(32)
        known = {
            "store": "../storm.sqlite",
            "web": {"port": web, "tokens": [{"person": "desk-1", "token": "${ENV:MONITOR_TOKEN}"}]},
            "broker": {"port": running.port, "in_flight": running.in_flight},
        }
        write(folder / "config", storm.gauges, known, json.loads(gateway.first))
        with service(folder, web, token) as pid:
            begun = time.monotonic()
            start = SystemClock().now()
            published = asyncio.run(_publish(storm, running.port, start))
            _settle(folder / "storm.sqlite", settle)
            took, (cpu, most) = time.monotonic() - begun, _usage(pid)
        taken = [Taken(*one) for one in gateway.last()]
        told = judge(folder / "storm.sqlite", taken, storm.gauges, crossed(storm, start), published)
    return Passed(told, cpu, most, took, published)


@contextmanager
def service(folder: Path, web: int, token: str) -> Iterator[int]:
    """`monitor run`, ready; its process id."""
    command = [sys.executable, "-m", "monitor.cli", "run", str(folder / "config")]
    known = {**os.environ, **ENVIRONMENT, "MONITOR_TOKEN": token}
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, env=known, stdout=log, stderr=log)
    try:
        _until_ready(f"http://127.0.0.1:{web}/readyz", running, folder / "log")
        yield running.pid
    finally:
        running.terminate()
        try:
            running.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            running.kill()
            print(f"the service did not stop in {STOP_WITHIN_S:.0f} s", file=sys.stderr)


def _until_ready(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    until, said = time.monotonic() + READY_WITHIN_S, "nothing"
    while time.monotonic() < until and running.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as red:
            said = red.read().decode()
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"the service did not get ready: {said}\n{log.read_text()[-2000:]}")


async def _publish(storm: Storm, port: int, start: datetime) -> int:
    columns = Columns(time="", value="", zone=_ZONE)
    messages = publications(
        storm.rows, columns, TOWNSHIP, speed=storm.speed, shift_to=start, boot="1"
    )
    with connected("127.0.0.1", port) as publisher:
        await play(messages, publisher, SystemClock())
        if publisher.settle(30):
            raise SystemExit("the broker did not take everything")
        return publisher.published


def crossed(storm: Storm, start: datetime) -> dict[tuple[str, int], float]:
    known = {gauge.sensor: gauge for gauge in storm.gauges}
    first: dict[tuple[str, int], float] = {}
    for at, row in paced(storm.rows, speed=storm.speed, shift_to=start):
        gauge = known[row.sensor]
        for severity, level in gauge.rungs.items():
            if row.value is not None and row.value >= level:
                first.setdefault((gauge.site, SEVERITIES[severity]), at.timestamp())
    return first


_LEFT = """
SELECT count(*) FROM notifications
WHERE state IN ('waiting', 'sending', 'merged') AND channel != 'voice'
"""


def _settle(store: Path, within: float) -> None:
    """Until nothing is to be sent but calls, of which a provider puts through one a minute."""
    until = time.monotonic() + within
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as conn:
        while time.monotonic() < until and conn.execute(_LEFT).fetchone()[0]:
            time.sleep(2)


def _usage(pid: int) -> tuple[float, float]:
    """Processor seconds since its start, and the most MB it ever held."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    return cpu, int(status["VmHWM"].split()[0]) / 1000


def tell(passed: Passed) -> None:
    told = passed.told
    print(f"{passed.published:,} readings, {told.texts:,} SMS, {told.held:,} held back and told")
    print(f"CPU {passed.cpu_s:.0f} s in {passed.took_s:.0f} s, at most {passed.most_mb:.0f} MB\n")
    print("| from the reading to the first SMS about | p50 s | p99 s | most s | of |")
    print("|---|---|---|---|---|")
    for what, took in told.first_of.items():
        if took:
            p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
            print(f"| {what} | {p50:.1f} | {p99:.1f} | {took[-1]:.1f} | {len(took):,} |")
    most = ", ".join(f"{count} in {seconds} s" for seconds, count in told.most.items())
    print(f"\nmost texts besides red to one number: {most}")
    print(f"below red, of places at red: {told.below_red_at_red} in 60 s, left out above")
    for (channel, state, reason), count in sorted(told.states.items()):
        print(f"{count:7,} {channel} {state} {reason}")
    kinds = Counter(" ".join(w for w in line.split() if "-" not in w) for line in told.broken)
    for kind, count in kinds.most_common(20):
        print(f"BROKEN {count:,} times: {kind}")


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.storm")
    options.add_argument("--gauges", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--settle", type=float, default=240, help="seconds at most, afterwards")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--replay", type=Path, help="a recorded series instead (CSV, metres)")
    options.add_argument("--columns", default="time,value", help="of it: time,value[,sensor]")
    options.add_argument("--folder", type=Path, help="where store and log are left")
    given = options.parse_args()
    with TemporaryDirectory(dir="/var/tmp") as name:
        if given.replay:
            time, value, *sensor = given.columns.split(",")
            columns = Columns(time, value, _ZONE, "".join(sensor))
            storm = Storm(*recorded(given.replay, columns, given.gauges, given.seconds, given.seed))
        else:
            storm = made(given.gauges, given.seconds, given.seed)
        passed = run(storm, given.settle, given.folder or Path(name))
    tell(passed)
    return 1 if passed.told.broken else 0


if __name__ == "__main__":
    sys.exit(main())
