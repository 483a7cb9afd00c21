"""What is shown and asked: the API, the hooks, the desk's pages. One file a topic.

`service` is what it is given, `door` who asks, `matters` how an alert looks, `server` runs it.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from monitor.web import (
    alerts,
    board,
    dial,
    entries,
    forms,
    health,
    hooks,
    lists,
    metrics,
    problems,
    quiet,
    series,
    sites,
)
from monitor.web.limits import Guarded
from monitor.web.server import listener, serve
from monitor.web.service import Service

__all__ = ["create", "listener", "serve"]

_STATIC = Path(__file__).parent / "static"


def create(service: Service) -> FastAPI:
    """The whole of the web over a running service; opens nothing, starts nothing."""
    app = FastAPI(
        title="Township risk monitor",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
    )
    app.state.service = service
    for topic in (
        alerts,
        sites,
        entries,
        quiet,
        lists,
        series,
        hooks,
        health,
        metrics,
        board,
        dial,
        forms,
    ):
        app.include_router(topic.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    problems.catch(app)
    app.add_middleware(Guarded)
    return app
