"""Functions of a connection as methods of whatever has one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa

P = ParamSpec("P")
T = TypeVar("T")


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """Its result. Cancelled meanwhile, it is let end before the cancellation goes on: a
    connection given up in the middle of a statement closes itself later, in a loop that has gone.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        if not task.cancelled():
            task.exception()  # it has been looked at
        raise


class Runs(Protocol):
    """Has a connection, and runs functions of it beside the event loop."""

    async def run(
        self, act: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T: ...


def hop(
    act: Callable[Concatenate[sa.Connection, P], T],
) -> Callable[Concatenate[Runs, P], Coroutine[Any, Any, T]]:
    """`act` as an awaitable method with the rest of its signature."""

    async def method(self: Runs, /, *args: P.args, **named: P.kwargs) -> T:
        return await self.run(act, *args, **named)

    method.__name__, method.__doc__ = act.__name__, act.__doc__
    return method
