"""What SMS providers post to a hook, as far as they agree. Pure: bytes in, rows out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.errors import Unreadable
from monitor.reference.phones import normalise

BEIJING = ZoneInfo("Asia/Shanghai")
"""Providers write times without an offset, and mean this one."""
_UNREACHABLE = ("空号", "停机", "关机", "服务区", "无法接通", "无人接听", "未接", "占线", "拒接")
"""What operators say of a phone; their codes differ from network to network."""
_RANG_OUT = ("无人接听", "未接", "占线", "拒接")
"""Those of them that were heard from a phone that is on."""


def rows(body: bytes, *needed: str) -> list[Mapping[str, Any]]:
    """The objects of a JSON array, or the one object alone; each has the needed fields."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise Unreadable("callback is not JSON") from fault
    found = found if isinstance(found, list) else [found]
    for row in found:
        if not isinstance(row, dict):
            raise Unreadable("callback is not made of objects")
        if missing := [name for name in needed if row.get(name) is None]:
            raise Unreadable("callback lacks a field", ", ".join(missing))
    return found


def text(row: Mapping[str, Any], name: str) -> str:
    """The field as text; "" where it is missing."""
    value = row.get(name)
    return "" if value is None else str(value)


def phone(row: Mapping[str, Any], name: str) -> str:
    """Without country code; a number that is none of ours stays as it came, for the desk to see."""
    written = text(row, name)
    try:
        return normalise(written)
    except ValueError:
        return written


def is_unreachable(words: str) -> bool:
    """Whether the operator says that it was the phone, not the channel."""
    return any(word in words for word in _UNREACHABLE)


def rang_out(words: str) -> bool:
    """Whether the phone was on and nobody took the call."""
    return any(word in words for word in _RANG_OUT)


def beijing_time(written: str) -> datetime:
    """ "2017-01-01 11:12:13", Beijing time."""
    try:
        return datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError as fault:
        raise Unreadable("callback has no usable time", written) from fault
