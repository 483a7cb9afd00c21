"""The table of docs/reliability.md: what was run of each row, where, and what it came to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.faults.fault import Counts, Fault, missing, total
from tests.faults.results import FOLDER, ROOT, Result, runs

PAGE = ROOT / "docs" / "reliability.md"
HEAD = ("fault", "row", "full count", "run", "bar", "reached", "date", "commit", "machine")
NOT_RUN = "not run yet"
NOT_WRITTEN = "not written yet"
_TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands on the page; the fields are HEAD's."""

    name: str
    row: str
    full: str
    run: str
    bar: str
    reached: str
    date: str = ""
    commit: str = ""
    machine: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            self.row,
            self.full,
            self.run,
            self.bar,
            self.reached,
            self.date,
            self.commit,
            self.machine,
        )

    def same_row(self, other: Line) -> bool:
        """Whether nothing that was promised has changed in between."""
        return (self.row, self.full, self.bar) == (other.row, other.full, other.bar)


def written(counts: Counts) -> str:
    return ", ".join(f"{n:,} {what}" for what, n in counts.items())


def told(fault: Fault) -> Line:
    """A row of which nothing is known."""
    run = NOT_RUN if fault.trial else NOT_WRITTEN
    return Line(fault.name, fault.row, written(fault.full), run, fault.bar, "")


def line(fault: Fault, results: list[Result]) -> Line:
    """A row that was run. Fewer than the bar names never reach it: "k of N run"."""
    trials = [result.trial for result in results]
    counted, broken = total(trials), [v for trial in trials for v in trial.violations]
    short = missing(fault.full, counted)
    run = written({what: counted.get(what, 0) for what in fault.full})
    if short:
        parts = (f"{counted.get(w, 0):,} of {n:,} {w}" for w, n in fault.full.items())
        run = f"{', '.join(parts)} run"
    reached = f"**broken {len(broken)} times**: {_cell(broken[0])[:200]}" if broken else "held"
    if short and not broken:
        reached = "none broken so far"
    worst: dict[str, float] = {}
    for trial in trials:
        worst |= {what: max(n, worst.get(what, n)) for what, n in trial.worst.items()}
    figures = "; ".join(f"at most {n:.4g} {what}" for what, n in worst.items())
    last = max(results, key=lambda result: result.ended_at)
    return Line(
        fault.name,
        fault.row,
        written(fault.full),
        run,
        fault.bar,
        f"{reached}; {figures}" if figures else reached,
        last.ended_at.date().isoformat(),
        last.commit,
        last.machine,
    )


def _cell(text: str) -> str:
    return re.sub(r"[\s|]+", " ", text)


def table(
    known: Mapping[str, Fault], page: str | None = None, folder: Path = FOLDER
) -> dict[str, Line]:
    """Each row by the newest run that was ended, complete or broken, else by the newest; else what
    the page says of it, as long as the row asks for the same."""
    before = {found.name: found for found in parsed(page or "")}
    lines = {}
    for name, fault in known.items():
        told_now = told(fault)
        earlier = before.get(name)
        lines[name] = earlier if earlier and earlier.same_row(told_now) else told_now
        if not lines[name].commit:
            lines[name] = told_now
        found = [
            (ended(fault, results), results[-1].ended_at, results) for results in runs(name, folder)
        ]
        if found:
            lines[name] = line(fault, max(found, key=lambda run: run[:2])[2])
    return lines


def ended(fault: Fault, results: list[Result]) -> bool:
    """Whether no further trial would change the word: all were run, or one broke the bar."""
    trials = [result.trial for result in results]
    return any(t.violations for t in trials) or not missing(fault.full, total(trials))


def parsed(page: str) -> Iterator[Line]:
    """The rows of a page. Raises ValueError for a row without all its cells."""
    found = _TABLE.search(page)
    for text in (found.group() if found else "").splitlines()[2:]:
        cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
        if len(cells) != len(HEAD):
            raise ValueError(f"{len(cells)} cells and not {len(HEAD)}: {text}")
        yield Line(*cells)


def into(page: str, lines: Mapping[str, Line]) -> str:
    """The page with that table."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(one.cells for one in lines.values())]
    return _TABLE.sub(lambda _: "".join(f"| {' | '.join(row)} |\n" for row in rows), page)
