"""Errors that carry the decision they ask for. Whoever catches one knows what to do next."""

from __future__ import annotations


class Unreadable(ValueError):
    """The message goes to quarantine with this reason; the next message is not touched."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class NotAReading(Exception):
    """The message is legal and says nothing about the world (a join, an ack): count it only."""


class SettingsRefused(Exception):
    """The configuration has faults; the service does not start. One line a fault."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class ActRefused(Exception):
    """What a person asked for cannot be done; the sentence tells them why and what to do."""


class NotFound(ActRefused):
    """The thing a person named does not exist."""


class StoreUnavailable(Exception):
    """Nothing was committed: keep the batch, do not acknowledge, try again."""
