"""Serves the app inside the service's own loop, as one worker among others."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

GRACE_S = 2
"""What is being answered when the service stops may take so long to end."""


class _Server(uvicorn.Server):
    turn: Callable[[], None] = staticmethod(lambda: None)

    async def on_tick(self, counter: int) -> bool:
        self.turn()
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C belongs to the service, which stops everything in its order."""
        yield


def listener(host: str, port: int) -> socket.socket:
    """Port 0 takes any free one. Raises OSError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


async def serve(
    app: FastAPI,
    host: str,
    port: int,
    bound: Callable[[int], None] = lambda port: None,
    turn: Callable[[], None] = lambda: None,
) -> None:
    """Listen until cancelled, then end what is being answered. Port 0 takes any free one; `bound`
    is told which. `turn` is called several times a second while it serves. Raises OSError where
    the port is taken."""
    with listener(host, port) as listening:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # the path of a hook is a secret
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        server = _Server(config)
        server.turn = turn
        bound(listening.getsockname()[1])
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="uvicorn")
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await serving
