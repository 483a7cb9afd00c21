"""Each worker killed or failing, the loop blocked, the MQTT socket half dead.

The service runs under a stand-in for systemd: who feeds no watchdog for so long, or ends, is ended
and started again. The faults are put into its process from outside: a worker's task is cancelled,
a worker raises, the loop sleeps; or a wire to the broker goes silent, both ends open. Noticed is
what a watcher sees: `/readyz` not green, no watchdog fed, the connection made anew, or a line in
the log.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from random import Random

import requests

from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from simulators.publisher import Publisher, connected
from tests.faults.fault import Fault, Trial, rng
from tests.faults.world import (
    CALM,
    Run,
    Town,
    ask,
    listening,
    mosquitto,
    mosquitto_lines,
    service,
    stored,
    tell,
    town,
)

KINDS = ("failing", "killed", "blocked", "half dead")
WORKERS = ("ingest", "tick", "escalate", "schedule", "deliver console", "web")
NOTICED_S, AGAIN_S = 60.0, 30.0
WATCHDOG_S = 15.0
"""WatchdogSec= of the stand-in; the unit in docs/operate.md says more."""
PLANTED = Path(__file__).parents[1] / "planted.py"


def trial(seed: int, index: int, workdir: Path) -> Trial:
    kind = KINDS[index % len(KINDS)]
    worker = WORKERS[index // len(KINDS) % len(WORKERS)]
    return asyncio.run(_trial(rng(seed, index), kind, worker, workdir))


async def _trial(dice: Random, kind: str, worker: str, workdir: Path) -> Trial:
    port = free_port()
    async with Wire(port) as wire:
        place = town(workdir, 1, broker=wire.port)
        with (
            mosquitto(workdir, mosquitto_lines(port)) as broker,
            Systemd(workdir / "notify") as systemd,
            service(
                place,
                f"exec(open({str(PLANTED)!r}).read())",
                NOTIFY_SOCKET=str(workdir / "notify"),
                PLANTED=str(workdir / "planted"),
            ) as running,
        ):
            broker.start()
            await listening(port)
            running.start()
            with connected(HOST, port) as publisher:
                watch = Watch(place, publisher, running, systemd)
                await watch.until_well(90)
                await SystemClock().wait(dice.uniform(0.0, 1.0))
                said = watch.seq
                if kind == "half dead":
                    wire.go_silent()
                else:
                    _plant(workdir / "planted", kind, worker)
                violations, noticed, again = await watch.suffered(
                    kind, undisturbed=kind == "killed" and worker not in ("ingest", "web")
                )
                await watch.all_kept(said, violations)
    which = kind if kind in ("blocked", "half dead") else f"{worker} {kind}"
    return Trial(
        {kind: 1},
        tuple(f"{which}: {what}" for what in violations),
        {"s until noticed": noticed, "s until it went on": again},
    )


def _plant(at: Path, kind: str, worker: str) -> None:
    part = at.with_suffix(".part")
    part.write_text(f"{kind} {worker}")
    part.replace(at)


class Systemd:
    """Hears what the service says of itself."""

    def __init__(self, at: Path) -> None:
        self._at = str(at)
        self._clock = SystemClock()
        self.fed_at = self._clock.elapsed()

    def __enter__(self) -> Systemd:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind(self._at)
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def is_hungry(self) -> bool:
        with suppress(BlockingIOError):
            while True:
                if b"WATCHDOG=1" in self._socket.recv(4096):
                    self.fed_at = self._clock.elapsed()
        return self._clock.elapsed() - self.fed_at > WATCHDOG_S


class Watch:
    """Sees the service from outside, and starts it again as systemd would."""

    def __init__(self, place: Town, publisher: Publisher, running: Run, systemd: Systemd) -> None:
        self._place, self._publisher = place, publisher
        self._running, self._systemd = running, systemd
        self._clock = SystemClock()
        self.seq = 0

    def speak(self) -> None:
        tell(self._publisher, 0, self.seq, CALM, self._clock.now())
        self.seq += 1

    async def until_well(self, within: float) -> bool:
        """Green, and what is said now is kept."""
        ends_at = self._clock.elapsed() + within
        while self._clock.elapsed() < ends_at:
            before = stored(self._place.store)
            self.speak()
            await self._clock.wait(0.3)
            self._systemd_acts()
            if await self._readyz() == 200 and stored(self._place.store) > before:
                return True
        return False

    async def suffered(self, kind: str, *, undisturbed: bool) -> tuple[list[str], float, float]:
        """(what broke the bar, seconds until noticed, seconds from then until all is well)."""
        began = self._clock.elapsed()
        noticed, failed = False, self._running.said.count(" failed\n")
        stood = still_for = longest = 0
        while not noticed and self._clock.elapsed() - began < NOTICED_S:
            before = stored(self._place.store)
            self.speak()
            await self._clock.wait(0.5)
            started = self._systemd_acts()
            still_for = still_for + 1 if stored(self._place.store) == before else 0
            stood, longest = stood or still_for, max(longest, still_for)
            connected_anew = kind == "half dead" and bool(stood) and not still_for
            # it may start again at once, before anybody could look: then its log tells
            told = self._running.said.count(" failed\n") > failed
            noticed = started or told or connected_anew or await self._readyz() != 200
        noticed_s = self._clock.elapsed() - began
        broken = [] if noticed else [f"not noticed within {NOTICED_S:.0f} s"]
        if undisturbed and longest > 10:
            broken.append("no reading was kept for 5 s, though another worker was struck")
        began = self._clock.elapsed()
        if not await self.until_well(AGAIN_S + WATCHDOG_S):
            broken.append("it did not go on")
        again_s = self._clock.elapsed() - began
        if again_s > AGAIN_S:
            broken.append(f"it went on after {again_s:.0f} s")
        return broken, noticed_s, again_s

    def _systemd_acts(self) -> bool:
        """Whether the service was started again."""
        process = self._running.running
        ended = process is None or process.poll() is not None
        if not ended and not self._systemd.is_hungry:
            return False
        self._running.kill()
        with suppress(FileNotFoundError):
            (self._place.folder / "planted").unlink()
        self._running.start()
        self._systemd.fed_at = self._clock.elapsed() + 60  # TimeoutStartSec=
        return True

    async def _readyz(self) -> int:
        def ask() -> int:
            try:
                at = f"http://{HOST}:{self._place.web_port}/readyz"
                return requests.get(at, timeout=4).status_code
            except requests.RequestException:
                return 0

        return await asyncio.to_thread(ask)

    async def all_kept(self, said: int, violations: list[str]) -> None:
        """What was said since the fault is kept."""
        self._publisher.settle(within=10)
        question = range(said, self.seq)
        ends_at = self._clock.elapsed() + 20
        while (lost := self._lost(question)) and self._clock.elapsed() < ends_at:
            await self._clock.wait(0.2)
        if lost:
            violations.append(f"{len(lost)} readings are lost")

    def _lost(self, seqs: range) -> set[int]:

        kept = {key for (key,) in ask(self._place.store, "SELECT key FROM observations")}
        return {seq for seq in seqs if f"1:{seq}" not in kept}


class Wire:
    """Between the service and the broker; may go silent, with both ends open."""

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self.port = 0
        self._silent: set[asyncio.Task[None]] = set()
        self._carrying: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Wire:
        self._server = await asyncio.start_server(self._joined, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._carrying:
            task.cancel()

    async def _joined(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        try:
            far, to_far = await asyncio.open_connection(HOST, self._broker_port)
        except OSError:
            to_near.close()
            return
        for here, there in ((near, to_far), (far, to_near)):
            self._carrying.add(asyncio.create_task(self._carry(here, there)))

    async def _carry(self, here: asyncio.StreamReader, there: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while some := await here.read(65536):
                if asyncio.current_task() in self._silent:
                    continue
                there.write(some)
                await there.drain()
        if asyncio.current_task() not in self._silent:
            there.close()

    def go_silent(self) -> None:
        """What is connected now carries nothing any more; what comes later does."""
        self._silent |= self._carrying


FAULT = Fault(
    name="workers",
    row=(
        "each worker killed or failing, the loop blocked, the MQTT socket half dead while the "
        "client says connected"
    ),
    full={"killed": 20, "failing": 20, "blocked": 20, "half dead": 20},
    bar="noticed ≤ 60 s from outside, restarted ≤ 30 s, the others undisturbed",
    small={"failing": 1},
    trial=trial,
    needs=("mosquitto",),
)
