"""The store as the rest of the service sees it: one writer, some readers, all of it closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from monitor.errors import StoreUnavailable
from monitor.store import sealing, upgrade
from monitor.store.backup import backup, before
from monitor.store.engine import engine, failures_named
from monitor.store.hop import finished
from monitor.store.reading import Reads
from monitor.store.sole import sole_writer
from monitor.store.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class Store(Reads):
    """An open store: it reads (see Reads), and `writing()` gives one transaction at a time."""

    def __init__(self, path: Path, keys: sealing.Keys, *, read_only: bool) -> None:
        if not read_only:
            with suppress(OSError):  # the engine says better what is wrong with the place
                path.touch(mode=0o600)  # who said what and when concerns nobody else here
        self._reads = engine(path, keys, writes=False)
        self._writes = None if read_only else engine(path, keys, writes=True)
        self._turn = asyncio.Lock()
        self._queue = asyncio.Lock()
        """Whoever does not write first waits here, so that one at most is ahead of who does."""

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, path: Path, key: Path | None = None, *, read_only: bool = False
    ) -> AsyncIterator[Store]:
        """Open the file, bring it to this release's tables, and close all of it at the end.

        A file of an earlier release is copied beside it first. `key`: the file of its keys, None
        for one beside it; it is made where the store is not sealed yet. `read_only` creates and
        changes nothing. Raises StoreUnavailable where there is no file then, where its tables are
        another release's, where another process writes it, where the copy could not be made or the
        key is not there: the file is as it was.
        """
        with nullcontext() if read_only else sole_writer(path):
            async with cls._opened(path, key, read_only) as store:
                yield store

    @classmethod
    @asynccontextmanager
    async def _opened(cls, path: Path, key: Path | None, read_only: bool) -> AsyncIterator[Store]:
        keys = sealing.keys_for(path, key or path.with_suffix(".key"), read_only=read_only)
        store = cls(path, keys, read_only=read_only)
        try:
            if not read_only and await store._brought_up_to_date(path, keys):
                sealing.sweep(path)
            await store.run(upgrade.require_head)
            await store.run(sealing.require_key, keys)
            yield store
        finally:
            await asyncio.shield(store._close())

    async def _brought_up_to_date(self, path: Path, keys: sealing.Keys) -> bool:
        """What an earlier release wrote is copied beside it and the copy verified, then changed;
        the turn at writing is held meanwhile, so that the copy lacks nothing. Whether freed pages
        of the file still show what was sealed."""
        async with self.writing() as tx:
            found = await tx.run(upgrade.version)
            if found is not None and upgrade.is_older(found):
                copy = before(path, found)
                await asyncio.to_thread(backup, path, copy, found)
                log.warning("the store was at revision %s; a copy of it is kept: %s", found, copy)
                if found < sealing.SINCE:
                    log.warning("that copy shows numbers: delete it once this release has run")
            await tx.run(upgrade.upgrade)
            return await tx.run(sealing.settle, keys)

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
