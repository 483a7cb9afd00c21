"""The service is down for an hour while 100 sensors at ten a minute queue up.

The broker is mosquitto as shipped, with one user more who may publish for all the gauges. Some
gauges rise and fall within the hour, some rise and stand at its end, the rest stay calm. Trial 0
is a rehearsal with a twentieth of the messages; it counts for nothing.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from benchmarks.township import sensor_id
from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from simulators.publication import body, native_topic
from tests.faults.fault import Fault, Trial, rng
from tests.faults.world import (
    CALM,
    ROOT,
    TOWNSHIP,
    YELLOW,
    Town,
    ask,
    listening,
    mosquitto,
    mosquitto_path,
    service,
    stored,
    town,
)

GAUGES = 100
HOUR = timedelta(hours=1)
TURNS, REHEARSED = 600, 30
WITHIN_S = 30.0
FIELD, SERVICE, PASSWORD = "field", "monitor-ingest", "x9-Lm2c-Vt8w-Rk5d"
AT_ONCE = 2000


class Water(NamedTuple):
    """Over the limit from one turn on to another (not included); None: at the end still."""

    up: int
    down: int | None

    def level(self, turn: int) -> float:
        over = self.up <= turn and (self.down is None or turn < self.down)
        return YELLOW if over else CALM


def trial(seed: int, index: int, workdir: Path) -> Trial:
    return asyncio.run(_trial(rng(seed, index), REHEARSED if index == 0 else TURNS, workdir))


async def _trial(dice: Random, turns: int, workdir: Path) -> Trial:
    clock, port = SystemClock(), free_port()
    place = town(workdir, GAUGES, broker=port, in_flight=500)
    _give_password(place)
    waters = [_water(dice, turns) for _ in range(GAUGES)]
    with (
        mosquitto(workdir, _shipped(workdir, port)) as broker,
        service(place, MONITOR_BROKER_PASSWORD=PASSWORD) as running,
    ):
        broker.start()
        await listening(port)
        running.start()
        with _field(port) as client:
            await _heard(place, client)
            running.stop()
            before = stored(place.store)
            _queue(client, waters, turns, clock.now())
            began = clock.elapsed()
            running.start()
            drained = await _drained(place, before + GAUGES * turns)
            took = clock.elapsed() - began
            await _settled(place)
        running.stop()
    messages = GAUGES * turns
    violations = list(_violations(place, waters, before + messages))
    if not drained or took > WITHIN_S:
        violations.append(f"drained after {took:.1f} s")
    counts = {"hours": 1, "messages": messages} if turns == TURNS else {"rehearsals": 1}
    worst = {"s from the start to the last one kept": took} if turns == TURNS else {}
    return Trial(counts, tuple(violations), worst)


def _water(dice: Random, turns: int) -> Water | None:
    kind = dice.random()
    if kind < 0.5:
        return None
    up = dice.randrange(1, turns - 10)
    return Water(up, None if kind < 0.7 else dice.randrange(up + 1, turns - 5))


def _shipped(folder: Path, port: int) -> str:
    """config/mosquitto/mosquitto.conf on a free port, its files in `folder`."""
    source = ROOT / "config" / "mosquitto"
    acl = (source / "acl").read_text(encoding="utf-8")
    (folder / "acl").write_text(f"{acl}\nuser {FIELD}\ntopic write risk/#\n", encoding="utf-8")
    passwords = folder / "passwd"
    passwords.touch(mode=0o600)
    program = shutil.which("mosquitto_passwd") or str(
        Path(mosquitto_path()).with_name("mosquitto_passwd")
    )
    for user in (FIELD, SERVICE):
        subprocess.run(
            [program, "-b", str(passwords), user, PASSWORD], check=True, capture_output=True
        )
    text = (source / "mosquitto.conf").read_text(encoding="utf-8")
    assert text.count("\nlistener 1883 127.0.0.1\n") == 1
    text = text.replace("\nlistener 1883 127.0.0.1\n", f"\nlistener {port} {HOST}\n")
    text = text.replace("/etc/mosquitto/", f"{folder}/")
    return f"{text}\npersistence_location {folder}/\nuser root\nlog_dest stderr\nlog_type error\n"


def _give_password(place: Town) -> None:
    file = place.config / "service.yaml"
    text = file.read_text(encoding="utf-8")
    named = f"  username: {SERVICE}\n  password: ${{ENV:MONITOR_BROKER_PASSWORD}}\n"
    file.write_text(text.replace("  embedded: false\n", f"  embedded: false\n{named}"))


@contextmanager
def _field(port: int) -> Iterator[Client]:
    """The gauges' connection."""
    client = Client(CallbackAPIVersion.VERSION2, FIELD, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(FIELD, PASSWORD)
    client.max_inflight_messages_set(AT_ONCE)
    client.connect(HOST, port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


async def _heard(place: Town, client: Client) -> None:
    """The session stands: from then on the broker keeps what comes."""
    clock = SystemClock()
    async with asyncio.timeout(60):
        while not stored(place.store):
            _say(client, 0, CALM, clock.now() - HOUR, "before")
            await clock.wait(0.1)


def _queue(client: Client, waters: list[Water | None], turns: int, ends: datetime) -> None:
    """An hour of readings up to now, in the order of their times; each taken by the broker."""
    begins, step = ends - HOUR, HOUR / turns
    for turn in range(turns):
        for gauge, water in enumerate(waters):
            level = water.level(turn) if water else CALM
            at = begins + turn * step + gauge * step / GAUGES
            last = _say(client, gauge, level, at, str(turn))
        if turn % (AT_ONCE // GAUGES) == 0 or turn == turns - 1:
            last.wait_for_publish(60)


def _say(client: Client, gauge: int, level: float, at: datetime, seq: str) -> MQTTMessageInfo:
    said = {"value": level, "time": at.isoformat(), "boot": "1", "seq": seq}
    return client.publish(native_topic(TOWNSHIP, sensor_id(gauge), "level"), body(said), 1)


async def _drained(place: Town, count: int) -> bool:
    clock = SystemClock()
    ends_at = clock.elapsed() + 4 * WITHIN_S
    while stored(place.store) < count:
        if clock.elapsed() > ends_at:
            return False
        await clock.wait(0.2)
    return True


async def _settled(place: Town) -> None:
    """Whoever is to be called has been, once the outbox grows no more."""
    clock, asked = SystemClock(), "SELECT count(*) FROM notifications"
    before: object = None
    while (now := ask(place.store, asked)) != before:
        before = now
        await clock.wait(3.0)


def _violations(place: Town, waters: list[Water | None], count: int) -> Iterator[str]:
    if (found := stored(place.store)) != count:
        yield f"{count} messages, {found} rows"
    # What is over is told to the desk's screen alone (补判): that is no page.
    called = (
        "SELECT DISTINCT a.site FROM notifications n JOIN alerts a ON a.id = n.subject"
        " WHERE n.channel != 'desk'"
    )
    told = {site for (site,) in ask(place.store, called)}
    for gauge, water in enumerate(waters):
        stands = water is not None and water.down is None
        if stands and f"site-{gauge:05d}" not in told:
            yield f"{sensor_id(gauge)} stands over its limit and nobody was called"
        if not stands and f"site-{gauge:05d}" in told:
            yield f"{sensor_id(gauge)} has fallen again and people were called"


FAULT = Fault(
    name="hour_down",
    row="service down for an hour: 100 sensors at ten a minute queue up",
    full={"hours": 10, "messages": 600_000},
    bar="0 lost (mosquitto as shipped), drained ≤ 30 s, nothing pages that no longer stands",
    small={"rehearsals": 1},
    trial=trial,
    needs=("mosquitto", "mosquitto_passwd"),
    side_by_side=1,
)
