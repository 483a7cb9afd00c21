"""Each worker runs under `supervised`: a fault in one never cancels another."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from monitor.clock import Clock

log = logging.getLogger(__name__)

FAILURES_TO_END = 5
WITHIN_S = 60.0
BACKOFF_S = (0.1, 0.5, 2.0, 5.0)


class WorkerFailed(Exception):
    """An essential worker failed five times in a minute: the service manager must restart us."""


@dataclass(slots=True)
class Progress:
    """What a worker has got done; it stands still when the worker does, alive or not."""

    done: int = 0
    at_elapsed_s: float = 0.0
    failures: int = 0
    last_failure: str = ""
    down: bool = False

    def step(self, clock: Clock, count: int = 1) -> None:
        """Say that `count` units of work were finished just now."""
        self.done += count
        self.at_elapsed_s = clock.elapsed()

    def fault(self, fault: Exception) -> None:
        """Say that a unit of work failed."""
        self.failures += 1
        self.last_failure = f"{type(fault).__name__}: {fault}"


@dataclass(slots=True)
class Board:
    """The progress of every worker by name, for `/readyz`, metrics and the heartbeat."""

    workers: dict[str, Progress] = field(default_factory=dict)

    def of(self, name: str) -> Progress:
        return self.workers.setdefault(name, Progress())


async def supervised(
    name: str,
    run: Callable[[], Awaitable[None]],
    *,
    board: Board,
    clock: Clock,
    essential: bool = True,
) -> None:
    """Run a worker until it returns or is cancelled; start it again, later each time, when it
    fails. Five failures in a minute raise WorkerFailed; a worker that is not essential (the web)
    stays down instead and the board says so."""
    progress = board.of(name)
    recent: deque[float] = deque(maxlen=FAILURES_TO_END)
    while True:
        try:
            await run()
            return
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
