"""Run in the service's process before it starts: faults of its workers, ordered from outside.

The file that PLANTED names holds an order: `killed NAME`, `failing NAME`, `blocked NAME`.
"""

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from monitor import app
from monitor.workers import supervise

_tasks: dict[str, "asyncio.Task[Any]"] = {}
_fails: dict[str, "asyncio.Future[None]"] = {}
_obeying: list[bool] = []


async def _supervised(name: str, run: Callable[[], Awaitable[None]], **more: Any) -> None:
    loop = asyncio.get_running_loop()

    async def may_fail() -> None:
        task = asyncio.current_task()  # the worker's own, not its supervisor's
        assert task is not None
        _tasks[name] = task
        _fails[name] = loop.create_future()
        working = asyncio.ensure_future(run())
        try:
            await asyncio.wait({working, _fails[name]}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            raise RuntimeError("ordered from outside")
        finally:
            working.cancel()
            await asyncio.wait({working})

    if not _obeying:
        _obeying.append(True)
        threading.Thread(target=_obey, args=(loop,), daemon=True).start()
    await supervise.supervised(name, may_fail, **more)


def _obey(loop: asyncio.AbstractEventLoop) -> None:
    order = Path(os.environ["PLANTED"])
    while True:
        time.sleep(0.05)  # a thread of the service under trial: no test waits by it
        if order.exists():
            kind, _, name = order.read_text().partition(" ")
            order.unlink()
            loop.call_soon_threadsafe(_strike, kind, name)


def _strike(kind: str, name: str) -> None:
    if kind == "blocked":
        time.sleep(3600)  # the loop hangs: that is the fault
    elif kind == "killed":
        _tasks[name].cancel()
    elif not _fails[name].done():
        _fails[name].set_result(None)


app.supervised = _supervised  # type: ignore[assignment]
