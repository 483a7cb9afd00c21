"""The session against real brokers: nothing lost, nothing out of order, nothing too soon."""

from __future__ import annotations

import asyncio

import pytest

from monitor.broker import embedded_broker, free_port
from monitor.mqtt import Batch, Subscriber
from tests.mqtt.conftest import (
    Starter,
    gauge,
    payloads,
    subscriber,
    unacknowledged,
    wire,
)

TOPIC = "risk/yunxi/qiao-gauge/level"


def said(batches: list[Batch]) -> list[bytes]:
    return [message.payload for batch in batches for message in batch.messages]


async def publish(sender: Subscriber, *messages: bytes, qos: int = 1) -> None:
    await asyncio.gather(*(sender.publish(TOPIC, each, qos=qos) for each in messages))


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


async def test_what_was_not_acknowledged_comes_again(broker: Starter) -> None:
    with broker(0) as port:
        async with wire(port) as cable, subscriber(cable.port) as service, gauge(port) as sender:
            await service.until_connected()
            await publish(sender, b"1", b"2", b"3")
            assert said(await unacknowledged(service, 3)) == [b"1", b"2", b"3"]
            cable.cut()
            assert await payloads(service, 3) == [b"1", b"2", b"3"]


async def test_what_was_acknowledged_does_not_come_again(broker: Starter) -> None:
    with broker(0) as port:
        async with subscriber(port) as service, gauge(port) as sender:
            await service.until_connected()
            await publish(sender, b"1", b"2", b"3")
            await payloads(service, 3)
        async with subscriber(port) as service, gauge(port) as sender:
            await service.until_connected()
            await publish(sender, b"4")
            assert await payloads(service, 1) == [b"4"]


async def test_a_session_keeps_what_came_while_we_were_away(broker: Starter) -> None:
    with broker(0) as port:
        async with subscriber(port) as service:
            await service.until_connected()
        async with gauge(port) as sender:
            await publish(sender, *numbered(150))
        async with subscriber(port) as service:
            assert await payloads(service, 150) == numbered(150)


async def test_messages_come_in_the_order_they_were_sent(broker: Starter) -> None:
    with broker(0) as port:
        async with subscriber(port) as service, gauge(port) as sender:
            await service.until_connected()
            sending = asyncio.create_task(publish(sender, *numbered(1000)))
            assert await payloads(service, 1000) == numbered(1000)
            await sending


async def test_an_acknowledgement_of_a_lost_connection_is_not_sent(broker: Starter) -> None:
    with broker(0) as port:
        async with wire(port) as cable, subscriber(cable.port) as service, gauge(port) as sender:
            await service.until_connected()
            await publish(sender, b"1", b"2")
            stale = await unacknowledged(service, 2)
            cable.cut()
            assert said(await unacknowledged(service, 2)) == [b"1", b"2"]
            for batch in stale:
                assert batch.epoch < service.epoch
                service.acknowledge(batch)
            await service.publish("elsewhere", b"behind any acknowledgement")
            cable.cut()
            assert await payloads(service, 2) == [b"1", b"2"]


async def test_a_cut_inside_the_inbox_loses_nothing(broker: Starter) -> None:
    with broker(0) as port:
        async with wire(port) as cable, subscriber(cable.port) as service, gauge(port) as sender:
            await service.until_connected()
            await publish(sender, *numbered(50))
            cable.cut()
            await publish(sender, b"last")
            seen: list[bytes] = []
            while b"last" not in seen:
                seen += await payloads(service, 1)
            assert list(dict.fromkeys(seen)) == [*numbered(50), b"last"]


async def test_a_full_inbox_leaves_the_flood_with_the_broker(broker: Starter) -> None:
    with broker(0) as port:
        async with (
            subscriber(port, room=100) as service,
            subscriber(port, client_id="witness") as witness,
            gauge(port) as sender,
        ):
            await asyncio.gather(service.until_connected(), witness.until_connected())
            await publish(sender, *numbered(600), qos=0)
            await payloads(witness, 600)
            assert service.received <= 100
            assert await payloads(service, 600) == numbered(600)


async def test_it_comes_back_when_the_broker_does(broker: Starter) -> None:
    with broker(0) as port:
        service = subscriber(port)
        await service.__aenter__()
        await service.until_connected()
    try:
        with broker(port):
            async with gauge(port) as sender:
                batch = asyncio.create_task(payloads(service, 1))
                while not batch.done():
                    await publish(sender, b"after")
                    await asyncio.wait({batch}, timeout=0.05)
                assert await batch == [b"after"]
    finally:
        await service.__aexit__(None, None, None)


async def test_it_starts_before_the_broker_does(broker: Starter) -> None:
    port = free_port()
    async with subscriber(port) as service:
        assert not service.connected
        with broker(port):
            await service.until_connected()
            assert service.connected


async def test_what_the_broker_kept_is_flagged_and_what_is_live_is_not(broker: Starter) -> None:
    with broker(0) as port:
        async with gauge(port) as sender, subscriber(port) as service:
            await sender.publish(TOPIC, b"old", retain=True)
            await service.until_connected()
            await sender.publish(TOPIC, b"live", retain=True)
            seen: dict[bytes, bool] = {}
            while b"live" not in seen:
                batch = await service.batch()
                seen |= {message.payload: message.retained for message in batch.messages}
            assert not seen[b"live"]


@pytest.mark.parametrize("size", [64 * 1024 + 1, 200_000])
async def test_an_oversized_payload_reaches_the_door(broker: Starter, size: int) -> None:
    with broker(0) as port:
        async with subscriber(port) as service, gauge(port) as sender:
            await service.until_connected()
            await publish(sender, b"x" * size, b"next")
            assert await payloads(service, 2) == [b"x" * size, b"next"]


async def test_a_message_without_acknowledgement_is_taken_too(broker: Starter) -> None:
    with broker(0) as port:
        async with subscriber(port) as service, gauge(port) as sender:
            await service.until_connected()
            await sender.until_connected()
            await publish(sender, b"1", qos=0)
            batch = await service.batch()
            assert said([batch]) == [b"1"]
            if broker is not embedded_broker:  # which sends everything at the subscription's QoS
                assert batch.packet_ids == []
            service.acknowledge(batch)


async def test_a_publication_survives_a_cut(broker: Starter) -> None:
    with broker(0) as port:
        async with wire(port) as cable, subscriber(port) as service, gauge(cable.port) as sender:
            await asyncio.gather(service.until_connected(), sender.until_connected())
            sending = asyncio.create_task(publish(sender, *numbered(200)))
            seen = set(await payloads(service, 10))
            cable.cut()
            await sending
            while seen != set(numbered(200)):
                seen |= set(await payloads(service, 1))


async def test_leaving_while_the_broker_is_gone_does_not_hang(broker: Starter) -> None:
    with broker(0) as port:
        service = subscriber(port)
        await service.__aenter__()
        await service.until_connected()
    await service.__aexit__(None, None, None)
    assert not service.connected
