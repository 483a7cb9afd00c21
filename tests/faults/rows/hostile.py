"""Hostile payloads (see `tests/faults/grammar.py`): in the decoders, and through the service.

Trials take turns; the first two are as small as `make test` wants them. The service hears good
gauges all the while and hostile devices every other five seconds: what a good reading needs from
the device to the disk is compared within one run.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from monitor.app import Service, running, work
from monitor.broker import free_port
from monitor.clock import SystemClock
from monitor.errors import NotAReading, Unreadable
from monitor.ingest.message import Message
from monitor.ingest.quota import Quota
from monitor.ingest.read import read
from monitor.judging.memory import Outcome
from monitor.settings import Settings, load
from tests.faults.fault import Fault, Trial, rng
from tests.faults.grammar import START, Said, bent, invalid
from tests.faults.world import ROOT, TOKEN, ask, listening, mosquitto, mosquitto_lines, town
from tests.stories.harness import example

GAUGES = 50
DECODED, SERVED = 1_000_000, 25_000
FEW_DECODED, FEW_SERVED = 5_000, 500
WHILES, WHILE_S = 25, 5
"""200 hostile messages a second: four for each good one."""
BAR = 2.0
WINDOW = 500
"""max_inflight_messages, as shipped."""


def trial(seed: int, index: int, workdir: Path) -> Trial:
    if index % 2 == 0:
        return _decoded(seed, index, DECODED if index else FEW_DECODED)
    if index == 1:
        return asyncio.run(_served(seed, workdir, 1, 1, FEW_SERVED))
    return asyncio.run(_served(seed + index, workdir, WHILES, WHILE_S, SERVED // WHILES))


def _decoded(seed: int, index: int, count: int) -> Trial:
    """Half of them invalid by construction, half bent at random."""
    dice = rng(seed, index)
    knowledge = example().knowledge
    violations = []
    for n in range(count):
        said = invalid(dice) if n % 2 else bent(dice)
        message = Message(said.topic, said.payload, START, False)
        try:
            readings = read(knowledge.sources, knowledge.township, message)
            numbers = [r.value for r in readings if r.value is not None]
            got = "read" if all(map(isfinite, numbers)) else "read as no number"
        except Unreadable as fault:
            got = fault.reason
        except NotAReading:
            got = "no reading"
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is the finding
            got = f"traceback {type(fault).__name__}"
        if _breaks(said, got):
            violations.append(f"{said.topic} {said.payload!r:.300}: {got}, not {said.reason!r}")
    return Trial({"decoded": count}, tuple(violations[:10]))


def _breaks(said: Said, got: str) -> bool:
    if said.reason:
        return got != said.reason
    return got.startswith("traceback") or got == "read as no number"


class _Heard:
    """What the service made of it: how long each good reading took, and what it complained of."""

    def __init__(self) -> None:
        self.took: list[tuple[float, float]] = []
        """When a reading was made (s since 1970), and seconds until it was kept."""
        self.complaints: list[str] = []
        self.alerts = 0

    def outcome(self, outcome: Outcome) -> None:
        now = SystemClock().now().timestamp()
        for one in outcome.observations:
            if one.device_time is not None:
                made = one.device_time.timestamp()
                self.took.append((made, now - made))
        self.alerts += len(outcome.transitions)
        self.complaints.extend(f"defect in {part}: {fault!r}" for part, fault in outcome.defects)


class _Log(logging.Handler):
    def __init__(self, heard: _Heard) -> None:
        super().__init__(logging.ERROR)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.complaints.append(f"{record.name}: {record.getMessage():.200}")


async def _served(seed: int, workdir: Path, whiles: int, seconds: int, hostile: int) -> Trial:
    port = free_port()
    place = town(workdir, GAUGES, broker=port, in_flight=WINDOW)
    heard = _Heard()
    log = _Log(heard)
    logging.getLogger().addHandler(log)
    try:
        with mosquitto(workdir, mosquitto_lines(port, f"max_inflight_messages {WINDOW}")) as broker:
            broker.start()
            await listening(port)
            settings = _generous(load(place.config, {"MONITOR_TOKEN": TOKEN}))
            async with running(settings, SystemClock()) as service:
                service.ingest.listener = heard.outcome
                working = asyncio.create_task(work(service))
                fed = await _fed(port, seed, whiles, seconds, GAUGES, hostile)
                await _until_kept(service, place.store, fed)
                if working.done():
                    heard.complaints.append(f"the workers ended: {working!r}")
                faults = {n: w.failures for n, w in service.board.workers.items() if w.failures}
                heard.complaints.extend(f"worker {name} failed" for name in faults)
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
    finally:
        logging.getLogger().removeHandler(log)
    times = _Times.of(heard.took, fed["spoke"])
    broken = tuple(_violations(place.store, fed, heard))
    counts = {"served": sum(fed["sent"].values())}
    if whiles == 1:  # a hundredth of the readings is one or two: no figure to tell
        return Trial(counts, broken)
    return Trial(counts, (*broken, *times.violations()), times.figures())


def _generous(settings: Settings) -> Settings:
    """Each refusal has its row: the quota, which would count them together, is another matter."""
    knowledge = replace(settings.knowledge, quota=Quota(per_minute=10**9))
    return replace(settings, knowledge=knowledge)


async def _fed(*numbers: int) -> dict[str, Any]:
    feed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.feed", *map(str, numbers)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await feed.communicate()
    fed: dict[str, Any] = json.loads(said)
    return fed


async def _until_kept(service: Service, store: Path, fed: dict[str, Any]) -> None:
    """All is there, or will never be: then the audit says what is missing."""
    clock = SystemClock()
    ends_at = clock.elapsed() + 60
    wanted = fed["good"] + sum(fed["sent"].values())
    while clock.elapsed() < ends_at:
        kept = ask(store, "SELECT (SELECT count(*) FROM observations)"
                          " + (SELECT count(*) FROM quarantine)")  # fmt: skip
        if kept and kept[0][0] >= wanted:
            return
        await clock.wait(0.1)


def _violations(store: Path, fed: dict[str, Any], heard: _Heard) -> Iterator[str]:
    kept = dict(ask(store, "SELECT reason, count(*) FROM quarantine GROUP BY reason"))
    if kept != fed["sent"]:
        yield f"sent {fed['sent']}, in quarantine {kept}"
    rows = ask(store, "SELECT count(*), sum(sensor NOT LIKE 'gauge-%') FROM observations")
    if rows != [(fed["good"], 0)]:
        yield f"{fed['good']} good readings, (rows, of others) {rows}"
    told = ask(store, "SELECT (SELECT count(*) FROM alerts), (SELECT count(*) FROM notifications)")
    if heard.alerts or told != [(0, 0)]:
        yield f"{heard.alerts} alerts told; (alerts, notifications) {told}"
    if fed["missing"]:
        yield f"{fed['missing']} publications never acknowledged"
    yield from heard.complaints[:5]


class _Times(NamedTuple):
    """Seconds from a good reading to its commit, sorted."""

    quiet: Sequence[float]
    beside: Sequence[float]

    @classmethod
    def of(cls, took: Sequence[tuple[float, float]], spoke: Sequence[Sequence[float]]) -> _Times:
        def is_beside(at: float) -> bool:
            return any(begin <= at <= end for begin, end in spoke)

        return cls(
            sorted(s for at, s in took if not is_beside(at)),
            sorted(s for at, s in took if is_beside(at)),
        )

    @property
    def ratio(self) -> float:
        return _p99(self.beside) / _p99(self.quiet)

    def violations(self) -> tuple[str, ...]:
        if self.ratio < BAR:
            return ()
        quiet, beside = _p99(self.quiet), _p99(self.beside)
        return (f"p99 {quiet:.4f} s alone, {beside:.4f} s beside hostile ones",)

    def figures(self) -> dict[str, float]:
        return {
            "ms p99 of good messages alone": round(1e3 * _p99(self.quiet), 1),
            "ms p99 beside hostile ones": round(1e3 * _p99(self.beside), 1),
            "times as long": round(self.ratio, 2),
        }


def _p99(seconds: Sequence[float]) -> float:
    return seconds[len(seconds) * 99 // 100] if seconds else float("nan")


FAULT = Fault(
    name="hostile",
    row="hostile payloads, grammar-aware, for every format",
    full={"decoded": 5_000_000, "served": 100_000},
    bar=(
        "invalid by construction → quarantine; 0 tracebacks, 0 dead tasks, 0 alerts from "
        "them; good messages' p99 < 2×"
    ),
    small={"decoded": 1, "served": 1},
    trial=trial,
    side_by_side=1,
)
