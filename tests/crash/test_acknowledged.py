"""The broker hears of a batch when it is on the disk, and not before."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

from monitor.ingest.message import Message
from monitor.mqtt import Subscriber
from monitor.mqtt.inbox import Batch
from tests.stories.harness import NIGHT, story


class Line:
    """The subscriber's side of `listen`: one batch, and what another process can read in the file
    at the moment that it is acknowledged."""

    epoch, connected = 0, True

    def __init__(self, file: Path) -> None:
        self.file = file
        self.on_disk = asyncio.get_running_loop().create_future()
        said = {"value": 85.0, "time": NIGHT.isoformat()}
        topic = "risk/yunxi/shiqiao-level/level"
        message = Message(topic, json.dumps(said).encode(), NIGHT, False)
        self._batches = [Batch([message], 0, [1])]

    async def batch(self) -> Batch:
        if not self._batches:
            await asyncio.Event().wait()
        return self._batches.pop()

    def acknowledge(self, batch: Batch) -> None:
        with closing(sqlite3.connect(self.file)) as beside:
            (count,) = beside.execute("SELECT count(*) FROM observations").fetchone()
        self.on_disk.set_result(count)


async def test_a_batch_is_acknowledged_after_its_commit(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        line = Line(tmp_path / "story.sqlite")
        listening = asyncio.create_task(town.ingest.listen(cast(Subscriber, line)))
        async with asyncio.timeout(10):
            assert await line.on_disk == 1
        listening.cancel()
        await asyncio.wait([listening])
