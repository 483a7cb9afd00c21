"""Tells systemd that the service has started, and that it still gets on (sd_notify(3)).

`Type=notify` and `WatchdogSec=` in the unit make it listen: without WATCHDOG=1 in that time it
ends the process and starts it again.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping

from monitor.clock import Clock
from monitor.workers.supervise import Board

EVERY_S = 5.0


class Watchdog:
    """The worker. It is fed while nothing hangs; what a restart would not mend (a full disk, a
    broker that is away, a web whose port is taken) is told elsewhere and ends nothing."""

    def __init__(self, address: str, clock: Clock, board: Board) -> None:
        """`address`: a path, or a name in the abstract space after an @."""
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._clock = clock
        self._board = board
        self._progress = board.of("watchdog")
        self._ready = False

    @classmethod
    def asked_for(cls, environ: Mapping[str, str], clock: Clock, board: Board) -> Watchdog | None:
        """None where nobody listens."""
        address = environ.get("NOTIFY_SOCKET")
        return cls(address, clock, board) if address else None

    async def run(self) -> None:
        """Feed it until cancelled."""
        while True:
            self.feed()
            await self._clock.wait(EVERY_S)

    def feed(self) -> None:
        """Say READY=1 once, and WATCHDOG=1 unless a worker hangs."""
        self._progress.step(self._clock)
        standing = list(self._board.standstills(self._clock.elapsed()))
        said = [] if self._ready else ["READY=1"]
        if not any(one.hung for one in standing):
            said.append("WATCHDOG=1")
        why = "; ".join(one.why for one in standing)
        self._say(*said, f"STATUS={why}".replace("\n", " ") if standing else "STATUS=all well")
        self._ready = True

    def stopping(self) -> None:
        """Say that the end is wanted."""
        self._say("STOPPING=1")

    def _say(self, *lines: str) -> None:
        """Never waits: a full socket is systemd's trouble, and raises OSError here."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as said:
            said.sendto("\n".join(lines).encode(), self._address)
