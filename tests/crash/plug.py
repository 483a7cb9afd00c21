"""Pulling the plug at every call: each statement, each commit, each send that a scenario makes.

    async for crash in every_crash(scenario, folder):
        ...reopen crash.path, decide the batch again, and look whether all is there, once

At call number N the file is copied as it lies on the disk, with its write-ahead log, and the
power is gone: nothing of the scenario runs after that. What a restarted service finds is the
copy. The last crash comes after the last call: all was committed, nobody was told.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

Scenario = Callable[[Path, "Plug"], Awaitable[None]]
"""Opens the store at the path and acts on it. A send that is no database call is announced by
`plug.call("send …")` just before it, and once more just after it."""


class PowerCut(BaseException):
    """No error that anybody may catch: the machine is off."""


class Crash(NamedTuple):
    """What was left when the power went at that call."""

    number: int
    call: str
    """What was about to happen; "" after the last call."""
    path: Path


@dataclass(slots=True)
class Plug:
    """Counts calls, and cuts the power before call number `at` (counted from 0)."""

    path: Path
    copy: Path
    at: int
    made: int = 0
    cut_at: str | None = None

    def call(self, what: str) -> None:
        """Something that touches the world is about to happen."""
        if self.cut_at is not None:
            raise PowerCut(self.cut_at)
        if self.made == self.at:
            self.cut_at = what
            copied(self.path, self.copy)
            raise PowerCut(what)
        self.made += 1


class Announced(Protocol):
    """Whom calls are announced to."""

    def call(self, what: str) -> None:
        """Something that touches the world is about to happen."""
        ...


@contextmanager
def plugged(plug: Announced) -> Iterator[None]:
    """Have every engine in the process announce its calls to the plug."""

    def statement(
        conn: sa.Connection, cursor: Any, text: str, rows: Any, context: Any, many: bool
    ) -> None:
        plug.call(text)

    def commit(conn: sa.Connection) -> None:
        plug.call("COMMIT")

    sa.event.listen(sa.Engine, "before_cursor_execute", statement)
    sa.event.listen(sa.Engine, "commit", commit)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", statement)
        sa.event.remove(sa.Engine, "commit", commit)


async def every_crash(
    scenario: Scenario, folder: Path, *, prepared: Path | None = None, step: int = 1
) -> AsyncIterator[Crash]:
    """Run the scenario once for each of its calls, cut there; with `step` for each step-th.

    `prepared` is a closed store to begin with, copied for each run.
    """
    number = 0
    while True:
        path = folder / f"run-{number}" / "monitor.db"
        path.parent.mkdir()
        if prepared is not None:
            copied(prepared, path)
        left = folder / f"left-{number}" / "monitor.db"
        plug = Plug(path, left, number)
        with plugged(plug), suppress(PowerCut):
            await scenario(path, plug)
        if plug.cut_at is None:
            yield Crash(number, "", path)
            return
        yield Crash(number, plug.cut_at, left)
        number += step


def copied(path: Path, to: Path) -> None:
    """What a killed process leaves: the file, its log and its key. Others rebuild the index."""
    to.parent.mkdir(exist_ok=True)
    if (key := path.with_suffix(".key")).exists():
        shutil.copy(key, to.with_suffix(".key"))
    for suffix in ("", "-wal"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            shutil.copy(file, to.with_name(to.name + suffix))
