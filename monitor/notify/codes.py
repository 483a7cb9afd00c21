"""The digits people answer with: two open matters of one person never share them."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

_FIRST, _COUNT = 200, 800
"""Three digits, 200–999: none is 1 (收到), none is 110, 119 or 120."""
_RANGES = ((_FIRST, _COUNT), (2000, 8000))
"""Four digits where all of three are taken: a night of a thousand alerts is still answered."""


def code_for(id: str, taken: Collection[str] = ()) -> str:
    """The same id and the same taken codes give the same digits.

    Raises ValueError where all 8,800 are taken.
    """
    start = int.from_bytes(sha256(id.encode()).digest()[:8], "big")
    for first, count in _RANGES:
        for step in range(count):
            code = str(first + (start + step) % count)
            if code not in taken:
                return code
    raise ValueError("every code is taken")


def codes_for(id: str, taken: Collection[str] = ()) -> tuple[str, str]:
    """Yes and no (属实, 误报); the two differ in more than their last digit."""
    yes = code_for(id, taken)
    near = {code for code in (str(n) for n in range(_FIRST, 1000)) if code[:2] == yes[:2]}
    return yes, code_for(id + "no", {*taken, *near})


def long_code_for(id: str, taken: Collection[str] = ()) -> str:
    """Four digits, for what one answer answers together: no single call has them while three
    digits are left. Raises ValueError where all are taken."""
    first, count = _RANGES[1]
    start = int.from_bytes(sha256(id.encode()).digest()[:8], "big")
    for step in range(count):
        if (code := str(first + (start + step) % count)) not in taken:
            return code
    raise ValueError("every code is taken")
