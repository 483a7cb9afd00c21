"""When a batch ends, and what an epoch means."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from monitor.clock import SystemClock
from monitor.ingest.message import Message
from monitor.mqtt.inbox import MOST_BYTES, Inbox

NOW = datetime(2026, 7, 1, 3, 12, tzinfo=UTC)
NEVER = 3600.0  # seconds of linger that no test waits out


def inbox(
    *, linger: float = NEVER, most: int = 500, in_flight: int = 500, room: int = 1000
) -> Inbox:
    return Inbox(SystemClock(), linger=linger, most=most, in_flight=in_flight, room=room)


def fill(box: Inbox, packet_ids: range, payload: bytes = b"{}") -> None:
    for packet_id in packet_ids:
        box.put(Message(f"risk/yunxi/gauge/{packet_id}", payload, NOW, False), packet_id)
    box.arrived()


async def test_a_lone_message_waits_for_company_only_as_long_as_the_linger() -> None:
    box = inbox(linger=0.001)
    fill(box, range(1, 2))
    assert (await box.take()).packet_ids == [1]


async def test_a_batch_ends_at_the_most() -> None:
    box = inbox(most=5)
    fill(box, range(1, 9))
    assert (await box.take()).packet_ids == [1, 2, 3, 4, 5]


async def test_a_batch_ends_when_the_broker_may_send_no_more() -> None:
    box = inbox(in_flight=20)
    taking = asyncio.create_task(box.take())
    fill(box, range(1, 20))
    assert not (await asyncio.wait({taking}, timeout=0))[0]
    fill(box, range(20, 21))
    assert (await taking).packet_ids == list(range(1, 21))


async def test_messages_taken_and_not_acknowledged_count_against_the_window() -> None:
    box = inbox(in_flight=20, most=10)
    fill(box, range(1, 20))
    assert len((await box.take()).packet_ids) == 10
    fill(box, range(20, 21))
    assert len((await box.take()).packet_ids) == 10


async def test_the_linger_counts_from_the_oldest_message_not_from_the_asking() -> None:
    box = inbox(linger=0.0)
    fill(box, range(1, 4))
    taking = asyncio.create_task(box.take())
    assert (await taking).packet_ids == [1, 2, 3]


async def test_cancelling_the_taker_loses_nothing() -> None:
    box = inbox(most=3)
    fill(box, range(1, 3))
    taking = asyncio.create_task(box.take())
    await asyncio.wait({taking}, timeout=0)
    taking.cancel()
    await asyncio.wait({taking})
    fill(box, range(3, 4))
    assert (await box.take()).packet_ids == [1, 2, 3]


async def test_a_new_epoch_keeps_the_messages_and_forgets_their_packet_ids() -> None:
    box = inbox(linger=0.0)
    fill(box, range(1, 3))
    box.new_epoch()
    fill(box, range(1, 2))
    batch = await box.take()
    assert [message.topic[-1] for message in batch.messages] == ["1", "2", "1"]
    assert (batch.epoch, batch.packet_ids) == (1, [1])


@pytest.mark.parametrize(
    ("count", "payload"), [(1000, b"{}"), (8, b"x" * (MOST_BYTES // 8))], ids=["count", "bytes"]
)
async def test_a_full_inbox_asks_for_more_only_when_half_empty(count: int, payload: bytes) -> None:
    box = inbox(most=count // 4)
    asked: list[int] = []
    box.on_room = lambda: asked.append(count)
    fill(box, range(1, count + 1), payload)
    assert box.full
    await box.take()
    assert (box.full, asked) == (False, [])
    await box.take()
    assert asked == [count]
    await asyncio.wait_for(box.until_room(), 1)
