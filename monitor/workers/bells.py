"""The bells of all workers: what one of them kept sets others to work."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.judging.memory import Outcome
from monitor.workers.deliver import Deliver
from monitor.workers.escalate import Escalate


class Bells:
    """Who is rung when something was kept; the workers know each other through it alone."""

    def __init__(self) -> None:
        self.delivers: dict[str, Deliver] = {}
        self.escalate: Escalate | None = None

    def promised(self, channels: Iterable[str]) -> None:
        """Something is to be sent on these channels."""
        for channel in set(channels) & self.delivers.keys():
            self.delivers[channel].bell.ring()

    def look(self) -> None:
        """A ladder may move."""
        if self.escalate is not None:
            self.escalate.look()

    async def looked(self) -> None:
        """Return when every ladder was looked at, or after a while."""
        if self.escalate is not None:
            await self.escalate.looked()

    def look_everywhere(self) -> None:
        """A person did something."""
        self.look()
        self.promised(self.delivers)

    def kept(self, outcome: Outcome) -> None:
        """What ingest decided is kept, and others may go on with it."""
        self.promised({promised.channel for promised in outcome.notifications})
        for escalation in outcome.escalations:
            for ladder in escalation.ladders:
                if self.escalate is not None:
                    self.escalate.begun(ladder.due_at)
        if any(not transition.alert.is_active for transition in outcome.transitions):
            self.look()
