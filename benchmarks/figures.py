"""What a measured process says about itself, as JSON on standard output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    messages: int
    seconds: float
    cpu_seconds: float
    """Of the process, all its threads, while the messages passed."""
    rss_mb: float
    """Resident at the end."""
    milliseconds: list[float] = field(default_factory=list, repr=False)
    """From publish to commit, sorted."""
    tick_ms: float = 0.0
    """How long the ten-second look at every sensor takes."""

    @property
    def rate(self) -> float:
        return self.messages / self.seconds

    @property
    def cpu_micros(self) -> float:
        return self.cpu_seconds / self.messages * 1e6


def percentile(numbers: Sequence[float], share: float) -> float:
    """Of sorted numbers."""
    return numbers[min(len(numbers) - 1, int(share * len(numbers)))]


class Stopwatch:
    """Time and processor time from its making."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def figures(self, messages: int, milliseconds: Sequence[float] = ()) -> Figures:
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return Figures(messages, wall, cpu, _resident(), sorted(milliseconds))


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def ready() -> None:
    """Say that the work may begin."""
    print("ready", flush=True)


def tell(figures: Figures) -> None:
    print(json.dumps(asdict(figures)), flush=True)


class Measured:
    """`python -m benchmarks.<module>` beside us, from its first line to its last."""

    def __init__(self, module: str, *arguments: object) -> None:
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
        self._running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._running.stdout is not None
        self.first = self._running.stdout.readline()
        if not self.first:
            raise SystemExit(f"benchmarks.{module} did not get ready")

    def last(self) -> Any:
        """Let it see the end of its input, wait for its own, and read its last line."""
        told, _ = self._running.communicate()
        if self._running.returncode:
            raise SystemExit(f"{self._running.args} failed")
        return json.loads(told)

    def figures(self) -> Figures:
        return Figures(**self.last())


def run(module: str, *arguments: object) -> str:
    """Its output, once it has ended."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
