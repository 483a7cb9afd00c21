"""How bad, and how sure."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer


class Severity(IntEnum):
    """级别; ordered, so that max() is the worst."""

    NORMAL = 0
    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4


ZH = {
    Severity.NORMAL: "正常",
    Severity.BLUE: "蓝",
    Severity.YELLOW: "黄",
    Severity.ORANGE: "橙",
    Severity.RED: "红",
}


class Condition(StrEnum):
    """Unknown is not clear: the last three are states of their own, none clears an alert."""

    OK = "OK"
    OVER = "OVER"
    SUSPECT = "SUSPECT"
    SILENT = "SILENT"
    SILENT_WHILE_RISING = "SILENT_WHILE_RISING"


SEVERITIES = tuple(Severity)
"""Indexed by number: quicker than `Severity(number)`, which judges every reading."""

_WORDS = {severity.name.lower(): severity for severity in SEVERITIES if severity}


def _read(word: object) -> object:
    if isinstance(word, str):
        if word in _WORDS:
            return _WORDS[word]
        raise ValueError(f'"{word}" is no severity; write blue, yellow, orange or red')
    return word


SeverityWord = Annotated[
    Severity,
    BeforeValidator(_read),
    PlainSerializer(lambda severity: severity.name.lower(), when_used="json"),
]
"""A severity as `config/` writes it: blue, yellow, orange or red."""
