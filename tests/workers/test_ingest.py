"""Load → decide → keep → swap: memory takes over nothing that was not committed."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.errors import StoreUnavailable
from tests.stories.harness import story


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
