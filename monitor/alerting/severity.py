"""How bad, and how sure."""

from __future__ import annotations

from enum import IntEnum, StrEnum


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
