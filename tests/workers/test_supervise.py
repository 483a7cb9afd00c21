"""A fault in one worker never takes the others with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from monitor.errors import StoreUnavailable
from monitor.workers.supervise import HELD_S, TURN_S, Board, WorkerFailed, supervised
from tests.clocks import HandClock


async def for_ever() -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def begun(
    name: str, run: Callable[[], Awaitable[None]], board: Board, clock: HandClock | None = None
) -> AsyncIterator[None]:
    """Supervised meanwhile."""
    clock = clock or HandClock()
    task = asyncio.create_task(supervised(name, run, board=board, clock=clock))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.wait({asyncio.create_task(HandClock().wait(0))})  # the others take a turn
    raise AssertionError("it never came true")


async def test_a_worker_that_fails_is_started_again_and_the_board_says_why() -> None:
    board, runs = Board(), []

    async def run() -> None:
        runs.append(1)
        if len(runs) < 3:
            raise OSError("the disk is full")

        await for_ever()

    async with begun("deliver", run, board):
        await until(lambda: len(runs) == 3)
    assert board.of("deliver").failures == 2
    assert board.of("deliver").last_failure == "OSError: the disk is full"


async def test_a_worker_that_returns_is_started_again() -> None:
    board, runs = Board(), []

    async def run() -> None:
        runs.append(1)
        if len(runs) > 2:
            await for_ever()

    async with begun("schedule", run, board):
        await until(lambda: len(runs) == 3)
    assert board.of("schedule").last_failure == "WorkerEnded: schedule returned"


async def test_a_worker_whose_task_is_cancelled_from_inside_is_started_again() -> None:
    board = Board()
    tasks: list[asyncio.Task[None] | None] = []

    async def run() -> None:
        tasks.append(asyncio.current_task())
        await for_ever()

    async with begun("web", run, board):
        await until(lambda: len(tasks) == 1)
        assert tasks[0] is not None
        tasks[0].cancel()
        await until(lambda: len(tasks) == 2)
    assert board.of("web").last_failure == "WorkerEnded: web was cancelled"


async def test_a_cancellation_that_leaks_out_of_a_worker_starts_it_again() -> None:
    runs = []

    async def run() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise asyncio.CancelledError
        await for_ever()

    async with begun("ingest", run, Board()):
        await until(lambda: len(runs) == 2)


async def test_one_that_returns_time_and_again_ends_the_service() -> None:
    async def run() -> None:
        return

    with pytest.raises(WorkerFailed, match="tick returned"):
        await supervised("tick", run, board=Board(), clock=HandClock())


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
        await for_ever()

    async with begun("ingest", run, Board(), clock):
        await until(lambda: len(runs) == 12)


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


async def test_a_store_that_takes_nothing_is_waited_for_and_ends_nothing() -> None:
    board, clock, runs = Board(), HandClock(), []
    clock.seconds = 100.0

    async def run() -> None:
        runs.append(1)
        if len(runs) < 50:
            raise StoreUnavailable("database or disk is full")
        await for_ever()

    async with begun("tick", run, board, clock):
        await until(lambda: len(runs) == 50)
    assert board.of("tick").failures == 0
    (told,) = board.standstills(clock.elapsed())
    assert not told.hung and "disk is full" in told.why


async def test_a_worker_that_never_took_its_first_turn_is_seen() -> None:
    board, clock, begins = Board(), HandClock(), asyncio.Event()
    clock.seconds = 100.0

    async def run() -> None:
        begins.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(supervised("escalate", run, board=board, clock=clock))
    await begins.wait()
    assert not list(board.standstills(clock.elapsed() + TURN_S))
    assert [one.worker for one in board.standstills(clock.elapsed() + TURN_S + 1)] == ["escalate"]
    task.cancel()


def test_progress_lets_go_of_what_held_it_up() -> None:
    board, clock = Board(), HandClock()
    clock.seconds = 100.0
    board.of("ingest").hold(clock, "the store takes nothing")
    clock.seconds += HELD_S
    board.of("ingest").step(clock)
    clock.seconds += 1
    board.of("ingest").hold(clock, "the store takes nothing")
    assert not list(board.standstills(clock.elapsed()))
