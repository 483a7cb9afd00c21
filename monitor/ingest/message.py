"""What came through the door, before anyone has read it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from monitor.errors import Unreadable
from monitor.scope import Scope, Status

MAX_PAYLOAD = 64 * 1024
"""Bytes; a larger message goes to quarantine unread."""


class Message(NamedTuple):
    """Bytes on a topic."""

    topic: str
    payload: bytes
    received_at: datetime
    retained: bool
    redelivered: bool = False
    """MQTT's DUP: the broker may have delivered it before."""


class Addressed(NamedTuple):
    """A topic with its prefix taken off: whose world, and the bare topic."""

    scope: Scope
    topic: str


def address(topic: str, township: str) -> Addressed:
    """Read the status off the topic: `exercise/<drill>/…`, `test/<name>/…`, else ACTUAL.

    Raises Unreadable where a prefix names no drill or test.
    """
    for prefix, status in (("exercise/", Status.EXERCISE), ("test/", Status.TEST)):
        if topic.startswith(prefix):
            name, _, bare = topic[len(prefix) :].partition("/")
            if not bare or not name or len(name) > 64 or not name.isprintable():
                raise Unreadable("topic without a drill", topic)
            return Addressed(Scope(township, status, name), bare)
    return Addressed(Scope(township, Status.ACTUAL, ""), topic)


UNKNOWN_SENSOR = "unknown sensor"
"""Reason of what a sensor sent that is not in `config/`; the detail is its id."""


class Quarantined(NamedTuple):
    """A message that could not be used, kept with the reason (invariant 10)."""

    scope: Scope
    message: Message
    reason: str
    """A short stable phrase that a program may count by: "not JSON", "unknown sensor", …"""
    detail: str
