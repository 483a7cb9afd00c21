"""What becomes of a promise after its attempts (invariant 3): decided here, kept by the store.

A refused or busy attempt is no copy. An unsure one may be a copy: it is asked about where the
provider can be asked, else sent once more. After a second unsure one, or where the provider does
not tell, the promise is UNSURE, said so, and the next channel is taken. Never more than two copies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from monitor.notify.channel import SendOutcome


class Delivery(StrEnum):
    """Where a promise stands."""

    WAITING = "waiting"  # to be sent at its time
    SENDING = "sending"  # claimed; its lease runs
    ACCEPTED = "accepted"  # the provider took it
    FAILED = "failed"  # no copy went out, and none will: the next channel is taken
    UNSURE = "unsure"  # two attempts may have gone out: said so, the next channel is taken
    MERGED = "merged"  # told in another message, which is on its way
    HELD = "held"  # every way to that person is dead: it goes out when one is back
    SUPERSEDED = "superseded"  # withdrawn before it was sent: answered, worsened, stood down


SETTLED = frozenset({Delivery.ACCEPTED, Delivery.FAILED, Delivery.UNSURE, Delivery.SUPERSEDED})
UNREACHED = frozenset({Delivery.FAILED, Delivery.UNSURE})
"""The states that hurry the escalation."""

MOST_COPIES = 2
MAX_BUSY = 5
"""Attempts that a provider may put off before the channel counts as failed."""
FIRST_BACK_OFF = timedelta(seconds=2)
"""Doubled after each busy answer: 2, 4, 8, 16 s, half a minute in all."""


class Next(NamedTuple):
    """What the promise is now, and how long to wait before the next attempt (0 s: at once)."""

    state: Delivery
    wait: timedelta


def after(outcomes: Sequence[SendOutcome]) -> Next:
    """Where a promise stands after these attempts, in their order.

    An attempt whose lease ran out without a record counts as UNSURE: it may have been sent.
    """
    if not outcomes:
        return Next(Delivery.WAITING, timedelta(0))
    if SendOutcome.ACCEPTED in outcomes:
        return Next(Delivery.ACCEPTED, timedelta(0))
    last = outcomes[-1]
    if last is SendOutcome.REFUSED:
        return Next(Delivery.FAILED, timedelta(0))
    if outcomes.count(SendOutcome.UNSURE) >= MOST_COPIES or last is SendOutcome.UNKNOWN:
        return Next(Delivery.UNSURE, timedelta(0))
    if last is SendOutcome.UNSURE:
        return Next(Delivery.WAITING, timedelta(0))
    busy = outcomes.count(SendOutcome.BUSY)
    if busy < MAX_BUSY:
        return Next(Delivery.WAITING, FIRST_BACK_OFF * 2 ** (busy - 1))
    unsure = SendOutcome.UNSURE in outcomes
    return Next(Delivery.UNSURE if unsure else Delivery.FAILED, timedelta(0))


def asks_first(outcomes: Sequence[SendOutcome]) -> bool:
    """Whether the next attempt must first ask the provider what became of an unsure one.

    Not when it was asked and knew of no such message (BUSY): two seconds later it is sent once
    more, or one that got lost on the way would never be said by this channel.
    """
    return bool(outcomes) and outcomes[-1] in (SendOutcome.UNSURE, SendOutcome.UNKNOWN)
