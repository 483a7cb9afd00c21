"""One process writes: a lock on a file beside the store, which the kernel frees when it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import StoreUnavailable


@contextmanager
def sole_writer(store: Path) -> Iterator[None]:
    """Hold the store for this process. Two services on one file would each send every message,
    and each judge from a memory that the other has left behind.

    Raises StoreUnavailable, naming the process that holds it, or where no lock can be had.
    """
    file = store.with_name(store.name + ".lock")
    try:
        held = _locked(file, store)
    except OSError as fault:
        raise StoreUnavailable(f"{file}: {fault.strerror}") from fault
    try:
        os.truncate(held, 0)
        os.write(held, f"{os.getpid()}\n".encode())
        yield
    finally:
        file.unlink(missing_ok=True)
        os.close(held)


def _locked(file: Path, store: Path) -> int:
    """A descriptor of the file that lies there now: whoever held it may just have removed it."""
    while True:
        held = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            whose = os.read(held, 20).decode(errors="replace").strip()
            os.close(held)
            raise StoreUnavailable(
                f"{store} is held by another service (process {whose or 'unknown'}): "
                "end that one first, or name another store: in service.yaml"
            ) from fault
        if file.exists() and file.stat().st_ino == os.fstat(held).st_ino:
            return held
        os.close(held)
