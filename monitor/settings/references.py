"""One entry names another: the other must exist."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from monitor.settings.catalog import Catalog, Entry
from monitor.settings.faults import did_you_mean

_WHERE = {
    "village": "places.yaml",
    "site": "places.yaml",
    "sensor": "places.yaml",
    "person": "people.yaml",
    "duty": "people.yaml",
    "channel": "channels.yaml",
    "plan": "plans/",
}


def refer(
    catalog: Catalog,
    entry: Entry[Any],
    named: str | None,
    known: Collection[str],
    what: str,
    *below: str | int,
) -> bool:
    """Whether `named` is one of `known`; None names nothing. A wrong name becomes a fault."""
    if named is None or named in known:
        return True
    hint = did_you_mean(named, known) or "; add it there, or name one that is there"
    entry.fault(catalog.faults, f'no {what} "{named}" in {_WHERE[what]}{hint}', *below)
    return False
