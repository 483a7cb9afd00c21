"""Two services never write one file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import StoreUnavailable
from monitor.store.store import Store

HELD_ELSEWHERE = """
import fcntl, os, sys
held = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(held, fcntl.LOCK_EX)
os.write(held, b"4711\\n")
print("held", flush=True)
sys.stdin.read()
"""


async def test_a_second_writer_is_refused_and_told_whose_the_store_is(
    path: Path, store: Store
) -> None:
    with pytest.raises(StoreUnavailable, match=f"process {os.getpid()}.*end that one first"):
        async with Store.opened(path):
            pass


async def test_whoever_only_reads_is_let_in(path: Path, store: Store) -> None:
    async with Store.opened(path, read_only=True):
        pass


@pytest.fixture
def other(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the store."""
    lock = path.with_name(path.name + ".lock")
    held = subprocess.Popen(
        [sys.executable, "-c", HELD_ELSEWHERE, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with held:
        assert held.stdout is not None and held.stdout.readline() == b"held\n"
        yield held
        held.kill()


async def test_a_lock_ends_with_its_process_however_it_ended(
    path: Path, other: subprocess.Popen[bytes]
) -> None:
    with pytest.raises(StoreUnavailable, match="process 4711"):
        async with Store.opened(path):
            pass
    other.kill()
    other.wait()
    async with Store.opened(path):
        pass
    assert not path.with_name(path.name + ".lock").exists()
