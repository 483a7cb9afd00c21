"""Each worker runs under `supervised`: a fault in one never cancels another."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.clock import Clock
from monitor.errors import StoreUnavailable

log = logging.getLogger(__name__)

FAILURES_TO_END = 5
WITHIN_S = 60.0
BACKOFF_S = (0.1, 0.5, 2.0, 5.0)
STORE_RETRY_S = 1.0
TURN_S = 20.0
"""Longest that a worker may go without a turn, unless its own limit is set: one with nothing to do
takes one every five or ten seconds, and says so."""
HELD_S = 30.0
"""Longest that the world may hold a worker up before the heartbeat stops."""


class WorkerEnded(Exception):
    """A worker returned, or its task was cancelled by somebody else than who stops the service:
    it has a fault as much as one that raises."""


class WorkerFailed(Exception):
    """An essential worker failed five times in a minute: the service manager must restart us."""


@dataclass(slots=True)
class Progress:
    """What a worker has got done; it stands still when the worker does, alive or not."""

    done: int = 0
    at_elapsed_s: float = 0.0
    """Of its last turn; 0 before it began."""
    failures: int = 0
    last_failure: str = ""
    down: bool = False
    limit_s: float = TURN_S
    held: str = ""
    """What in the world holds it up (a full disk, a broker that is away); "" while nothing does."""
    held_since_s: float = 0.0

    def step(self, clock: Clock, count: int = 1) -> None:
        """Say that `count` units of work were finished just now; 0: it looked, and none waits."""
        self.done += count
        self.at_elapsed_s = clock.elapsed()
        self.held = ""

    def hold(self, clock: Clock, why: str) -> None:
        """Say that it took a turn and got nothing done, for a reason that no restart would mend."""
        self.at_elapsed_s = clock.elapsed()
        if not self.held:
            self.held_since_s = self.at_elapsed_s
        self.held = why

    def fault(self, fault: Exception) -> None:
        """Say that a unit of work failed."""
        self.failures += 1
        self.last_failure = f"{type(fault).__name__}: {fault}"


class Standstill(NamedTuple):
    """A worker that gets nothing done."""

    worker: str
    why: str
    zh: str
    hung: bool
    """True: it takes no turn, and only a new process would; False: it knows, and goes on by itself
    or stays down."""


@dataclass(slots=True)
class Board:
    """The progress of every worker by name, for `/readyz`, metrics and the heartbeat."""

    workers: dict[str, Progress] = field(default_factory=dict)

    def of(self, name: str, limit_s: float | None = None) -> Progress:
        """`limit_s`: longest without a turn; None leaves what was set, TURN_S at first."""
        progress = self.workers.setdefault(name, Progress())
        if limit_s is not None:
            progress.limit_s = limit_s
        return progress

    def standstills(self, elapsed: float) -> Iterator[Standstill]:
        """Who makes no progress at `elapsed`; the heartbeat stops while there is any."""
        for name, one in self.workers.items():
            idle, held = elapsed - one.at_elapsed_s, elapsed - one.held_since_s
            if one.down:
                said = f"worker {name} is down: {one.last_failure}"
                yield Standstill(name, said, f"{name} 已停止", hung=False)
            elif one.at_elapsed_s and idle > one.limit_s:
                said = f"worker {name} has made no progress for {idle:.0f} s"
                yield Standstill(name, said, f"{name} 没有进展", hung=True)
            elif one.held and held > HELD_S:
                said = f"worker {name} has been held up for {held:.0f} s: {one.held}"
                yield Standstill(name, said, f"{name} 无法工作", hung=False)


async def supervised(
    name: str,
    run: Callable[[], Awaitable[None]],
    *,
    board: Board,
    clock: Clock,
    essential: bool = True,
) -> None:
    """Run a worker until this is cancelled; start it again, later each time, when it fails or
    ends. Five failures in a minute raise WorkerFailed; a worker that is not essential (the web)
    stays down instead and the board says so. A store that takes nothing is no failure of the
    worker's: it tries again for as long as that lasts."""
    progress = board.of(name)
    progress.at_elapsed_s = clock.elapsed()
    recent: deque[float] = deque(maxlen=FAILURES_TO_END)
    while True:
        try:
            await _to_its_end(name, run)
        except StoreUnavailable as refusal:
            log.error("worker %s waits for the store: %s", name, refusal)
            progress.hold(clock, f"the store takes nothing: {refusal}")
            await clock.wait(STORE_RETRY_S)
            continue
        except Exception as fault:
            log.exception("worker %s failed", name)
            progress.fault(fault)
        recent.append(clock.elapsed())
        if len(recent) == FAILURES_TO_END and recent[-1] - recent[0] <= WITHIN_S:
            progress.down = True
            if essential:
                raise WorkerFailed(f"{name}: {progress.last_failure}")
            log.error("worker %s stays down: %s", name, progress.last_failure)
            return
        await clock.wait(BACKOFF_S[min(len(recent), len(BACKOFF_S)) - 1])


async def _to_its_end(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """The worker has a task of its own, so that whoever cancels it does not stop its supervisor.
    Raises what it raised, else WorkerEnded; CancelledError where the supervisor is cancelled."""

    async def working() -> None:
        await run()

    supervisor = asyncio.current_task()
    assert supervisor is not None
    try:
        await asyncio.create_task(working(), name=name)
    except asyncio.CancelledError:
        if supervisor.cancelling():
            raise
        raise WorkerEnded(f"{name} was cancelled") from None
    raise WorkerEnded(f"{name} returned")
