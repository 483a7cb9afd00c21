"""What passes between the service, a stand-in provider, and the phones behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Request:
    """One call as the provider sees it; header names in lower case."""

    method: str
    path: str
    """Below the provider's own URL; "/" where nothing follows."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    arrived_at: datetime
    """By the wall clock: signatures are checked against it."""


class Response(NamedTuple):
    status: int
    body: Any
    """Sent as JSON."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One message that a provider took."""

    provider: str
    to: str
    """Phone, WeCom user, or "group"."""
    text: str
    """As the phone shows it."""
    reference: str
    """The notification's id, where the provider carries it (OutId, SessionContext)."""
    provider_id: str
    at: datetime
    """By the clock of the service, which a demo speeds up."""


class Refused(Exception):
    """This number is told to fail; `code` "" means the provider's own "illegal number"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Answer(NamedTuple):
    """Somebody writes back, or presses a key."""

    at: datetime
    message: Accepted
    text: str


class Report(NamedTuple):
    """The operator says whether the phone got it."""

    at: datetime
    message: Accepted
    delivered: bool


Take = Callable[[str, str, str], str]
"""(to, text, reference) → the provider's id of the accepted copy; raises Refused."""


class Provider(Protocol):
    """One provider's rules, bodies and callbacks."""

    name: str

    def answer(self, request: Request, take: Take) -> Response: ...

    def reply_body(self, answer: Answer) -> Any:
        """What it posts to the hook for replies; None: it has none."""
        ...

    def receipt_body(self, report: Report) -> Any:
        """What it posts to the hook for receipts; None: it has none."""
        ...
