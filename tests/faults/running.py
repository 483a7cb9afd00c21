"""Runs trials until a row's counts are reached: two at a time, each in a folder of its own."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import traceback
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from types import FrameType

from monitor.clock import SystemClock
from tests.faults.fault import Counts, Fault, Trial, faults, missing, total
from tests.faults.results import Results

ROW_LIMIT_S = 3600.0
"""No trial of a row is begun later than that."""
BROKEN_ENOUGH = 10
"""Trials that broke the bar, after which no more are begun."""
DISK = "/var/tmp"
"""The folder for temporary files may be memory, where a commit costs nothing."""


def run_until(fault: Fault, counts: Counts, seed: int, folder: Path) -> list[Trial]:
    """Here, one after another, until one breaks the bar: what `make test` does."""
    trials: list[Trial] = []
    while missing(counts, total(trials)) and not any(trial.violations for trial in trials):
        workdir = folder / str(len(trials))
        workdir.mkdir()
        trials.append(tried(fault, seed, len(trials), workdir))
    return trials


def run_on(fault: Fault, results: Results, seed: int, most: int | None = None) -> Iterator[Trial]:
    """Go on where the results end, until the full counts; `most` bounds the trials of this run."""
    known = list(results)
    taken, done = {result.index for result in known}, [result.trial for result in known]
    ahead = (index for index in count() if index not in taken)
    clock = SystemClock()
    ends_at = clock.elapsed() + ROW_LIMIT_S
    under_way: dict[Future[tuple[Trial, float]], int] = {}
    left = results.folder / "left"
    with ProcessPoolExecutor(fault.side_by_side, multiprocessing.get_context("spawn")) as pool:
        while True:
            while len(under_way) < fault.side_by_side and most != 0 and clock.elapsed() < ends_at:
                if _enough(fault, done, len(under_way)):
                    break
                index = next(ahead)
                under_way[pool.submit(in_folder, fault.name, seed, index, left)] = index
                most = None if most is None else most - 1
            if not under_way:
                return
            ended, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for one in ended:
                trial, seconds = one.result()
                results.add(under_way.pop(one), trial, seconds)
                done.append(trial)
                yield trial


def _enough(fault: Fault, done: list[Trial], under_way: int) -> bool:
    """Whether no further trial is wanted, if those under way come to what the last ones did."""
    expected = done[-under_way:] if under_way else []
    broken = sum(1 for trial in done if trial.violations)
    return broken >= BROKEN_ENOUGH or not missing(fault.full, total([*done, *expected]))


def in_folder(name: str, seed: int, index: int, left: Path) -> tuple[Trial, float]:
    """One trial on the disk; where it broke the bar, its folder is left to look into."""
    clock = SystemClock()
    began = clock.elapsed()
    with TemporaryDirectory(prefix=f"fault-{name}-", dir=DISK) as made:
        workdir = Path(made)
        trial = tried(faults()[name], seed, index, workdir)
        if trial.violations:
            keep_folder(workdir, left, f"{name}-{seed}-{index}-")
    return trial, clock.elapsed() - began


def keep_folder(workdir: Path, left: Path, name: str) -> Path:
    """A copy of its files there, of none that is a socket: those have no content."""

    def sockets(folder: str, names: list[str]) -> list[str]:
        return [one for one in names if (Path(folder) / one).is_socket()]

    left.mkdir(parents=True, exist_ok=True)
    to = mkdtemp(prefix=name, dir=left)
    shutil.copytree(workdir, to, dirs_exist_ok=True, ignore_dangling_symlinks=True, ignore=sockets)
    return Path(to)


def tried(fault: Fault, seed: int, index: int, workdir: Path) -> Trial:
    """A trial that raises or hangs has broken its bar, and counts nothing."""
    if fault.trial is None:
        raise LookupError(f"{fault.name} is not written yet")
    try:
        with bounded(fault.limit_s):
            return fault.trial(seed, index, workdir)
    except Exception:  # noqa: BLE001 - whatever a trial raises is a finding of the run
        lines = traceback.format_exc().splitlines()[-8:]
        return Trial({}, (f"trial {index} broke: {' | '.join(lines)}",))


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in what takes longer."""

    def late(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"no end after {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
