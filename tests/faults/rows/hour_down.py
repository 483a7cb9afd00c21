"""The service is down for an hour while 100 sensors at ten a minute queue up.

The broker is mosquitto as shipped, with one user more who may publish for all the gauges. Some
gauges rise and fall within the hour, some rise and stand at its end, of some people were called
for orange or red before it, and most of these fall within it; the rest stay calm. Until it stops
the service's clock runs an hour behind. Trial 0 is a rehearsal with a twentieth of the messages;
it counts for nothing.
"""

from __future__ import annotations

import asyncio
import json
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
    RED,
    ROOT,
    TOWNSHIP,
    YELLOW,
    Town,
    ask,
    listening,
    mosquitto,
    mosquitto_path,
    preloaded,
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
ORANGE = 4.2
NEWS = ("alert.raised", "alert.worsened", "alert.confirmed")


class Water(NamedTuple):
    """Over the limit from one turn on to another (not included); None: at the end still."""

    up: int
    down: int | None
    over: float = YELLOW
    told: bool = False
    """Whether people were called for it before the service went down."""

    def level(self, turn: int) -> float:
        over = self.up <= turn and (self.down is None or turn < self.down)
        return self.over if over else CALM


def trial(seed: int, index: int, workdir: Path) -> Trial:
    return asyncio.run(_trial(rng(seed, index), REHEARSED if index == 0 else TURNS, workdir))


async def _trial(dice: Random, turns: int, workdir: Path) -> Trial:
    clock, port = SystemClock(), free_port()
    place = town(workdir, GAUGES, broker=port, in_flight=500)
    _give_password(place)
    waters = [_water(dice, turns) for _ in range(GAUGES)]
    messages = GAUGES * turns
    step_by = workdir / "stepped-by"
    step_by.write_text(f"-{HOUR.seconds}")
    stepped = {"STEPPED_BY": str(step_by), "LD_PRELOAD": str(preloaded("stepped", workdir))}
    with (
        mosquitto(workdir, _shipped(workdir, port)) as broker,
        service(place, MONITOR_BROKER_PASSWORD=PASSWORD, **stepped) as running,
    ):
        broker.start()
        await listening(port)
        running.start()
        with _field(port) as client:
            await _heard(place, client)
            await _called(place, client, waters)
            running.stop()
            step_by.write_text("0")
            before, known = stored(place.store), _journal_ends(place)
            _queue(client, waters, turns, clock.now())
            began = clock.elapsed()
            running.start()
            drained = await _drained(place, before + GAUGES * turns)
            took = clock.elapsed() - began
            await _settled(place)
            violations = list(_violations(place, waters, before + messages, known))
        running.stop()
    if not drained or took > WITHIN_S:
        violations.append(f"drained after {took:.1f} s")
    counts = {"hours": 1, "messages": messages} if turns == TURNS else {"rehearsals": 1}
    worst = {"s from the start to the last one kept": took} if turns == TURNS else {}
    return Trial(counts, tuple(violations), worst)


def _water(dice: Random, turns: int) -> Water | None:
    kind = dice.random()
    if kind < 0.3:
        down = None if kind < 0.03 else dice.randrange(1, turns - 5)
        return Water(0, down, dice.choice((ORANGE, RED)), told=True)
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


async def _called(place: Town, client: Client, waters: list[Water | None]) -> None:
    """People are called for what stands before the service goes down."""
    clock = SystemClock()
    told = {n: water for n, water in enumerate(waters) if water and water.told}
    for gauge, water in told.items():
        _say(client, gauge, water.over, clock.now() - HOUR, "called")
    async with asyncio.timeout(60):
        while not {_site(gauge) for gauge in told} <= _sites_called(place):
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


def _sites_called(place: Town) -> set[str]:
    # What is over is told to the desk's screen alone (补判): that is no page.
    called = (
        "SELECT DISTINCT a.site FROM notifications n JOIN alerts a ON a.id = n.subject"
        " WHERE n.channel != 'desk'"
    )
    return {site for (site,) in ask(place.store, called)}


def _standing(place: Town) -> set[str]:
    return {
        site for (site,) in ask(place.store, "SELECT site FROM alerts WHERE cleared_at IS NULL")
    }


def _journal_ends(place: Town) -> int:
    ((last,),) = ask(place.store, "SELECT max(seq) FROM journal")
    return int(last)


def _news(place: Town, known: int) -> set[str]:
    """Sites of which people were told anything new since the journal had so many rows."""
    asked = "SELECT event, text FROM journal WHERE seq > ?"
    facts = [
        json.loads(text)["facts"] for event, text in ask(place.store, asked, known) if event in NEWS
    ]
    return {said["site"] for said in facts if said["told"]}


def _site(gauge: int) -> str:
    return f"site-{gauge:05d}"


def _violations(place: Town, waters: list[Water | None], count: int, known: int) -> Iterator[str]:
    if (found := stored(place.store)) != count:
        yield f"{count} messages, {found} rows"
    told, news, standing = _sites_called(place), _news(place, known), _standing(place)
    for gauge, water in enumerate(waters):
        stands = water is not None and water.down is None
        if stands and _site(gauge) not in told:
            yield f"{sensor_id(gauge)} stands over its limit and nobody was called"
        if stands != (_site(gauge) in standing):
            yield f"{sensor_id(gauge)}: its alert is active: {not stands}, its last value: {stands}"
        if water and water.told and _site(gauge) in news:
            yield f"{sensor_id(gauge)} is no worse than was told and people were called anew"
        if not stands and not (water and water.told) and _site(gauge) in told:
            yield f"{sensor_id(gauge)} has fallen again and people were called"


FAULT = Fault(
    name="hour_down",
    row="service down for an hour: 100 sensors at ten a minute queue up",
    full={"hours": 10, "messages": 600_000},
    bar="0 lost (mosquitto as shipped), drained ≤ 30 s, nothing pages that no longer stands",
    small={"rehearsals": 1},
    trial=trial,
    needs=("mosquitto", "mosquitto_passwd", "cc"),
    side_by_side=1,
)
