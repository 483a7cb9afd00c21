"""Whose turn it is to write."""

from __future__ import annotations

import asyncio

from monitor.store.store import Store


async def test_readings_write_before_all_others_that_wait(store: Store) -> None:
    wrote: list[str] = []

    async def write(who: str, *, first: bool) -> None:
        async with store.writing(first=first):
            wrote.append(who)

    async with asyncio.TaskGroup() as tasks, store.writing():
        for number in range(3):
            tasks.create_task(write(f"call {number}", first=False))
        await asyncio.sleep(0)  # noqa: TID251 - lets them take their places
        tasks.create_task(write("reading", first=True))
        await asyncio.sleep(0)  # noqa: TID251
    assert wrote == ["reading", "call 0", "call 1", "call 2"]
