"""The retained states on a real broker: said once, said again when they change or it forgot."""

from __future__ import annotations

import json
from datetime import timedelta

from monitor.broker import embedded_broker
from monitor.clock import SystemClock
from monitor.judging.memory import Memory
from monitor.workers.announce import Announce
from monitor.workers.supervise import Board
from tests.mqtt.conftest import subscriber
from tests.stories.harness import example

SHIQIAO = "risk-out/yunxi/alerts/shiqiao"


async def test_states_are_retained_and_said_again_only_when_they_change() -> None:
    knowledge, clock, board = example().knowledge, SystemClock(), Board()
    memory = Memory.empty("yunxi", clock.now() - timedelta(days=1))
    with embedded_broker(0) as port:
        async with subscriber(port, client_id="service") as ours:
            announce = Announce(knowledge, lambda: memory, ours, clock, board)
            assert await announce.step() == 0, "nobody hears it yet"
            await ours.until_connected()
            assert await announce.step() == len(knowledge.sites)
            assert await announce.step() == 0
        async with subscriber(port, client_id="reader", filters=[SHIQIAO]) as reader:
            await reader.until_connected()
            (message,) = (await reader.batch()).messages
            assert message.retained and json.loads(message.payload)["condition"] == "SILENT"


async def test_on_a_new_connection_all_of_it_is_said_again() -> None:
    knowledge, clock = example().knowledge, SystemClock()
    memory = Memory.empty("yunxi", clock.now())
    with embedded_broker(0) as port:
        async with subscriber(port, client_id="service") as ours:
            await ours.until_connected()
            announce = Announce(knowledge, lambda: memory, ours, clock, Board())
            assert await announce.step() == len(knowledge.sites)
            epoch = ours.epoch
            ours.give_up("the wire was cut")
            while ours.epoch == epoch or not ours.connected:
                await clock.wait(0.05)
            assert await announce.step() == len(knowledge.sites)
