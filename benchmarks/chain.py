"""Broker → decide → commit → PUBACK, as the service does it, on a township of any size.

`python -m benchmarks.chain PORT COUNT IN_FLIGHT SENSORS`; a count of 0 only opens the session.
"""

from __future__ import annotations

import asyncio
import gc
import json
import secrets
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figures, Stopwatch, ready, tell
from benchmarks.township import write
from monitor.clock import SystemClock
from monitor.ingest.message import Message
from monitor.memory import Knowledge, Memory
from monitor.mqtt import BrokerAddress, Subscriber
from monitor.pipeline import decide, hear
from monitor.settings import load
from monitor.store.store import Store

FILTERS = ("risk/#",)


def main(port: int, count: int, in_flight: int, sensors: int) -> None:
    address = BrokerAddress(host="127.0.0.1", port=port, client_id="chain", in_flight=in_flight)
    if not count:
        asyncio.run(_open_session(address))
        return
    # On a disk: the folder for temporary files may be memory, where a commit costs nothing.
    with TemporaryDirectory(dir="/var/tmp") as folder:
        write(Path(folder) / "config", sensors)
        settings = load(Path(folder) / "config", {"MONITOR_TOKEN": secrets.token_urlsafe(32)})
        tell(asyncio.run(_run(address, settings.knowledge, Path(folder) / "bench.sqlite", count)))


async def _open_session(address: BrokerAddress) -> None:
    async with Subscriber(address, FILTERS, SystemClock()) as subscriber:
        await subscriber.until_connected()


async def _run(address: BrokerAddress, knowledge: Knowledge, file: Path, count: int) -> Figures:
    clock = SystemClock()
    memory = Memory.empty(knowledge.township, clock.now())
    milliseconds: list[float] = []
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    async with Store.opened(file) as store, Subscriber(address, FILTERS, clock) as subscriber:
        await subscriber.until_connected()
        ready()
        watch = Stopwatch()
        while len(milliseconds) < count:
            batch = await subscriber.batch()
            outcome = decide(knowledge, memory, hear(knowledge, batch.messages), clock.now())
            async with store.writing() as transaction:
                await transaction.keep(outcome)
            memory.swap(outcome)
            subscriber.acknowledge(batch)
            milliseconds += _ages(batch.messages)
        return watch.figures(count, milliseconds)


def _ages(messages: Sequence[Message]) -> list[float]:
    """How long ago they were made, in ms; the publisher's stamp is cut to a whole one."""
    now = time.time_ns() / 1e6
    return [now - json.loads(message.payload)["time"] for message in messages]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
