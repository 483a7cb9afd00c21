"""Our own JSON on `risk/<township>/<sensor>/<quantity>`.

    {"value": number | null, "time": RFC 3339 with offset | epoch ms,
     "unit"?: string, "boot"?: id, "seq"?: number, "quality"?: string}

The topic names sensor and quantity. No "value", or null, is MISSING and never 0. No "time":
the reading happened when it came. `(boot, seq)`, where both are given, is the dedup key;
`seq` alone is none, for it starts anew with every boot.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.errors import Unreadable
from monitor.ingest.json_object import instant, json_object, number, since_epoch, text, time_key
from monitor.ingest.message import Message
from monitor.ingest.reading import Format, Reading
from monitor.reference.units import Frozen
from monitor.scope import Scope

_MILLISECOND = timedelta(milliseconds=1)


class Native(Frozen):
    """It needs no parameters."""


def _time(value: object) -> datetime | None:
    if type(value) is int or type(value) is float:
        return since_epoch(value, _MILLISECOND, "time")
    return instant(value, "time")


def _part(value: object, name: str) -> str:
    return str(value) if type(value) is int and -(1 << 63) <= value < 1 << 63 else text(value, name)


def _key(said: dict[str, Any], time: datetime) -> str:
    boot, seq = said.get("boot"), said.get("seq")
    if boot is None or seq is None:
        return time_key(time)
    return f"{_part(boot, 'boot')}:{_part(seq, 'seq')}"


def read(scope: Scope, topic: str, message: Message, parameters: Native) -> Sequence[Reading]:
    """One message is one reading. Raises Unreadable."""
    levels = topic.split("/")
    if len(levels) != 4 or not levels[2] or not levels[3]:
        raise Unreadable("wrong topic", "not risk/<township>/<sensor>/<quantity>")
    _, township, sensor, quantity = levels
    if township != scope.township:
        raise Unreadable("another township", f"{township!r:.80}")
    said = json_object(message.payload)
    time = _time(said.get("time"))
    unit, quality = said.get("unit"), said.get("quality")
    return (
        Reading(
            scope=scope,
            sensor=sensor,
            quantity=quantity,
            value=number(said.get("value"), "value"),
            unit=None if unit is None else text(unit, "unit"),
            device_time=time,
            received_at=message.received_at,
            key=_key(said, time or message.received_at),
            retained=message.retained,
            detail=None,
            device_quality=None if quality is None else text(quality, "quality"),
            redelivered=message.redelivered,
        ),
    )


FORMAT = Format("native", Native, read)
