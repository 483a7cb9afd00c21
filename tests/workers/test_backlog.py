"""After an outage nobody is called for what has passed, nor silent for what was not heard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast

from monitor.ingest.message import Message
from monitor.mqtt import Batch, Subscriber
from monitor.reference.people import DUTY_DESK
from tests.stories.harness import Story, story


class Line:
    """A connection whose batches are known beforehand; quiet after the last."""

    connected = True

    def __init__(self, batches: Sequence[Sequence[Message]], epoch: int = 0) -> None:
        self.epoch = epoch
        self.left = [Batch(list(messages), epoch, [1]) for messages in batches]
        self.empty = asyncio.Event()

    async def batch(self) -> Batch:
        if not self.left:
            self.empty.set()
            await asyncio.Event().wait()
        return self.left.pop(0)

    def acknowledge(self, batch: Batch) -> None:
        pass


def said(town: Story, value: float, ago: float, at: str = "shiqiao-level") -> Message:
    """A reading of some minutes ago that comes now."""
    now = town.clock.now()
    body = {"value": value, "time": (now - timedelta(minutes=ago)).isoformat()}
    return Message(f"risk/yunxi/{at}/level", json.dumps(body).encode(), now, False)


async def heard(town: Story, line: Line) -> None:
    """All of it is taken, and what it means is sent."""
    listening = asyncio.create_task(town.ingest.listen(cast(Subscriber, line)))
    async with asyncio.timeout(10):
        await line.empty.wait()
    listening.cancel()
    await asyncio.wait([listening])
    await town.settle()


async def test_a_rise_that_fell_again_while_we_were_away_calls_nobody(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        rise, fall = said(town, 86.6, ago=8), said(town, 86.0, ago=3)
        await heard(town, Line([[rise], [fall], [said(town, 111.0, 0, "shangyou-level")]]))
        ((who, medium, text),) = town.rang()  # the screen in the duty room, and no page
        assert (who, medium) == (DUTY_DESK, "desk") and text.startswith("补判：石桥站")
        assert (await town.the_alert()).cleared_at is not None


async def test_a_rise_that_stands_is_called_once_all_is_read(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        line = Line([[said(town, 86.6, ago=8)], [said(town, 111.0, 0, "shangyou-level")]])
        await heard(town, line)
        assert "desk-2" in town.who_rang()
        told = [e["facts"]["told"] for e in await town.events((await town.the_alert()).id, "alert")]
        assert told == [False, True]
        await heard(town, Line([[said(town, 86.6, ago=0)]], epoch=1))
        town.nothing_rang()


async def test_a_message_of_now_is_called_at_once(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await heard(town, Line([[said(town, 86.6, ago=0)]]))
        assert "desk-2" in town.who_rang()


async def test_what_was_called_before_and_rose_and_fell_back_calls_nobody_again(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.6)
        town.told()
        await town.waits(minutes=9)
        await heard(
            town,
            Line(
                [
                    [said(town, 87.3, ago=5)],
                    [said(town, 86.7, ago=1)],
                    [said(town, 111.0, 0, "shangyou-level")],
                ],
                epoch=1,
            ),
        )
        town.nothing_rang()


async def test_nobody_is_silent_while_the_line_is_down_or_its_backlog_unread(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        backlog = town.ingest.backlog
        line = Line([])
        assert not backlog.deaf
        backlog.of(cast(Subscriber, line))
        assert backlog.deaf
        backlog.waits([])
        assert await backlog.batch() is None  # quiet for half a second
        assert backlog.ended()
        assert not backlog.deaf
        line.connected = False
        assert backlog.deaf
