"""In which words: a template and its variables → what the phone shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from string import Template
from typing import NamedTuple


class WordingFault(ValueError):
    """A variable is missing or unknown, or no template fits; the sentence names it."""


class Wording(NamedTuple):
    """A template with its variables filled in."""

    use: str
    variables: Mapping[str, str]
    """Exactly those of the template: an SMS provider refuses more and fewer."""
    text: str
    """The body, without the signature."""


@lru_cache(maxsize=1024)
def names(template: str) -> tuple[str, ...]:
    """The variables of a template, each once, in order of appearance. Raises WordingFault."""
    asked = Template(template)
    if not asked.is_valid():
        raise WordingFault(f"a stray $ in {template!r}")
    return tuple(asked.get_identifiers())


def render(template: str, variables: Mapping[str, str]) -> str:
    """Fill in; a missing or an unknown variable raises WordingFault."""
    wanted = set(names(template))
    if missing := wanted - set(variables):
        raise WordingFault(f"no value for {', '.join(sorted(missing))}")
    if unknown := set(variables) - wanted:
        raise WordingFault(f"no such variable: {', '.join(sorted(unknown))}")
    pieces = _pieces(template)
    return "".join(variables[piece] if n % 2 else piece for n, piece in enumerate(pieces))


@lru_cache(maxsize=1024)
def _pieces(template: str) -> tuple[str, ...]:
    """Text and the name of a variable, in turn: a storm words the same few a thousand times."""
    pieces, end, text = [], 0, ""
    for found in Template.pattern.finditer(template):
        text += template[end : found.start()] + ("$" if found["escaped"] else "")
        if name := found["named"] or found["braced"]:
            pieces += [text, name]
            text = ""
        end = found.end()
    return (*pieces, text + template[end:])


def word(templates: Mapping[str, str], uses: Iterable[str], facts: Mapping[str, str]) -> Wording:
    """The first use of which every variable is known: a message never waits for a fact.

    A use that is not there, or whose template is broken, is passed over, so that a bettered
    template with a fault cannot stop a flood alert. Raises WordingFault where none fits.
    """
    tried = []
    for use in uses:
        tried.append(use)
        try:
            template = templates[use]
            chosen = {name: facts[name] for name in names(template)}
            return Wording(use, chosen, render(template, chosen))
        except (KeyError, WordingFault):
            continue
    raise WordingFault(f"no template fits: {', '.join(tried)}")
