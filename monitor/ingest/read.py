"""Message → Readings: whose world, which format, what it says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from monitor.errors import Unreadable
from monitor.ingest.message import MAX_PAYLOAD, Message, address
from monitor.ingest.reading import Reading, Source
from monitor.scope import Scope, Status


def scope_of(message: Message, township: str) -> Scope:
    """Whose world a message belongs to, unreadable or not; raises nothing. A prefix that names
    no drill is still no word about the real world."""
    try:
        return address(message.topic, township).scope
    except Unreadable:
        drill = message.topic.startswith("exercise/")
        return Scope(township, Status.EXERCISE if drill else Status.TEST, "unnamed")


@lru_cache(maxsize=32_768)
def matches(wanted: str, topic: str) -> bool:
    """Whether an MQTT topic filter takes a topic (MQTT 5.0 §4.7): `+` is one level, `#` the
    rest and the parent level, and neither takes a first level that begins with `$`."""
    if topic.startswith("$") and wanted[:1] in ("+", "#"):
        return False
    names, levels = wanted.split("/"), topic.split("/")
    for place, name in enumerate(names):
        if name == "#":
            return True
        if place == len(levels) or name not in ("+", levels[place]):
            return False
    return len(names) == len(levels)


def read(sources: tuple[Source, ...], township: str, message: Message) -> Sequence[Reading]:
    """What the message says, by the first source whose filter takes the bare topic.

    Raises Unreadable → quarantine; NotAReading → counted, nothing kept. Nothing else, whatever
    the bytes.
    """
    if len(message.payload) > MAX_PAYLOAD:
        raise Unreadable("too large", f"{len(message.payload)} bytes")
    scope, topic = address(message.topic, township)
    for source in sources:
        if matches(source.filter, topic):
            return source.format.read(scope, topic, message, source.parameters)
    raise Unreadable("no format for this topic", f"{topic!r:.200}")
