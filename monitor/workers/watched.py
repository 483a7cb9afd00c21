"""Who watches the service from outside, as its settings and its environment say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from monitor.clock import Clock
from monitor.mqtt import Subscriber
from monitor.settings import Settings
from monitor.workers.heartbeat import MQTT, Ping, Presence
from monitor.workers.supervise import Board
from monitor.workers.systemd import Watchdog

Named = tuple[str, Callable[[], Awaitable[None]]]


@asynccontextmanager
async def watched(
    settings: Settings,
    subscriber: Subscriber,
    clock: Clock,
    board: Board,
    environ: Mapping[str, str],
) -> AsyncIterator[list[Named]]:
    """The workers that tell them; at the end, that it was wanted."""
    presence = Presence(settings.knowledge.township, subscriber, clock, board)
    watchdog = Watchdog.asked_for(environ, clock, board)
    ping = _ping(settings, clock, board)
    workers: list[Named] = [(MQTT, presence.run)]
    workers += [("watchdog", watchdog.run)] if watchdog else []
    workers += [("ping", ping.run)] if ping else []
    try:
        yield workers
    finally:
        if ping:
            ping.close()
        if watchdog:
            with suppress(OSError):
                watchdog.stopping()
        await presence.stopped()


def _ping(settings: Settings, clock: Clock, board: Board) -> Ping | None:
    told = settings.heartbeat
    if told.url is None:
        return None
    return Ping(told.url, told.every, clock, board, signals=told.signals)
