"""Quantities, their canonical units and resolutions, and how a device's unit becomes ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_\-]{0,63}$")]
"""An id in `config/`: ASCII, stable for life, never a name."""


class Frozen(BaseModel):
    """Base of all that is declared in `config/`: immutable, strict, no unknown key, no NaN."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)\s*$")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def duration(text: object) -> object:
    """ "15 min" → timedelta. Units: ms, s, min, h, d. Anything else is left to be refused."""
    if isinstance(text, str):
        if match := _DURATION.match(text):
            return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])
        raise ValueError(f'"{text}" is no duration; write a number and ms, s, min, h or d')
    return text


Duration = Annotated[timedelta, BeforeValidator(duration)]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a sensor measures. Values are stored in `unit` and judged at `decimals`."""

    name: str
    unit: str
    decimals: int


QUANTITIES: dict[str, Quantity] = {
    q.name: q
    for q in (
        Quantity("level", "m", 3),
        Quantity("rain", "mm", 1),
        Quantity("rain_rate", "mm/h", 1),
        Quantity("discharge", "m³/s", 3),
        Quantity("displacement", "mm", 1),
        Quantity("temperature", "°C", 1),
        Quantity("voltage", "V", 2),
        Quantity("battery", "%", 0),
        Quantity("detection", "1", 3),
    )
}
"""`level`: elevation in the site's datum. `rain`: the amount since the reading before, never a
running total. `displacement`: movement since installation. `detection`: a camera's score, 0–1."""

_FACTORS: dict[tuple[str, str], float] = {
    ("m", "m"): 1.0,
    ("cm", "m"): 0.01,
    ("mm", "m"): 0.001,
    ("ft", "m"): 0.3048,  # international foot, exact
    ("in", "m"): 0.0254,
    ("mm", "mm"): 1.0,
    ("cm", "mm"): 10.0,
    ("in", "mm"): 25.4,
    ("mm/h", "mm/h"): 1.0,
    ("m³/s", "m³/s"): 1.0,
    ("m3/s", "m³/s"): 1.0,
    ("ft³/s", "m³/s"): 0.3048**3,
    ("°C", "°C"): 1.0,
    ("V", "V"): 1.0,
    ("mV", "V"): 0.001,
    ("%", "%"): 1.0,
    ("1", "1"): 1.0,
}


def factor(unit: str, quantity: Quantity) -> float:
    """What to multiply a value in `unit` by; KeyError where the unit does not fit."""
    return _FACTORS[unit, quantity.unit]


def units_for(quantity: Quantity) -> tuple[str, ...]:
    """The units a device may use for this quantity."""
    return tuple(unit for unit, canonical in _FACTORS if canonical == quantity.unit)
