"""Sensor clocks: 1970, +1 day, 2038, an hour slow, drift, jump back.

The bytes of each device go through the ingest worker into a real store, a minute of theirs at a
time. Each has one breach of a quarter of an hour; whoever answers for the place must be called for
it while it lasts, and the check on sensors must name the device.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from monitor.ingest.message import Message
from monitor.readiness.checks import sensor_doubtful
from monitor.store.store import Store
from monitor.workers.ingest import Ingest
from monitor.workers.supervise import Board
from tests.clocks import HandClock
from tests.faults.fault import Fault, Trial, rng
from tests.habits.town import with_gauges
from tests.readiness.township import facts

START = datetime(2026, 7, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DEVICES = 24
LASTS = 100
"""Minutes of a trial."""
BREACH = 15
LOW, OVER = 85.0, 86.6
RUNGS = [{"severity": "yellow", "at": 86.5, "basis": "警戒水位"}]
TRUSTED = {"spike_suspect": None, "rate_suspect": None, "spike_fail": None, "flat_suspect": None}

Shown = Callable[[datetime], datetime]
"""What the device's clock shows at a time."""


def unset(dice: Random) -> Shown:
    """1970: since it was switched on, or standing still."""
    runs = dice.random() < 0.5
    return lambda now: datetime(1970, 1, 1, tzinfo=UTC) + runs * (now - START)


def a_day_ahead(dice: Random) -> Shown:
    return lambda now: now + timedelta(days=1)


def year_2038(dice: Random) -> Shown:
    """Where a signed 32-bit count of seconds ends."""
    return lambda now: datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC) + (now - START)


def an_hour_slow(dice: Random) -> Shown:
    return lambda now: now - timedelta(hours=1)


def drifting(dice: Random) -> Shown:
    """2.5 to 12 seconds a minute, either way: minutes over the trial."""
    rate = dice.choice((-1, 1)) * dice.uniform(2.5, 12.0)
    return lambda now: now + rate / 60 * (now - START)


def jumping(dice: Random) -> Shown:
    """Right, until it jumps back by whole minutes: what it says next it has said before."""
    at = START + dice.randrange(5, LASTS - 40) * MINUTE
    back = dice.choice((5, 12, 40, 90, 1440)) * MINUTE
    return lambda now: now - back if now >= at else now


FAULTS = (unset, a_day_ahead, year_2038, an_hour_slow, drifting, jumping)


def trial(seed: int, index: int, folder: Path) -> Trial:
    """Two dozen devices, four of each fault."""
    return asyncio.run(_trial(rng(seed, index), folder))


async def _trial(dice: Random, folder: Path) -> Trial:
    names = [f"gauge-{n}" for n in range(DEVICES)]
    kinds = {name: FAULTS[n % len(FAULTS)] for n, name in enumerate(names)}
    shown = {name: kind(dice) for name, kind in kinds.items()}
    breach = {name: dice.randrange(3, LASTS - BREACH - 2) for name in names}
    knowledge = with_gauges(names, {"interval": "1 min", "quality": TRUSTED}, {"rungs": RUNGS})
    clock = HandClock(START)
    called: dict[str, int] = {}
    future: list[str] = []
    async with Store.opened(folder / "monitor.sqlite") as store:
        ingest = Ingest(knowledge, store, clock, Board(), lambda outcome: None)
        await ingest.open()
        for minute in range(LASTS):
            await clock.wait_until(START + minute * MINUTE + timedelta(seconds=1))
            now = clock.now()
            over = {n for n in names if breach[n] <= minute < breach[n] + BREACH}
            batch = [_message(n, shown[n], OVER if n in over else LOW, now) for n in names]
            dice.shuffle(batch)
            outcome = await ingest.take(batch)
            for transition in outcome.transitions:
                alert = transition.alert
                if transition.pages and alert.severity:
                    called.setdefault(alert.lead.sensor, minute)
                if max(transition.at, alert.opened_at, alert.updated_at) > now:
                    future.append(f"{alert.lead.sensor} ({kinds[alert.lead.sensor].__name__})")
        doubts = {key.sensor: t.last.reasons for key, t in ingest.memory.tracks.items() if t.last}
    delays = {n: called[n] - breach[n] for n in called}
    missed = [n for n in names if not 0 <= delays.get(n, -1) < BREACH]
    known = facts(sensors=knowledge.sensors, doubts=doubts)
    found = sensor_doubtful.CHECK.find(known, sensor_doubtful.Parameters(), clock.now())
    untold = set(names) - {finding.key[1] for finding in found}
    return Trial(
        {"devices": DEVICES},
        (
            *(f"{n} ({kinds[n].__name__}): nobody was called while it was over" for n in missed),
            *(f"{one}: an alert dated in the future" for one in future),
            *(f"{n} ({kinds[n].__name__}): no finding names it" for n in sorted(untold)),
        ),
        {"min until the call": float(max(delays.values(), default=0))},
    )


def _message(sensor: str, shown: Shown, level: float, now: datetime) -> Message:
    time = shown(now - timedelta(seconds=1)).replace(microsecond=0)
    body = json.dumps({"value": level, "time": time.isoformat()}).encode()
    return Message(f"risk/yunxi/{sensor}/level", body, now, False)


FAULT = Fault(
    name="clocks",
    row="sensor clocks: 1970, +1 day, 2038, an hour slow, drift, jump back",
    full={"devices": 1_000},
    bar="0 missed breaches, 0 alerts dated in the future, each told",
    small={"devices": 24},
    trial=trial,
)
