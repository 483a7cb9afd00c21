"""What the web is given: the running parts, seen through what it needs of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from monitor.acts import Desk
from monitor.clock import Clock
from monitor.judging.memory import Memory
from monitor.settings import Settings
from monitor.store.store import Store


class Progress(Protocol):
    """How far a worker has come."""

    @property
    def done(self) -> int: ...
    @property
    def at_elapsed_s(self) -> float: ...
    @property
    def failures(self) -> int: ...
    @property
    def last_failure(self) -> str: ...
    @property
    def down(self) -> bool: ...
    @property
    def held(self) -> str: ...


class Standstill(Protocol):
    """A worker that gets nothing done."""

    @property
    def worker(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def zh(self) -> str: ...


class Board(Protocol):
    """The progress of every worker by name."""

    @property
    def workers(self) -> Mapping[str, Progress]: ...
    def standstills(self, elapsed: float) -> Iterator[Standstill]: ...


class Listening(Protocol):
    """The session with the broker."""

    @property
    def connected(self) -> bool: ...
    @property
    def received(self) -> int: ...
    @property
    def waiting(self) -> int: ...
    @property
    def oldest(self) -> datetime | None: ...


class Judging(Protocol):
    """The worker that judges, seen through what it remembers."""

    @property
    def memory(self) -> Memory: ...


class Service(Protocol):
    """`monitor.app.Service`, which stands above the web and is not known here."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def store(self) -> Store: ...
    @property
    def subscriber(self) -> Listening: ...
    @property
    def ingest(self) -> Judging: ...
    @property
    def board(self) -> Board: ...
    @property
    def desk(self) -> Desk: ...


def service_of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Here = Annotated[Service, Depends(service_of)]
"""The running service, as a route's argument."""
