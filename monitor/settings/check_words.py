"""An orange or red SMS of two parts may arrive in pieces: names and texts must fit one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.notify.sheet import LONGEST, ONE_PART, characters, faults
from monitor.notify.templates import SHIPPED, complete
from monitor.notify.wording import WordingFault, names, render
from monitor.reference.places import SiteKind
from monitor.settings.catalog import Entry
from monitor.settings.declared import Declared, Templates
from monitor.settings.faults import did_you_mean

_CALLS = ("orange", "red", "worse", "downstream", "superior", "bridge")
"""Uses, and those that begin with them, that go out at orange or red."""
_Own = Mapping[str, tuple[str, Entry[Any]]]


def check_words(declared: Declared) -> None:
    """The township's own texts, and the shipped calls, at the longest names of the township."""
    if declared.service is None or declared.templates is None:
        return
    signature = f"{declared.service.value.township.name.removesuffix('政府')}政府"
    own = _longest(declared)
    longest = {**LONGEST, **{name: value for name, (value, _) in own.items()}}
    _check_own(declared, declared.templates, signature, longest)
    _check_names(declared, declared.templates.value.templates, signature, own, longest)


def _longest(declared: Declared) -> _Own:
    """The longest value that a variable takes in this township, with the entry it stands in."""
    sites: list[tuple[str, Entry[Any]]] = [(s.value.name, s) for s in declared.sites]
    values: dict[str, list[tuple[str, Entry[Any]]]] = {
        "site": sites,
        "bridge": [(name, s) for name, s in sites if s.value.kind is SiteKind.FORD],
        "area": [(v.value.area or v.value.name, v) for v in declared.villages],
        "duty": [(d.value.title, d) for d in declared.duties],
    }
    return {k: max(v, key=lambda pair: len(pair[0])) for k, v in values.items() if v}


def _check_own(
    declared: Declared, entry: Entry[Templates], signature: str, longest: Mapping[str, str]
) -> None:
    """Texts that better the shipped ones: a use that exists, variables that are filled, and
    nothing that a provider refuses."""
    for use, text in entry.value.templates.items():
        found = []
        if use not in complete():
            found.append(f'no message is called "{use}"{did_you_mean(use, SHIPPED)}')
        try:
            unknown = sorted(set(names(text)) - longest.keys())
        except WordingFault as stray:
            found.append(f"{use}: {stray}")
        else:
            found += [f"{use}: no variable ${{{n}}}{did_you_mean(n, longest)}" for n in unknown]
            if not unknown and not use.startswith("voice_"):
                found += [f"{use}: {fault}" for fault in faults(text, signature, longest)]
        for fault in found:
            entry.fault(declared.catalog.faults, fault, "templates", use)


def _check_names(
    declared: Declared,
    bettered: Mapping[str, str],
    signature: str,
    own: _Own,
    longest: Mapping[str, str],
) -> None:
    """Shipped calls that become too long by a name: told once, where the longest one stands."""
    worst: dict[str, tuple[int, str, Entry[Any]]] = {}
    for use, text in SHIPPED.items():
        filled = [own[name] for name in names(text) if name in own]
        if use in bettered or not use.startswith(_CALLS) or not filled:
            continue
        chosen = {name: longest.get(name, name) for name in names(text)}
        length = characters(f"【{signature}】{render(text, chosen)}")
        name, entry = max(filled, key=lambda pair: len(pair[0]))
        if length > max(ONE_PART, worst.get(name, (0,))[0]):
            worst[name] = (length, use, entry)
    for name, (length, use, entry) in worst.items():
        text = f'with "{name}" the SMS "{use}" has {length} characters, two parts; shorten the '
        text += f"name, or better the text under templates ({use}) to {ONE_PART}"
        entry.fault(declared.catalog.faults, text)
