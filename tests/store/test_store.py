"""The store lets what it began end."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from monitor.store.store import Store


async def test_a_read_cancelled_in_the_middle_ends_before_the_cancellation_goes_on(
    store: Store,
) -> None:
    begun, ended = asyncio.Event(), []
    loop = asyncio.get_running_loop()

    def slow(conn: sa.Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        conn.execute(sa.text("select 1"))
        ended.append(conn.execute(sa.text("select 2")).scalar_one())

    task = asyncio.create_task(store.run(slow))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [2]
