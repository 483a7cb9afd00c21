"""What a device puts on a topic, and when."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple


class Publication(NamedTuple):
    """One MQTT message to come."""

    at: datetime
    """When it is sent."""
    topic: str
    payload: bytes


def body(facts: dict[str, Any]) -> bytes:
    """Compact JSON as a device writes it."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()


def native_topic(township: str, sensor: str, quantity: str) -> str:
    return f"risk/{township}/{sensor}/{quantity}"
