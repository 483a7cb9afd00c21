"""Real brokers, and a wire that can be cut."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any

import pytest

from monitor.broker import HOST, embedded_broker, free_port
from monitor.clock import SystemClock
from monitor.mqtt import BrokerAddress, Subscriber

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def mosquitto(folder: Path, port: int, *settings: str) -> Iterator[int]:
    """A real mosquitto on loopback, once it is listening."""
    lines = (f"listener {port} {HOST}", "allow_anonymous true", "set_tcp_nodelay true")
    # Started by root it would become its own user, who cannot read a test's files.
    quiet = ("user root", "log_dest stderr", "log_type information", "connection_messages false")
    config = folder / "mosquitto.conf"
    config.write_text("\n".join((*lines, *quiet, *settings)) + "\n")
    with started(config):
        yield port


@contextmanager
def started(config: Path) -> Iterator[None]:
    """mosquitto with that file, once it is listening; it logs to stderr. Skips where it is not."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed (sudo apt-get install -y mosquitto)")
    running = subprocess.Popen([MOSQUITTO, "-c", str(config)], stderr=subprocess.PIPE)
    assert running.stderr is not None
    try:
        said = b""
        while not said.rstrip().endswith(b" running"):
            line = running.stderr.readline()
            assert line, f"mosquitto did not start: {said.decode()}"
            said += line
        yield
    finally:
        running.terminate()
        try:
            running.wait(5)
        except subprocess.TimeoutExpired:  # it misses a signal that comes as it starts
            running.kill()
            running.wait()
        running.stderr.close()


Starter = Callable[[int], Any]
"""Starts a broker on a port (0: a free one) as a context manager that gives the port."""


@pytest.fixture(params=["embedded", "mosquitto"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Starter:
    if request.param == "embedded":
        return embedded_broker

    def start(port: int = 0) -> Any:
        return mosquitto(tmp_path, port or free_port(), "max_queued_messages 0")

    return start


class Wire:
    """A TCP connection to the broker that can be cut, as a storm cuts it."""

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._writers: set[asyncio.StreamWriter] = set()
        self._deaf: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def joined(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        far, to_far = await asyncio.open_connection(HOST, self._broker_port)
        self._writers |= {to_near, to_far}
        await asyncio.gather(self._carry(near, to_far), self._carry(far, to_near))

    async def _carry(self, here: asyncio.StreamReader, there: asyncio.StreamWriter) -> None:
        try:
            while some := await here.read(65536):
                if there not in self._deaf:
                    there.write(some)
                    await there.drain()
        except ConnectionError:
            pass
        finally:
            there.close()

    def goes_dead(self) -> None:
        """What is connected now stays so at both ends, and nothing arrives any more."""
        self._deaf |= self._writers

    def cut(self) -> None:
        for writer in self._writers:
            if not writer.is_closing():  # Python 3.11.2 breaks on a TLS transport closed before
                writer.transport.abort()
        self._writers.clear()


@asynccontextmanager
async def wire(broker_port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    it = Wire(broker_port)
    server = await asyncio.start_server(it.joined, HOST, 0, ssl=tls)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
        it.cut()
        await server.wait_closed()


def subscriber(port: int, client_id: str = "township", **more: Any) -> Subscriber:
    address = BrokerAddress(host=HOST, port=port, client_id=client_id, in_flight=100)
    more = {"back_off": (0.01, 0.1), "filters": ["risk/#"], **more}
    return Subscriber(more.pop("address", address), clock=SystemClock(), **more)


gauge = partial(subscriber, client_id="gauge", filters=["nothing"])
"""A second client, to publish with."""


async def payloads(service: Subscriber, count: int) -> list[bytes]:
    """That many messages, batch by batch, acknowledged."""
    taken: list[bytes] = []
    while len(taken) < count:
        batch = await service.batch()
        taken += [message.payload for message in batch.messages]
        service.acknowledge(batch)
    return taken


async def unacknowledged(service: Subscriber, count: int) -> list[Any]:
    """Batches that hold that many messages together, not acknowledged."""
    batches = []
    while sum(len(batch.messages) for batch in batches) < count:
        batches.append(await service.batch())
    return batches


@pytest.fixture(autouse=True)
def bounded(request: pytest.FixtureRequest) -> None:
    """Only a broken test gets there: 20 seconds."""
    inner = getattr(request.node, "obj", None)
    if asyncio.iscoroutinefunction(inner):

        @wraps(inner)
        async def within(**fixtures: Any) -> None:
            async with asyncio.timeout(20):
                await inner(**fixtures)

        request.node.obj = within
