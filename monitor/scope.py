"""Whose world a fact belongs to, and ids made from content.

Every key begins with (township, status, drill_id), so that nothing that a drill says can
touch what is real. The door sets the status from the topic; nothing here has a default.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5

_NAMESPACE = UUID("6a3f4f0e-6e4b-5a36-9f3e-2f1d8c1b7a10")


class Status(StrEnum):
    """The words of CAP 1.2 `status`."""

    ACTUAL = "ACTUAL"
    EXERCISE = "EXERCISE"
    TEST = "TEST"


class Scope(NamedTuple):
    """The first part of every key."""

    township: str
    status: Status
    drill_id: str
    """"" when ACTUAL; else the drill's or the test's name."""

    @property
    def is_actual(self) -> bool:
        return self.status is Status.ACTUAL

    def id(self, *parts: str) -> str:
        """The same content gives the same id: deciding twice inserts nothing new."""
        return str(uuid5(_NAMESPACE, "\x1f".join((*self, *parts))))
