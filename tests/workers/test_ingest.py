"""Load → decide → keep → swap: memory takes over nothing that was not committed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from monitor.errors import StoreUnavailable
from monitor.mqtt import Batch, Subscriber
from tests.stories.harness import story
from tests.workers.test_backlog import Line, said


async def test_after_a_refused_commit_the_same_batch_is_decided_again(tmp_path: Path) -> None:
    def refuse(conn: sa.Connection) -> None:
        raise StoreUnavailable("the disk is full")

    async with story(tmp_path) as town:
        sa.event.listen(sa.Engine, "commit", refuse)
        try:
            with pytest.raises(StoreUnavailable):
                await town.reads(87.9)
        finally:
            sa.event.remove(sa.Engine, "commit", refuse)
        assert await town.store.alerts(town.desk.actual) == []
        assert (await town.reads(87.9)).escalations
        assert len(await town.store.alerts(town.desk.actual)) == 1
        town.told()


class Heard(Line):
    """Remembers what was acknowledged."""

    acknowledged = 0

    def acknowledge(self, batch: Batch) -> None:
        self.acknowledged += 1


async def test_a_worker_struck_down_in_a_commit_goes_on_with_the_batch_in_its_hand(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        line = Heard([[said(town, 87.9, ago=0)]])
        struck = asyncio.create_task(town.ingest.listen(cast(Subscriber, line)))

        def strike(conn: sa.Connection) -> None:
            struck.cancel()

        sa.event.listen(sa.Engine, "commit", strike)
        await asyncio.wait([struck])
        sa.event.remove(sa.Engine, "commit", strike)
        assert not line.acknowledged
        kept = await town.store.alerts(town.desk.actual)
        assert list(town.ingest.memory.alerts.values()) == kept, "what is kept is remembered"

        again = asyncio.create_task(town.ingest.listen(cast(Subscriber, line)))
        async with asyncio.timeout(10):
            await line.empty.wait()
        again.cancel()
        await asyncio.wait([again])
        assert line.acknowledged == 1
        assert len(await town.store.alerts(town.desk.actual)) == 1
        await town.settle()
        town.told()
