"""One matter that cannot be read stops the calls of no other."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store.answers import Acknowledgement
from tests.stories.harness import story


@pytest.mark.parametrize("damage", ["'{'", "'{\"id\": 7}'", "x'00ff'", "NULL || ''"])
async def test_a_ladder_that_cannot_be_read_is_told_to_the_desk_and_the_others_climb(
    tmp_path: Path, damage: str
) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.6)
        await town.reads(112.0, "shangyou-level")
        town.told()
        ladders = await town.store.calling_ladders()
        broken = next(one for one in ladders if one.duty.endswith("shiqiao"))
        with closing(sqlite3.connect(tmp_path / "story.sqlite", isolation_level=None)) as beside:
            beside.execute(
                f"UPDATE ladders SET snapshot = coalesce({damage}, '') WHERE id = ?", (broken.id,)
            )
        await town.waits(minutes=16)
        assert [text for who, by, text in town.rang(medium="desk") if "读不出来" in text] == [
            "程序故障，石桥站有一项叫应读不出来，不再自动上提。请立即按责任清单人工叫应。"
        ]
        assert "上游站" in town.told()
        (entry,) = await town.events(broken.alert, "call.unreadable")
        assert entry["facts"]["ladder"] == broken.id
        town.told()


async def test_an_answer_that_comes_while_a_step_is_made_ready_is_seen_before_it_is_kept(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.6)
        town.told()
        (alert,) = await town.store.alerts(town.desk.actual)
        due = min(ladder.due_at for ladder in await town.store.calling_ladders())
        town.clock.seconds += (due - town.clock.now()).total_seconds()
        now = town.clock.now()
        said = Acknowledgement(
            alert.scope, alert.id, "grid-shiqiao", alert.severity, "received", "sms", "x", now
        )
        async with town.store.writing() as tx:
            climbing = asyncio.create_task(town.escalate.step())
            for _ in range(20):  # it has read, and waits for its turn to write
                await town.store.silences()
            assert await tx.acknowledge(said)
        await climbing
        assert not [e for e in await town.events(alert.id, "call.step") if e["facts"]["step"]]
        held = await town.events(alert.id, "call.held")
        assert {entry["facts"]["reason"] for entry in held} == {"grid-shiqiao"}
        await town.settle()
        town.told()
