"""Escalation timers across kills, wall-clock steps of an hour, and freezes of a minute.

A ladder of a few steps, seconds apart, that nobody answers. Each step must be written down
once, in its order, and no later than five seconds after it was due or the service was back. When
is seen from outside, on a clock that no fault touches; that none came early, by the time that it
was decided.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from simulators.publisher import connected
from tests.faults.fault import Fault, Trial, rng
from tests.faults.world import (
    YELLOW,
    Run,
    Town,
    ask,
    listening,
    mosquitto,
    mosquitto_lines,
    preloaded,
    service,
    tell,
    town,
)

WAIT_S = 4.0
SHORT = """
from datetime import timedelta
from monitor.notify import opening
opening._SHORTEST_WAIT = timedelta(seconds=1)
"""
"""A township's waits are half a minute at least; an hour of them would be no trial."""
FREEZE_S = 60.0
LATE_S = 5.0
LADDER = [("step", 1, 0), ("step", 1, 1), ("step", 1, 2), ("step", 2, 2), ("done", 99, 99)]
"""Event, round and step: the patrol, the head of the village, the cadre, the cadre once more."""
KINDS = ("kills", "steps", "freezes", "kills", "kills")
STEPS = "SELECT subject, text FROM journal WHERE event IN ('call.step', 'call.done')"


class Step(NamedTuple):
    """What the journal says of a ladder."""

    ladder: str
    event: str
    round: int
    step: int


class Watch:
    """When each step was first seen, in real seconds."""

    def __init__(self, place: Town) -> None:
        self.place = place
        self.clock = SystemClock()
        self.seen: dict[Step, float] = {}
        self.decided: dict[Step, datetime] = {}
        """By the service's clock; what it decides is seen once it is kept, later on a busy disk."""
        self.times: dict[Step, int] = {}

    def look(self) -> None:
        times: dict[Step, int] = {}
        for _, text in ask(self.place.store, STEPS):
            said = json.loads(text)
            facts = said["facts"]
            event = said["event"].removeprefix("call.")
            step = Step(facts["ladder"], event, facts.get("round", 99), facts.get("step", 99))
            times[step] = times.get(step, 0) + 1
            self.decided.setdefault(step, datetime.fromisoformat(said["at"]))
            self.seen.setdefault(step, self.clock.elapsed())
        self.times = times

    async def until(self, seconds: float) -> None:
        ends_at = self.clock.elapsed() + seconds
        while self.clock.elapsed() < ends_at:
            self.look()
            await self.clock.wait(0.1)

    async def until_done(self) -> bool:
        ends_at = self.clock.elapsed() + 90
        while self.clock.elapsed() < ends_at:
            self.look()
            if any(step.event == "done" for step in self.seen):
                return True
            await self.clock.wait(0.1)
        return False

    def in_order(self) -> list[tuple[Step, float]]:
        """By rounds and steps, with when it was seen."""
        return sorted(self.seen.items(), key=lambda item: item[0][2:])


def trial(seed: int, index: int, workdir: Path) -> Trial:
    return asyncio.run(_trial(rng(seed, index), KINDS[index % len(KINDS)], workdir))


async def _trial(dice: Random, kind: str, workdir: Path) -> Trial:
    port = free_port()
    place = town(workdir, 1, broker=port)
    _hasten(place)
    step_by = workdir / "stepped-by"
    environ = {"STEPPED_BY": str(step_by), "LD_PRELOAD": str(preloaded("stepped", workdir))}
    with (
        mosquitto(workdir, mosquitto_lines(port)) as broker,
        service(place, SHORT, **environ) as running,
    ):
        broker.start()
        await listening(port)
        running.start()
        await listening(place.web_port, 60)
        watch = Watch(place)
        await _raised(watch, port)
        await watch.until(dice.uniform(0.0, 2 * WAIT_S))
        away = await _struck(dice, kind, running, watch, step_by)
        done = await watch.until_done()
        await watch.until(1.0)
    late = max([0.0, *(late for _, late in _lateness(watch, away))])
    return Trial(
        {kind: 1}, tuple(_violations(watch, away, done, kind)), {"s late after recovery": late}
    )


def _hasten(place: Town) -> None:
    """Fifteen minutes are four seconds."""
    file = place.config / "policies.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("wait: 15 min", f"wait: {WAIT_S:g} s"), encoding="utf-8")


async def _raised(watch: Watch, port: int) -> None:
    """Every gauge is over its limit, and every ladder has begun."""
    with connected(HOST, port) as publisher:
        async with asyncio.timeout(60):
            seq = 0
            while not watch.seen:
                tell(publisher, 0, seq, YELLOW, watch.clock.now())
                seq += 1
                await watch.until(0.5)


async def _struck(
    dice: Random, kind: str, running: Run, watch: Watch, step_by: Path
) -> tuple[float, float]:
    """From when to when the service was away, in elapsed seconds."""
    began = watch.clock.elapsed()
    restarts = kind == "kills"
    if kind == "freezes":
        running.signal(signal.SIGSTOP)
        await watch.until(FREEZE_S)
        running.signal(signal.SIGCONT)
    elif kind == "steps":
        _step_the_clock(step_by, dice.choice((-3600, 3600)))
        await watch.until(0.2)
        restarts = dice.random() < 0.5
    if restarts:
        running.kill()
        await watch.until(dice.uniform(0.0, 1.5 * WAIT_S))
        running.start()
        await listening(int(watch.place.web_port), 60)
    return began, watch.clock.elapsed()


def _step_the_clock(by: Path, seconds: int) -> None:
    """At once for the next look at the clock: the file is never half written."""
    part = by.with_suffix(".part")
    part.write_text(str(seconds))
    part.replace(by)


def _lateness(watch: Watch, away: tuple[float, float]) -> Iterator[tuple[Step, float]]:
    """By how much each step came after it was due, or after the service was back."""
    for (_, before), (step, at) in pairwise(watch.in_order()):
        due = before + WAIT_S
        yield step, at - (max(due, away[1]) if at >= away[0] else due)


def _violations(watch: Watch, away: tuple[float, float], done: bool, kind: str) -> Iterator[str]:
    steps = watch.in_order()
    if not done or [step[1:] for step, _ in steps] != LADDER:
        yield f"a step is missing: {[step[1:] for step, _ in steps]}"
    yield from (f"{step} was written {n} times" for step, n in watch.times.items() if n > 1)
    for step, late in _lateness(watch, away):
        if late > LATE_S:
            yield f"{step} came {late:.1f} s late"
    for (before, _), (step, _) in pairwise(steps):
        waited = watch.decided[step] - watch.decided[before]
        # A wall clock that was stepped before a start may make one step due at once.
        if kind != "steps" and waited < timedelta(seconds=WAIT_S):
            yield f"{step} came {waited} after the one before"


FAULT = Fault(
    name="timers",
    row="escalation timers across kills, wall-clock steps of ±1 h, 60 s freezes",
    full={"kills": 150, "steps": 50, "freezes": 50},
    bar="0 missed, 0 doubled, ≤ 5 s late after recovery",
    small={"kills": 1},
    trial=trial,
    side_by_side=4,  # what a trial does is wait
    needs=("mosquitto", "cc"),
)
