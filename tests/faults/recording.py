"""What a process wrote to a store, call by call, and what a disk holds when the power goes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

STORE, LOG, MARK = 0, 1, 2
SECTOR = 512
_HEAD = struct.Struct("<cbQQ")


class Call(NamedTuple):
    """One call that succeeded."""

    kind: str
    """W write, S sync, T truncate, U unlink."""
    file: int
    offset: int
    """Of a write; the new length of a truncation."""
    content: bytes


def calls(log: Path) -> Iterator[Call]:
    """In the order in which they were made."""
    content, at = log.read_bytes(), 0
    while at < len(content):
        kind, file, offset, length = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        yield Call(kind.decode(), file, offset, content[at : at + length])
        at += length


def left_by(made: Sequence[Call], dice: Random, *, reordered: bool) -> dict[int, bytearray | None]:
    """By file what is on the disk when the power goes in the last of these calls, torn there.

    What was synced is there. Of what was not, all that came before, or `reordered` any part of
    it: a disk writes in an order of its own. None: the file is not there.
    """
    synced = {call.file: n for n, call in enumerate(made) if call.kind == "S"}
    files: dict[int, bytearray | None] = {STORE: None, LOG: None}
    for n, call in enumerate(made):
        if call.file not in files or call.kind == "S":
            continue
        durable = n < synced.get(call.file, -1)
        if reordered and not durable and call.kind == "W" and dice.random() < 0.5:
            continue
        torn = n == len(made) - 1 and call.kind == "W"
        _apply(files, call, _torn(call.content, dice) if torn else call.content)
    return files


def _torn(content: bytes, dice: Random) -> bytes:
    """Some sectors of it, in their order."""
    return content[: dice.randrange(0, len(content) + 1, SECTOR) if len(content) > SECTOR else 0]


def _apply(files: dict[int, bytearray | None], call: Call, content: bytes) -> None:
    if call.kind == "U":
        files[call.file] = None
        return
    found = files[call.file]
    file = bytearray() if found is None else found
    files[call.file] = file
    if call.kind == "T":
        del file[call.offset :]
        file.extend(bytes(call.offset - len(file)))
    elif content:
        file.extend(bytes(max(0, call.offset + len(content) - len(file))))
        file[call.offset : call.offset + len(content)] = content
