"""The store as the rest of the service sees it: one writer, some readers, all of it closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from monitor.errors import StoreUnavailable
from monitor.store import upgrade
from monitor.store.engine import engine, failures_named
from monitor.store.hop import finished
from monitor.store.reading import Reads
from monitor.store.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")


class Store(Reads):
    """An open store: it reads (see Reads), and `writing()` gives one transaction at a time."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        if read_only and not path.is_file():
            raise StoreUnavailable(f"there is no store at {path}")
        self._reads = engine(path, writes=False)
        self._writes = None if read_only else engine(path, writes=True)
        self._turn = asyncio.Lock()
        self._queue = asyncio.Lock()
        """Whoever does not write first waits here, so that one at most is ahead of who does."""

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path, *, read_only: bool = False) -> AsyncIterator[Store]:
        """Open the file, bring it to this release's tables, and close all of it at the end.

        `read_only` creates and changes nothing. Raises StoreUnavailable where there is no file
        then, or where its tables are another release's.
        """
        store = cls(path, read_only=read_only)
        try:
            if not read_only:
                async with store.writing() as tx:
                    await tx.run(upgrade.upgrade)
            await store.run(upgrade.require_head)
            yield store
        finally:
            await asyncio.shield(store._close())

    async def _close(self) -> None:
        """Every connection has a thread; one left open keeps the process from ending."""
        await self._reads.dispose()
        if self._writes is not None:
            await self._writes.dispose()

    @asynccontextmanager
    async def writing(self, *, first: bool = False) -> AsyncIterator[Transaction]:
        """One transaction: committed at the end, rolled back on any error or cancellation.

        `first`: before all others that wait; for readings, which a storm of calls must not delay.
        Raises StoreUnavailable where the disk or another process refused: nothing was kept.
        """
        if self._writes is None:
            raise StoreUnavailable("the store was opened to read only")
        with failures_named():
            async with (
                nullcontext() if first else self._queue,
                self._turn,
                self._writes.begin() as connection,
            ):
                yield Transaction(connection)

    async def run(
        self, act: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run a function of a connection that reads; it sees one moment of the store."""

        async def read() -> T:
            async with self._reads.connect() as connection:
                return await connection.run_sync(act, *args, **named)

        with failures_named():
            return await finished(read())
