"""A fault in one worker never takes the others with it."""

from __future__ import annotations

import asyncio

import pytest

from monitor.workers.supervise import Board, WorkerFailed, supervised
from tests.clocks import HandClock


async def test_a_worker_that_fails_is_started_again_and_the_board_says_why() -> None:
    board, runs = Board(), []

    async def run() -> None:
        runs.append(1)
        if len(runs) < 3:
            raise OSError("the disk is full")

    await supervised("deliver", run, board=board, clock=HandClock())
    assert len(runs) == 3
    assert board.of("deliver").failures == 2
    assert board.of("deliver").last_failure == "OSError: the disk is full"


async def test_five_failures_in_a_minute_end_the_service() -> None:
    async def run() -> None:
        raise OSError("gone")

    with pytest.raises(WorkerFailed, match="ingest: OSError: gone"):
        await supervised("ingest", run, board=Board(), clock=HandClock())


async def test_failures_far_apart_never_end_it() -> None:
    clock, runs = HandClock(), []

    async def run() -> None:
        runs.append(1)
        clock.seconds += 30.0
        if len(runs) < 12:
            raise OSError("again")

    await supervised("ingest", run, board=Board(), clock=clock)
    assert len(runs) == 12


async def test_the_web_stays_down_and_is_told_but_ends_nothing() -> None:
    board = Board()

    async def run() -> None:
        raise RuntimeError("template")

    await supervised("web", run, board=board, clock=HandClock(), essential=False)
    assert board.of("web").down


async def test_cancelling_ends_it_at_once() -> None:
    async def run() -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(supervised("web", run, board=Board(), clock=HandClock()))
    await asyncio.wait([task], timeout=0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
