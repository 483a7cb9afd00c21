"""What the eyes get: the contract, and the plain one, a line at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, TextIO

from simulators.demo.cast import Cast
from simulators.demo.story import ZONE
from simulators.gateways.messages import Accepted, Answer, Report

NAMED = 3
"""Of many who got the same text, so many are named."""


class View(Protocol):
    """Told of everything as it happens; counts the lines that it makes people read."""

    def noted(self, now: datetime, words: str) -> None:
        """Neither a message nor an answer; `words` is a name in `words.py`."""
        ...

    def rang(self, messages: Iterable[Accepted]) -> int: ...

    def happened(self, events: Iterable[Answer | Report]) -> int: ...

    def desk_answered(self, now: datetime, alert: str) -> None: ...

    def frame(self, now: datetime) -> None:
        """Time has moved."""
        ...


class Lines:
    """For a file, a pipe, or a terminal that can do no more."""

    def __init__(self, cast: Cast, words: Mapping[str, str], out: TextIO | None = None) -> None:
        self._cast = cast
        self._words = words
        self._out = out or sys.stdout

    def noted(self, now: datetime, words: str) -> None:
        text = self._words[words]
        if words.startswith("act-"):
            self._out.write(f"\n══ {text}\n")
        else:
            self._line(now, f"· {text}")

    def rang(self, messages: Iterable[Accepted]) -> int:
        found = list(messages)
        rung = self._cast.rung(found)
        for one in rung:
            self._line(found[0].at, self.heading(one.media, one.persons))
            self._out.write(f"             {one.text}\n")
        self._out.flush()
        return len(rung)

    def heading(self, media: Iterable[str], persons: tuple[str, ...]) -> str:
        """短信、微信 → 镇长、书记等5人."""
        names = "、".join(self._cast.name(person) for person in persons[:NAMED])
        if len(persons) > NAMED:
            names += self._words["and_others"].format(count=len(persons))
        return f"{'、'.join(self._words[one] for one in media)} {self._words['to']} {names}"

    def happened(self, events: Iterable[Answer | Report]) -> int:
        shown = 0
        for event in events:
            if (said := spoken(event, self._words)) is not None:
                self._line(
                    event.at, f"  {self._cast.name(self._cast.person(event.message))} {said}"
                )
                shown += 1
        return shown

    def desk_answered(self, now: datetime, alert: str) -> None:
        self._line(now, f"  {self._words['desk_answers']}")

    def frame(self, now: datetime) -> None:
        """Lines do not move."""

    def _line(self, at: datetime, text: str) -> None:
        self._out.write(f"{at.astimezone(ZONE):%H:%M:%S} {text}\n")


def spoken(event: Answer | Report, words: Mapping[str, str]) -> str | None:
    """What a person did, in words; None for a receipt that says all is well."""
    if isinstance(event, Report):
        return None if event.delivered else f"✗ {words['dead']}"
    pressed = event.message.provider == "aliyun_voice"
    return f"✓ {words['key' if pressed else 'answers'].format(text=event.text)}"
