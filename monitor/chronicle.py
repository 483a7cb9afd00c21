"""The journal as a file, one JSON line an entry, and whether every byte of it still stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from monitor.journal import GENESIS, Chain, follow
from monitor.scope import Scope
from monitor.store.store import Store

PAGE = 5_000
"""Lines read at once: a year's journal need not fit in memory."""

_LINE = re.compile(r'\{"seq":([1-9]\d*),"hash":"([0-9a-f]{64})","entry":(\{.*\})\}\n')
"""Exactly what `export` writes: the text of an entry stands in it byte by byte."""


async def export(store: Store, scope: Scope, out: Path) -> int:
    """Write a scope's journal, oldest first; how many lines."""
    seq = 0
    with out.open("w", encoding="utf-8", newline="\n") as file:
        while lines := await store.journal(scope, seq, limit=PAGE):
            for line in lines:
                file.write(f'{{"seq":{line.seq},"hash":"{line.hash}","entry":{line.text}}}\n')
            seq = lines[-1].seq
    return seq


def verify(file: Path, kept: str = GENESIS) -> Chain:
    """Follow the chain of an exported file; `kept`: a head that was written down elsewhere."""
    return follow(_lines(file), kept)


def _lines(file: Path) -> Iterator[tuple[int, str, str]]:
    with file.open("rb") as lines:
        for line in lines:
            try:
                found = _LINE.fullmatch(line.decode())
            except UnicodeDecodeError:
                found = None
            yield (int(found[1]), found[3], found[2]) if found else (0, "", "")
