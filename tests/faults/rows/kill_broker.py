"""SIGKILL the broker, persistence on and off, under devices with a buffer and without.

A device with a buffer sends a reading again until `committed` names it. One without sends each
once, at QoS 0; what it sent to nobody is gone, and must be told.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from benchmarks.township import sensor_id
from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from simulators.publication import body, native_topic
from tests.faults.fault import Fault, Trial, rng
from tests.faults.world import (
    CALM,
    TOWNSHIP,
    Run,
    Town,
    ask,
    listening,
    mosquitto,
    mosquitto_lines,
    service,
    town,
)

GAUGES = 20
BUFFERED = 10
"""The first so many keep a buffer."""
TURNS = 67
KILLS = 2
PACE_S = 0.05
"""Between two turns of all gauges."""
AGAIN_S = 1.0
"""A device with a buffer sends again what was not named for so long; a real one takes 30 s."""
AGE = timedelta(minutes=10)
"""The first reading is so old that every gap is old enough to be told; none is late."""
WITHIN_S = 60.0


class Devices:
    """All of them on one connection of their own."""

    def __init__(self, client: Client, begins: datetime) -> None:
        self.client = client
        self.begins = begins
        self.buffer: dict[tuple[str, int], float] = {}
        """Not named yet → when it was last sent, in `elapsed`."""
        self.clock = SystemClock()
        client.on_connect = lambda *_: client.subscribe(f"risk-out/{TOWNSHIP}/committed/+", 0)
        client.on_message = self._named

    def _named(self, client: Client, userdata: Any, message: Any) -> None:
        sensor = message.topic.rpartition("/")[2]
        for seq in json.loads(message.payload)["seq"]:
            self.buffer.pop((sensor, seq), None)

    def turn(self, seq: int) -> None:
        """Every gauge reads once."""
        for gauge in range(GAUGES):
            if gauge < BUFFERED:
                self.buffer[sensor_id(gauge), seq] = self.clock.elapsed()
                self._send(sensor_id(gauge), seq, qos=1)
            elif self.client.is_connected():
                self._send(sensor_id(gauge), seq, qos=0)

    def again(self) -> None:
        """Send again what nobody has named."""
        now = self.clock.elapsed()
        for (sensor, seq), at in list(self.buffer.items()):
            if now - at > AGAIN_S and self.client.is_connected():
                self.buffer[sensor, seq] = now
                self._send(sensor, seq, qos=1)

    def _send(self, sensor: str, seq: int, qos: int) -> None:
        at = self.begins + timedelta(seconds=seq)
        said = {"value": CALM, "time": at.isoformat(), "boot": "1", "seq": seq}
        self.client.publish(native_topic(TOWNSHIP, sensor, "level"), body(said), qos)


@contextmanager
def devices(port: int, begins: datetime) -> Iterator[Devices]:
    client = Client(CallbackAPIVersion.VERSION2, "devices", protocol=MQTTProtocolVersion.MQTTv5)
    client.reconnect_delay_set(0.1, 0.5)
    found = Devices(client, begins)
    client.connect(HOST, port)
    client.loop_start()
    try:
        yield found
    finally:
        client.disconnect()
        client.loop_stop()


def trial(seed: int, index: int, workdir: Path) -> Trial:
    return asyncio.run(_trial(rng(seed, index), index % 2 == 1, workdir))


async def _trial(dice: Random, persistent: bool, workdir: Path) -> Trial:
    clock, port = SystemClock(), free_port()
    place = town(workdir, GAUGES, broker=port)
    _give_buffers(place)
    kept = ("persistence true", f"persistence_location {workdir}/", "autosave_interval 60")
    lines = mosquitto_lines(port, *(kept if persistent else ("persistence false",)))
    with mosquitto(workdir, lines) as broker, service(place) as running:
        broker.start()
        await listening(port)
        running.start()
        with devices(port, clock.now() - AGE) as field:
            await _heard(place, field, 0)
            feed = asyncio.create_task(_feed(field))
            for _ in range(KILLS):
                await clock.wait(dice.uniform(0.2, PACE_S * TURNS / KILLS))
                await _killed(broker, port)
            killed_at = clock.elapsed()
            closed = await _closed(place, feed, field)
        took = clock.elapsed() - killed_at
        running.stop()
        running.start()  # a sweep at the start, in place of the next hour's
        await _swept(place)
    lost = sum(len(_lost(numbers)) for numbers in _numbers(place).values())
    return Trial(
        {"kills": KILLS, "readings": GAUGES * TURNS},
        tuple(_violations(place, closed)),
        {"s until the buffers were empty": took, "readings lost without a buffer": lost},
    )


def _give_buffers(place: Town) -> None:
    places = place.config / "places.yaml"
    text = places.read_text(encoding="utf-8")
    for gauge in range(BUFFERED):
        id = f"{{ id: {sensor_id(gauge)},"
        text = text.replace(id, f"{id} buffered: true,")
    places.write_text(text, encoding="utf-8")


async def _heard(place: Town, field: Devices, seq: int) -> None:
    """That number of every device is there: what is missing after the first of them and before the
    last is a gap; what nothing came after would be nobody's to know."""
    async with asyncio.timeout(WITHIN_S):
        while not all(seq in numbers for numbers in _numbers(place).values()):
            field.turn(seq)
            await field.clock.wait(0.2)


async def _feed(field: Devices) -> None:
    for seq in range(1, TURNS):
        field.turn(seq)
        field.again()
        await field.clock.wait(PACE_S)


async def _killed(broker: Run, port: int) -> None:
    broker.kill()
    await SystemClock().wait(0.3)
    broker.start()
    await listening(port)


async def _closed(place: Town, feed: asyncio.Task[None], field: Devices) -> bool:
    """Whether every buffer was emptied within the time, once all was read."""
    await feed
    ends_at = field.clock.elapsed() + WITHIN_S
    while field.buffer and field.clock.elapsed() < ends_at:
        field.again()
        await field.clock.wait(0.1)
    closed = not field.buffer
    await _heard(place, field, TURNS)
    return closed


async def _swept(place: Town) -> None:
    """Every finding that there should be is there, or is not in time."""
    clock = SystemClock()
    expected = sum(1 for numbers in _numbers(place).values() if _lost(numbers))
    ends_at = clock.elapsed() + WITHIN_S
    while len(_told(place)) < expected and clock.elapsed() < ends_at:
        await clock.wait(0.1)


def _told(place: Town) -> dict[str, str]:
    """By sensor what the finding says."""
    return dict(ask(place.store, "SELECT subject, text FROM findings WHERE `check` = 'sensor_gap'"))


def _numbers(place: Town) -> dict[str, list[int]]:
    """By sensor the numbers that are kept, repeats included."""
    found: dict[str, list[int]] = {sensor_id(gauge): [] for gauge in range(GAUGES)}
    for sensor, key in ask(place.store, "SELECT sensor, key FROM observations"):
        found[sensor].append(int(key.partition(":")[2]))
    return found


def _lost(numbers: list[int]) -> set[int]:
    return set(range(TURNS + 1)) - set(numbers)


def _violations(place: Town, closed: bool) -> Iterator[str]:
    if not closed:
        yield f"a buffer was not emptied within {WITHIN_S:.0f} s"
    told = _told(place)
    for gauge, (sensor, numbers) in enumerate(_numbers(place).items()):
        lost = len(_lost(numbers))
        if len(numbers) != len(set(numbers)):
            yield f"{sensor} has a row twice"
        if gauge < BUFFERED and lost:
            yield f"{sensor} has a buffer and lost {lost}"
        found = re.search(r"缺(\d+)条", told.get(sensor, "缺0条"))
        if found is None or int(found.group(1)) != lost:
            yield f"{sensor} lost {lost} and the finding says {told.get(sensor, 'nothing')}"


FAULT = Fault(
    name="kill_broker",
    row=(
        "SIGKILL the broker, persistence on and off, devices that keep their buffer until "
        "`committed` names the sequence"
    ),
    full={"kills": 150, "readings": 100_000},
    bar="0 lost, gaps closed in 60 s, every gap of a device without a buffer is a finding",
    small={"kills": 2},
    trial=trial,
    needs=("mosquitto",),
)
