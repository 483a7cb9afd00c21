"""What a broken or hostile device could send: messages that are invalid by construction, and valid
ones bent at random.

Each way to be invalid breaks one rule of an otherwise valid message, red by its value, and knows
the reason for which it must be quarantined; why no reading of it could be right stands beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from monitor.ingest.message import MAX_PAYLOAD

DEVICE = "70b3d57ed0000001"
NATIVE = "risk/yunxi/shiqiao-level/level"
EVENTS = "frigate/events"
UPLINK = f"application/1/device/{DEVICE}/event/up"
START = datetime(2026, 7, 14, 18, 0, tzinfo=UTC)
RED = 99.0


class Said(NamedTuple):
    """A message and what must become of it."""

    topic: str
    payload: bytes
    reason: str
    """Of its quarantine; "" where nothing is known of it."""


Fields = dict[str, Any]
Broken = Callable[[Random, str, Fields], Said]


def valid(dice: Random, topic: str) -> Fields:
    """What a sound device would say there; its value would page everybody."""
    at = START + timedelta(seconds=dice.randrange(10**6))
    if topic == NATIVE:
        said: Fields = {"value": RED, "time": at.isoformat(), "unit": "m"}
        return said | {"boot": "1", "seq": dice.randrange(10**9)}
    if topic == UPLINK:
        name = f"{dice.getrandbits(128):032x}"
        moved = {"displacement_mm": RED}
        return {"deduplicationId": name, "time": at.isoformat(), "object": moved}
    after: Fields = {"id": f"{at.timestamp()}-{dice.getrandbits(24):06x}", "camera": "manshui"}
    after |= {"label": "person", "frame_time": at.timestamp(), "top_score": 0.99}
    return {"type": "new", "before": None, "after": after | {"current_zones": ["bridge"]}}


def _json(said: Fields) -> bytes:
    return json.dumps(said).encode()


# --- the text itself ------------------------------------------------------------------------


def _not_utf8(dice: Random, topic: str, said: Fields) -> Said:
    """No byte from F8 on stands anywhere in UTF-8."""
    whole = _json(said)
    at = dice.randrange(len(whole) + 1)
    return Said(topic, whole[:at] + bytes([dice.randrange(0xF8, 256)]) + whole[at:], "not UTF-8")


def _cut(dice: Random, topic: str, said: Fields) -> Said:
    """The brace that closes the object is its last byte: no shorter beginning is whole."""
    whole = _json(said)
    return Said(topic, whole[: dice.randrange(len(whole))], "not JSON")


def _longer(dice: Random, topic: str, said: Fields) -> Said:
    """After an object nothing but blanks may come."""
    tail = dice.choice([b"x", b"{}", b",", b"]", b"\x00", b"0", b"//"])
    return Said(topic, _json(said) + tail, "not JSON")


def _not_of_json(dice: Random, topic: str, said: Fields) -> Said:
    """Each of these members is outside the grammar of RFC 8259."""
    words = [b"'a'", b"01", b"+1", b".5", b"1.", b"0x1", b"True", b"undefined", b'"\n"', b"", b"1,"]
    words += [b'"\\x41"', b"{a: 1}", b"[1,]", b"/**/1", b"[" * 5_000]
    return Said(topic, _json(said)[:-1] + b', "x": ' + dice.choice(words) + b"}", "not JSON")


def _no_object(dice: Random, topic: str, said: Fields) -> Said:
    """Sound JSON, and no object."""
    whole = dice.choice([b"[%s]" % _json(said), b"99.0", b'"99.0"', b"null", b"true", b"[]"])
    return Said(topic, whole, "not an object")


def _twice(dice: Random, topic: str, said: Fields) -> Said:
    """A key that stands twice: which of the two is meant?"""
    key = json.dumps(dice.choice([*said])).encode()
    return Said(topic, b"{%s: 1, %s" % (key, _json(said)[1:]), "duplicate key")


def _not_finite(dice: Random, topic: str, said: Fields) -> Said:
    """Python takes these for numbers; JSON does not."""
    word = dice.choice([b"NaN", b"Infinity", b"-Infinity"])
    return Said(topic, _json(said)[:-1] + b', "x": %s}' % word, "NaN or infinite")


def _huge(dice: Random, topic: str, said: Fields) -> Said:
    """Longer than any message may be."""
    return Said(topic, _json(said) + b" " * MAX_PAYLOAD, "too large")


# --- one field ------------------------------------------------------------------------------

TYPES: Mapping[str, Callable[[Random], Any]] = {
    "text": lambda dice: dice.choice(["99.0", "", "NaN", "九十九"]),
    "truth": lambda dice: dice.random() < 0.5,
    "list": lambda dice: [RED] * dice.randrange(3),
    "object": lambda dice: {"value": RED},
    "number": lambda dice: dice.choice([RED, 0, -1, 1e300]),
}


def _but(*sound: str) -> tuple[str, ...]:
    return tuple(name for name in TYPES if name not in sound)


def _typed(path: str, *sound: str, reason: str = "wrongly typed") -> Broken:
    """A field whose type is none of those that it may have."""
    kinds = _but(*sound)

    def broken(dice: Random, topic: str, said: Fields) -> Said:
        put(said, path, TYPES[dice.choice(kinds)](dice))
        return Said(topic, _json(said), reason)

    return broken


def _given(path: str, reason: str, *values: Any) -> Broken:
    """A field that holds one of these, each of which `reason` is true of."""

    def broken(dice: Random, topic: str, said: Fields) -> Said:
        put(said, path, dice.choice(values))
        return Said(topic, _json(said), reason)

    return broken


def _token(path: str, reason: str, *tokens: bytes) -> Broken:
    """The same, in words that `json` would not write."""

    def broken(dice: Random, topic: str, said: Fields) -> Said:
        put(said, path, "@@")
        return Said(topic, _json(said).replace(b'"@@"', dice.choice(tokens)), reason)

    return broken


def _left_out(path: str, reason: str) -> Broken:
    """A field without which there is no reading."""

    def broken(dice: Random, topic: str, said: Fields) -> Said:
        put(said, path, None)
        return Said(topic, _json(said), reason)

    return broken


def _sent_to(reason: str, *topics: str) -> Broken:
    """A sound payload where it says nothing."""

    def broken(dice: Random, topic: str, said: Fields) -> Said:
        return Said(dice.choice(topics), _json(said), reason)

    return broken


def put(said: Fields, path: str, value: Any) -> None:
    """Set the field at a dotted path."""
    *above, name = path.split(".")
    for level in above:
        said = said[level]
    said[name] = value


TEXT: tuple[Broken, ...] = (_not_utf8, _cut, _longer, _not_of_json, _no_object, _twice, _not_finite)
NO_TIME = ("yesterday", "2026-13-01T00:00:00+08:00", "2026-07-14T25:00:00Z", "", "9" * 60)
NOWHERE = ("2026-07-14T18:00:00", "2026-07-14 18:00:00.5", "20260714T180000")
"""Times without an offset: nobody knows when that was."""
BEYOND = (b"1e400", b"-1e999", b"9" * 400)
"""Numbers of JSON that no float can hold."""
UNPRINTABLE = ("a\x00b", "\ud800", "\x1b[2J", "a\u202eb", "\n")
LONG = "x" * 201
LONG_DRILL = f"exercise/{'d' * 65}/{NATIVE}"

BROKEN: Mapping[str, tuple[Broken, ...]] = {
    NATIVE: (
        *TEXT,
        _typed("value", "number"),
        _token("value", "NaN or infinite", *BEYOND),
        _typed("time", "number", "text", reason="unparsable time"),
        _given("time", "unparsable time", *NO_TIME, 1e300, -1e300),
        _given("time", "time without offset", *NOWHERE),
        _token("time", "NaN or infinite", *BEYOND),
        _typed("unit", "text"),
        _given("unit", "wrongly typed", "", LONG),
        _given("unit", "not printable", *UNPRINTABLE),
        _typed("quality", "text"),
        _given("quality", "not printable", *UNPRINTABLE),
        _given("boot", "wrongly typed", [], {}, True, 1.5, "", LONG),
        _given("seq", "not printable", *UNPRINTABLE),
        _sent_to("another township", "risk/other/shiqiao-level/level"),
        _sent_to("wrong topic", "risk/yunxi//level", "risk/yunxi/shiqiao-level/"),
        _sent_to("topic without a drill", f"exercise//{NATIVE}", f"test//{NATIVE}", LONG_DRILL),
    ),
    UPLINK: (
        *TEXT,
        _left_out("object", "not decoded"),
        _typed("object", "object"),
        _typed("object.displacement_mm", "number"),
        _token("object.displacement_mm", "wrongly typed", *BEYOND),
        _typed("deduplicationId", "text"),
        _given("deduplicationId", "wrongly typed", "", LONG),
        _given("deduplicationId", "not printable", *UNPRINTABLE),
        _typed("time", "text", reason="unparsable time"),
        _given("time", "unparsable time", *NO_TIME),
        _given("time", "time without offset", *NOWHERE),
        _sent_to("unknown sensor", UPLINK.replace("0001", "9999"), UPLINK.replace(DEVICE, "x")),
    ),
    EVENTS: (
        *TEXT,
        _typed("after", "object"),
        _left_out("after", "wrongly typed"),
        _typed("after.camera", "text"),
        _given("after.camera", "unknown sensor", "garden", "manshui2"),
        _typed("after.id", "text"),
        _given("after.id", "not printable", *UNPRINTABLE),
        _typed("after.label", "text"),
        _left_out("after.label", "wrongly typed"),
        _typed("after.frame_time", "number"),
        _given("after.frame_time", "unparsable time", 1e300, -1e300),
        _token("after.frame_time", "NaN or infinite", *BEYOND),
        _typed("after.top_score", "number"),
        _given("after.current_zones", "wrongly typed", "bridge", 1, {}, [1], [None], [["a"]], [""]),
    ),
}
"""Every way that a decoder itself must refuse, by the topic of the format."""

JUDGED: tuple[Broken, ...] = (
    _sent_to("unknown sensor", "risk/yunxi/nobody/level"),
    _sent_to("wrong quantity", "risk/yunxi/shiqiao-level/rain"),
    _given("unit", "wrong unit", "furlong", "米", "kPa", "°C"),
)
"""Sound words of a native message that cannot be true of its sensor."""


def invalid(dice: Random) -> Said:
    """One that a decoder must refuse; a huge one now and then, for it is slow to carry."""
    topic = dice.choice((NATIVE, UPLINK, EVENTS))
    broken = _huge if dice.random() < 0.0005 else dice.choice(BROKEN[topic])
    return broken(dice, topic, valid(dice, topic))


def invalid_served(dice: Random) -> Said:
    """One that the service must refuse, be it as late as in the judging."""
    if dice.random() < 0.1:
        return dice.choice(JUDGED)(dice, NATIVE, valid(dice, NATIVE))
    return invalid(dice)


def bent(dice: Random) -> Said:
    """A sound message in which one to four places were hit; it may be sound still."""
    topic = dice.choice((NATIVE, UPLINK, EVENTS))
    whole = bytearray(_json(valid(dice, topic)))
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(whole) + 1)
        end = min(len(whole), at + dice.randint(1, 8))
        match dice.randrange(5):
            case 0 if whole:
                whole[at % len(whole)] ^= 1 << dice.randrange(8)
            case 1:
                del whole[at:end]
            case 2:
                whole[at:at] = dice.choice(TOKENS)
            case 3:
                whole[at:at] = whole[at:end]
            case _:
                whole[at:end] = dice.choice(TOKENS)
    return Said(topic, bytes(whole), "")


TOKENS = [b"null", b"true", b"{", b"}", b"[", b"]", b'"', b":", b",", b"-", b"1e5", b"\\u0000"]
TOKENS += [b"\\ud83c", b"\xf0\x9f\x8c\x8a", b'"time"', b'"value"', b"-0.0", b" ", b"\\", b"9" * 30]
