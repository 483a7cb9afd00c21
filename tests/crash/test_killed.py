"""The service is killed while readings come in through mosquitto; each is kept exactly once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from monitor.errors import StoreUnavailable
from monitor.scope import Scope, Status
from monitor.store.store import Store
from simulators.publication import Publication, body, native_topic
from simulators.publisher import Publisher, connected
from tests.mqtt.conftest import mosquitto
from tests.replay.record import RED, TOKEN, Said, township

READINGS = 2000
KILLS = (300, 900, 1500)
"""How many are kept when the power goes, about."""
SAID_AT = SystemClock().now()
ACTUAL = Scope("yunxi", Status.ACTUAL, "")
SERVE = """
import asyncio, os, sys
from pathlib import Path
from monitor.app import serve_until_stopped
from monitor.settings import load
sys.exit(asyncio.run(serve_until_stopped(load(Path(sys.argv[1]), os.environ))))
"""
GAUGE = Said("", "1", datetime(2026, 1, 1, tzinfo=UTC), 0.0, (("red", 90.0, "立即转移"),), RED)


@contextmanager
def service(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The service in a process of its own, with the power cut at the end."""
    environ = {"MONITOR_TOKEN": TOKEN, "PYTHONPATH": str(Path(__file__).parents[2])}
    running = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(config)], env=environ, stdout=subprocess.DEVNULL
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


async def stored(store: Path) -> int:
    """How many readings the file holds now; 0 before the service has made it."""
    try:
        async with Store.opened(store, read_only=True) as found:
            return (await found.tally(ACTUAL))["observations"]
    except StoreUnavailable:
        return 0


async def kept(store: Path, count: int) -> None:
    """Return once so many are stored."""
    clock = SystemClock()
    async with asyncio.timeout(60):
        while await stored(store) < count:
            await clock.wait(0.05)


def publish(publisher: Publisher, first: int, last: int) -> None:
    for n in range(first, last):
        said = {"value": 80.0, "time": SAID_AT.isoformat(), "boot": "1", "seq": n}
        topic = native_topic("yunxi", GAUGE.sensor, "level")
        publisher.publish(Publication(SAID_AT, topic, body(said)))


async def test_a_service_killed_again_and_again_keeps_every_reading_once(tmp_path: Path) -> None:
    clock, store = SystemClock(), tmp_path / "config" / "replay.sqlite"
    with mosquitto(tmp_path, free_port(), "max_queued_messages 0") as port:
        township(tmp_path / "config", [GAUGE], embedded=False, port=port)
        with connected(HOST, port) as publisher:
            with service(tmp_path / "config"):
                while not await stored(store):  # until it listens: the same reading, told again
                    publish(publisher, 0, 1)
                    await clock.wait(0.1)
            sent = 1
            for killed_at in KILLS:
                with service(tmp_path / "config"):
                    publish(publisher, sent, sent := killed_at + 200)
                    await kept(store, killed_at)
                publish(publisher, sent, sent := sent + 100)
            publish(publisher, sent, READINGS)
            assert publisher.settle(within=10) == 0
            with service(tmp_path / "config"):
                await kept(store, READINGS)
    async with Store.opened(store, read_only=True) as found:
        assert await found.tally(ACTUAL) == {"observations": READINGS, "quarantine": 0}
        assert await found.verify(ACTUAL) is None
