"""Whether a channel gets through, judged by its own attempts alone. Pure: a fold over receipts.

ok → failing → dead; a dead one is asked every few seconds whether it answers, and one message
tries it before the others follow. A person's dead phone says nothing against a channel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.notify.channel import Receipt, SendOutcome

DEAD_AFTER = 3
"""Attempts in a row that failed by the channel's own fault. Three busy answers come within 6 s,
three refused connections within 15 s, and of eight calls side by side that hang all eight in 5."""
QUIET = timedelta(seconds=5)
"""A channel that got a message through within that time is not dead: one in seven may fail by
chance, and in a storm three in a row soon do."""
ASK_EVERY = timedelta(seconds=15)
"""How often a dead channel is asked whether it answers; nothing is sent by that."""
TRY_AT_LEAST_EVERY = timedelta(minutes=2)
"""One that answers and still takes no message is tried less and less often, to this."""


class ChannelState(StrEnum):
    OK = "ok"
    FAILING = "failing"  # the last attempts failed, too few to give it up; or it is being tried
    DEAD = "dead"  # nothing is sent by it: what waits takes another way


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel does."""

    channel: str
    state: ChannelState = ChannelState.OK
    since: datetime | None = None
    """When the first of the failures in a row was learned; None while it is ok."""
    reason: str = ""
    """Why the last one failed, in the provider's words."""
    failures: int = 0
    """In a row."""
    trials: int = 0
    """Messages that tried it in vain since it was dead."""
    on_trial: bool = False
    """It answers again, and one message tries it."""
    good_at: datetime | None = None
    """When a message got through last; None: not known."""

    @property
    def is_dead(self) -> bool:
        """Whether nothing is sent by it now."""
        return self.state is ChannelState.DEAD

    @property
    def is_down(self) -> bool:
        """Whether nothing has got through since it was dead: it is no way for anybody else."""
        return self.is_dead or self.on_trial


def after_attempt(before: Health, receipt: Receipt, now: datetime) -> Health:
    """What an attempt says of its channel. A number that is out of service was looked up by a
    provider that lives."""
    if receipt.outcome is SendOutcome.ACCEPTED or receipt.blames_person:
        return Health(before.channel, good_at=now)
    failures = before.failures + 1
    lately = before.good_at is not None and now - before.good_at < QUIET
    dead = before.is_dead or before.on_trial or (failures >= DEAD_AFTER and not lately)
    return replace(
        before,
        state=ChannelState.DEAD if dead else ChannelState.FAILING,
        since=before.since or now,
        reason=receipt.reason,
        failures=failures,
        trials=before.trials + before.on_trial,
        on_trial=False,
    )


def tried_again(before: Health) -> Health:
    """A dead channel answers, or cannot be asked: one message may try it."""
    return replace(before, state=ChannelState.FAILING, on_trial=True)


def asked_after(health: Health) -> timedelta:
    """How long a dead channel is left alone before it is asked again."""
    return min(ASK_EVERY * (1 << min(health.trials, 10)), TRY_AT_LEAST_EVERY)
