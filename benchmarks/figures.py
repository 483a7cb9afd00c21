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

    @property
    def rate(self) -> float:
        return self.messages / self.seconds

    @property
    def cpu_micros(self) -> float:
        return self.cpu_seconds / self.messages * 1e6

    def percentile(self, share: float) -> float:
        return self.milliseconds[
            min(len(self.milliseconds) - 1, int(share * len(self.milliseconds)))
        ]


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
    """`python -m benchmarks.<module>`, from its being ready to what it tells."""

    def __init__(self, module: str, *arguments: object) -> None:
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
        self._running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if self._line() != "ready\n":
            raise SystemExit(f"benchmarks.{module} did not get ready")

    def _line(self) -> str:
        assert self._running.stdout is not None
        return self._running.stdout.readline()

    def figures(self) -> Figures:
        """Wait for the end."""
        told, _ = self._running.communicate()
        if self._running.returncode:
            raise SystemExit(f"{self._running.args} failed")
        return Figures(**json.loads(told))


def run(module: str, *arguments: object) -> None:
    subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)], check=True)
