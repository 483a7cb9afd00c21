"""What the eyes get: the contract, and the plain one, a line at a time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TextIO

from monitor.notify.escalation import Ladder
from simulators.demo.feed import Entry, Feed
from simulators.demo.story import ZONE


class View(Protocol):
    """Looks at the feed, which grows by itself."""

    def frame(self, now: datetime, calling: Sequence[Ladder]) -> None:
        """Time has moved; `calling`: the ladders on which nobody has answered yet."""
        ...

    def close(self) -> None:
        """Show what is left; nothing more will come."""
        ...


class Lines:
    """For a file, a pipe, or a terminal that can do no more."""

    def __init__(self, feed: Feed, out: TextIO | None = None) -> None:
        self._feed = feed
        self._out = out or sys.stdout
        self._shown = 0

    def frame(self, now: datetime, calling: Sequence[Ladder]) -> None:
        """All entries but the last, which may still grow."""
        self._show(len(self._feed.entries) - 1)

    def close(self) -> None:
        self._show(len(self._feed.entries))

    def _show(self, until: int) -> None:
        for entry in self._feed.entries[self._shown : until]:
            self._out.write(plain(entry))
            self._out.flush()
        self._shown = max(self._shown, until)


def plain(entry: Entry) -> str:
    """One or two lines."""
    if entry.kind == "act":
        return f"\n══ {entry.heading}\n"
    first = f"{entry.at.astimezone(ZONE):%H:%M} {entry.line()}\n"
    return first + (f"      {entry.text}\n" if entry.text else "")
