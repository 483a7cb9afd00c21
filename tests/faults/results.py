"""What was run, kept as it comes: one JSON line a trial, in a file for each commit, row and seed.

A run that was interrupted goes on after the last line. Nothing of another commit is mixed in; a
tree with changes counts as a commit of its own for each state of the changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from monitor.clock import SystemClock
from tests.faults.fault import Trial

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "faults"


@dataclass(frozen=True, slots=True)
class Result:
    """A trial that ended, and where."""

    index: int
    trial: Trial
    seconds: float
    ended_at: datetime
    commit: str
    machine: str


class Results:
    """Those of one commit, row and seed."""

    def __init__(self, name: str, seed: int, commit: str, folder: Path = FOLDER) -> None:
        self.folder = folder / commit
        self._file = self.folder / f"{name}-{seed}.jsonl"

    def __iter__(self) -> Iterator[Result]:
        return read(self._file)

    def add(self, index: int, trial: Trial, seconds: float) -> None:
        """Append and flush: whoever pulls the plug loses no more than the trial under way."""
        said = {
            "index": index,
            **asdict(trial),
            "seconds": round(seconds, 1),
            "ended_at": SystemClock().now().isoformat(timespec="seconds"),
            "machine": machine(),
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(said, ensure_ascii=False) + "\n")


def read(file: Path) -> Iterator[Result]:
    """What the file tells; a last line that was cut is as if it had not been run."""
    if not file.exists():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        trial = Trial(
            said["counts"], tuple(said["violations"]), said["worst"], tuple(said.get("listed", ()))
        )
        ended = datetime.fromisoformat(said["ended_at"])
        commit = file.parent.name
        yield Result(said["index"], trial, said["seconds"], ended, commit, said["machine"])


def runs(name: str, folder: Path = FOLDER) -> Iterator[list[Result]]:
    """Every run of a row that is kept: what one commit and one seed came to. Without those of a
    tree with changes: nobody could look at what was run."""
    for file in sorted(folder.glob(f"*/{name}-*.jsonl")):
        if "+" not in file.parent.name and (results := list(read(file))):
            yield results


@cache
def commit() -> str:
    """Short, with a mark for what was changed since: `1a2b3c4` or `1a2b3c4+9f8e7d6c`."""
    head = _git("rev-parse", "--short=7", "HEAD").strip()
    changed = _git("status", "--porcelain") and _git("diff", "HEAD") + _git("status", "--porcelain")
    return head + (f"+{hashlib.sha256(changed.encode()).hexdigest()[:8]}" if changed else "")


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


@cache
def machine() -> str:
    """What the figures depend on."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ] or [platform.machine()]
    return (
        f"{os.cpu_count()} × {models[0]}, {platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
