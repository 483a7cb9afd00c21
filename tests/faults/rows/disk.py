"""The disk under the store is full, gives I/O errors or is read-only; or the store is locked.

The first three by a library that is preloaded (faulty.c): what writes fails with ENOSPC, EIO or
EROFS, as of a disk that the kernel gave up. The lock is another process's transaction. A gauge
speaks all the while. Told is who watches `/readyz` and who sits at the duty desk. At the end the
fault comes back and the service is killed in it: what was acknowledged by then must be there.
"""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from random import Random

import requests

from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from simulators.publisher import Publisher, connected
from tests.faults.fault import Fault, Trial, rng
from tests.faults.world import (
    CALM,
    TOKEN,
    Run,
    Town,
    listening,
    mosquitto,
    mosquitto_lines,
    preloaded,
    service,
    stored,
    tell,
    town,
)

KINDS = {"full": errno.ENOSPC, "I/O errors": errno.EIO, "read-only": errno.EROFS, "locked": 0}
LOCKED_S = 30.0
TOLD_S = 10.0
AGAIN_S = 30.0
SPEAKS_S = 0.05


class Gauge:
    """Speaks until it is stopped; every reading has been taken by the broker at the end."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._clock = SystemClock()
        self.said = self.unheard = 0

    @property
    def owed(self) -> int:
        """Readings that must be kept."""
        return self.said - self.unheard

    async def speak(self) -> None:
        while True:
            self.once()
            await self._clock.wait(SPEAKS_S)

    def once(self) -> None:
        tell(self._publisher, 0, self.said, CALM, self._clock.now())
        self.said += 1


def trial(seed: int, index: int, workdir: Path) -> Trial:
    kind = list(KINDS)[index % len(KINDS)]
    return asyncio.run(_trial(rng(seed, index), kind, workdir))


async def _trial(dice: Random, kind: str, workdir: Path) -> Trial:
    port = free_port()
    place = town(workdir, 1, broker=port)
    by = workdir / "faulty-by"
    environ = {
        "FAULTY_BY": str(by),
        "FAULTY_STORE": str(place.store),
        "LD_PRELOAD": str(preloaded("faulty", workdir)),
    }
    violations: list[str] = []
    with (
        mosquitto(workdir, mosquitto_lines(port)) as broker,
        service(place, **environ) as running,
    ):
        broker.start()
        await listening(port)
        running.start()
        with connected(HOST, port) as publisher:
            gauge = Gauge(publisher)
            await _ready(place, gauge)
            speaking = asyncio.create_task(gauge.speak())
            async with _faulty(kind, by, place) as ends:
                told = await _told(place, violations)
                await ends.wait() if kind == "locked" else await SystemClock().wait(dice.random())
            back = await _recovered(place, gauge, violations)
            if running.running is None or running.running.poll() is not None:
                violations.append("the service ended")
            await _killed_in_it(kind, by, place, running, dice)
            speaking.cancel()
            publisher.settle(within=10)
            await _all_kept(place, gauge, violations)
    return Trial({kind: 1}, tuple(violations), {"s until told": told, "s until it went on": back})


@asynccontextmanager
async def _faulty(kind: str, by: Path, place: Town) -> AsyncIterator[asyncio.Event]:
    """While it lasts the store takes nothing; the event: a lock has been held for its time."""
    ends = asyncio.Event()
    if kind != "locked":
        _set(by, str(KINDS[kind]))
        try:
            yield ends
        finally:
            _set(by, "")
        return
    with closing(sqlite3.connect(place.store, isolation_level=None, timeout=20)) as beside:
        beside.execute("BEGIN IMMEDIATE")
        asyncio.get_running_loop().call_later(LOCKED_S, ends.set)
        yield ends


def _set(by: Path, text: str) -> None:
    part = by.with_suffix(".part")
    part.write_text(text)
    part.replace(by)


async def _ready(place: Town, gauge: Gauge) -> None:
    clock = SystemClock()
    async with asyncio.timeout(90):
        while not stored(place.store) or (await _readyz(place)) != 200:
            gauge.once()
            await clock.wait(0.2)
    await clock.wait(0.5)
    gauge.unheard = gauge.said - stored(place.store)  # before the broker knew that we listen


async def _readyz(place: Town) -> int:
    """The status that a watcher sees; 0: no answer."""
    return (await _get(place, "/readyz"))[0]


async def _get(place: Town, path: str) -> tuple[int, str]:
    def ask() -> tuple[int, str]:
        try:
            headers = {"Authorization": f"Bearer {TOKEN}"}
            answer = requests.get(
                f"http://{HOST}:{place.web_port}{path}", headers=headers, timeout=5
            )
        except requests.RequestException:
            return 0, ""
        return answer.status_code, answer.text

    return await asyncio.to_thread(ask)


async def _told(place: Town, violations: list[str]) -> float:
    """Seconds until both the watcher and the desk know."""
    clock = SystemClock()
    began = clock.elapsed()
    red = shown = False
    while not (red and shown) and clock.elapsed() - began < 3 * TOLD_S:
        red = red or await _readyz(place) == 503
        shown = shown or "数据文件写不进去" in (await _get(place, "/"))[1]
        await clock.wait(0.1)
    took = clock.elapsed() - began
    if not red or not shown or took > TOLD_S:
        violations.append(f"after {took:.1f} s readyz was red: {red}, the desk knew: {shown}")
    return took


async def _recovered(place: Town, gauge: Gauge, violations: list[str]) -> float:
    """Seconds until all that was said during the fault is kept, and readyz is green."""
    clock = SystemClock()
    began, said = clock.elapsed(), gauge.owed
    while clock.elapsed() - began < AGAIN_S:
        if stored(place.store) >= said and await _readyz(place) == 200:
            return clock.elapsed() - began
        await clock.wait(0.1)
    violations.append(f"{stored(place.store)} of {said} readings after {AGAIN_S:.0f} s")
    return clock.elapsed() - began


async def _killed_in_it(kind: str, by: Path, place: Town, running: Run, dice: Random) -> None:
    clock = SystemClock()
    async with _faulty(kind, by, place):
        await clock.wait(dice.uniform(0.2, 1.0))
        running.kill()
    running.start()


async def _all_kept(place: Town, gauge: Gauge, violations: list[str]) -> None:
    clock = SystemClock()
    ends_at = clock.elapsed() + 60
    while stored(place.store) < gauge.owed and clock.elapsed() < ends_at:
        await clock.wait(0.1)
    if (found := stored(place.store)) != gauge.owed:
        violations.append(f"{gauge.owed} readings were taken by the broker, {found} are kept")


FAULT = Fault(
    name="disk",
    row="disk full, I/O error, read-only, locked 30 s",
    full={"full": 50, "I/O errors": 50, "read-only": 50, "locked": 50},
    bar=(
        "no PUBACK without a commit; `/readyz` red and the operator told ≤ 10 s; recovers without "
        "a restart"
    ),
    small={"full": 1},
    trial=trial,
    needs=("mosquitto", "cc"),
)
