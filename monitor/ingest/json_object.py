"""Bytes → one JSON object, stricter than the standard library, and typed reads from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from monitor.errors import Unreadable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_NAME = 200
"""Characters of a name that becomes part of a key or a row."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("duplicate key")
    return found


def _refuse_constant(name: str) -> float:
    raise Unreadable("NaN or infinite", name)


_decode = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant).decode


def json_object(payload: bytes) -> dict[str, Any]:
    """The object in `payload`. Raises Unreadable: not UTF-8, not JSON (too deep, too many
    digits), not an object, a key twice (which of the two is meant?), NaN or Infinity."""
    try:
        found = _decode(payload.decode())
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8") from error
    except RecursionError as error:
        raise Unreadable("not JSON", "nested too deeply") from error
    except Unreadable:  # is a ValueError itself, and says more
        raise
    except ValueError as error:
        raise Unreadable("not JSON", str(error)[:80]) from error
    if type(found) is not dict:
        raise Unreadable("not an object")
    return found


def number(value: object, name: str) -> float | None:
    """A JSON number as a finite float; null is None. A string or a boolean is no number."""
    if value is None:
        return None
    if type(value) is not float and type(value) is not int:
        raise Unreadable("wrongly typed", f"{name}: {value!r:.80}")
    try:
        found = float(value)
    except OverflowError as error:
        raise Unreadable("NaN or infinite", name) from error
    if not isfinite(found):  # 1e400 is legal JSON
        raise Unreadable("NaN or infinite", name)
    return found


def text(value: object, name: str) -> str:
    """A short printable string: it goes into keys and rows, where a NUL or half a surrogate
    pair would break the store for the whole batch."""
    if type(value) is not str or not value or len(value) > _LONGEST_NAME:
        raise Unreadable("wrongly typed", f"{name}: {value!r:.80}")
    if not value.isprintable():
        raise Unreadable("not printable", f"{name}: {value!r:.80}")
    return value


def texts(value: object, name: str) -> tuple[str, ...]:
    """A list of such strings; null is none of them."""
    if value is None:
        return ()
    if type(value) is not list:
        raise Unreadable("wrongly typed", f"{name}: {value!r:.80}")
    return tuple(text(item, name) for item in value)


def member(parent: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object that stands under `name`."""
    value = parent.get(name)
    if type(value) is not dict:
        raise Unreadable("wrongly typed", f"{name}: {value!r:.80}")
    return value


def instant(value: object, name: str) -> datetime | None:
    """RFC 3339 with its offset → UTC; null is None. Without an offset nobody knows when."""
    if value is None:
        return None
    if type(value) is not str:
        raise Unreadable("unparsable time", f"{name}: {value!r:.80}")
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            raise Unreadable("time without offset", f"{name}: {value!r:.80}")
        return found.astimezone(UTC)
    except Unreadable:
        raise
    except (ValueError, OverflowError) as error:
        raise Unreadable("unparsable time", f"{name}: {value!r:.80}") from error


def since_epoch(value: object, unit: timedelta, name: str) -> datetime | None:
    """A number of `unit` since 1970 → UTC; null is None."""
    count = number(value, name)
    if count is None:
        return None
    try:
        return _EPOCH + count * unit
    except OverflowError as error:
        raise Unreadable("unparsable time", f"{name}: {value!r:.80}") from error


def time_key(at: datetime) -> str:
    """The dedup key of a reading that has no other name than its time."""
    return f"t:{(at - _EPOCH) // _MICROSECOND}"
