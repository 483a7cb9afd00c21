"""What happened, as entries to be read: one a text, one for all who answered in a minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from simulators.demo.cast import Cast
from simulators.gateways.messages import Accepted, Answer, Report

NAMED = 3
"""Of many who got the same text, so many are named."""


@dataclass(slots=True)
class Entry:
    """`kind`: act, note, message, answers, dead."""

    at: datetime
    kind: str
    heading: str
    text: str = ""
    names: dict[str, None] = field(default_factory=dict)
    """Of those who answered, or whose phone is dead; each once, in order."""

    def line(self) -> str:
        """The heading with its names."""
        return f"{self.heading}{'、'.join(self.names)}"


@dataclass(slots=True)
class Feed:
    """Everything so far, oldest first. The last entry may still grow."""

    cast: Cast
    words: Mapping[str, str]
    entries: list[Entry] = field(default_factory=list)

    def noted(self, at: datetime, words: str) -> None:
        """`words` is a name in `words.py`; an act begins where it says so."""
        kind = "act" if words.startswith("act-") else "note"
        self.entries.append(Entry(at, kind, self.words[words]))

    def rang(self, messages: Iterable[Accepted]) -> Iterator[Entry]:
        """An entry a text; each is in the feed once it is taken from here."""
        found = list(messages)
        for one in self.cast.rung(found):
            media = "、".join(self.words[medium] for medium in one.media)
            heading = f"{media} → {self._names(one.persons)}"
            self.entries.append(Entry(found[0].at, "message", heading, one.text))
            yield self.entries[-1]

    def _names(self, persons: tuple[str, ...]) -> str:
        names = "、".join(self.cast.name(person) for person in persons[:NAMED])
        more = self.words["and_others"].format(count=len(persons)) if persons[NAMED:] else ""
        return names + more

    def happened(self, events: Iterable[Answer | Report]) -> int:
        """Answers and failed deliveries; a receipt that all is well is no news."""
        made = 0
        for event in events:
            if isinstance(event, Answer):
                made += self._said(event.at, "answers", self._answer(event))
            elif not event.delivered:
                name = self.cast.name(self.cast.person(event.message))
                made += self._said(event.at, "dead", name)
        return made

    def _answer(self, answer: Answer) -> str:
        name = self.cast.name(self.cast.person(answer.message))
        return f"{name}“{answer.text}”" if not answer.text.isdigit() else name

    def desk_answered(self, at: datetime) -> int:
        """The officer pressed the button on the screen."""
        return self._said(at, "answers", self.words["desk"])

    def _said(self, at: datetime, kind: str, name: str) -> int:
        last = self.entries[-1] if self.entries else None
        if last and last.kind == kind and at.replace(second=0, microsecond=0) <= last.at:
            last.names[name] = None
            return 0
        entry = Entry(at, kind, self.words[kind])
        entry.names[name] = None
        self.entries.append(entry)
        return 1
