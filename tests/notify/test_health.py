"""A channel is judged by its own attempts: three in a row, none lately got through, it is dead."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.channel import Receipt, SendOutcome
from monitor.notify.health import (
    DEAD_AFTER,
    QUIET,
    TRY_AT_LEAST_EVERY,
    ChannelState,
    Health,
    after_attempt,
    asked_after,
    tried_again,
)
from tests.notify.township import NIGHT

GOOD = Receipt(SendOutcome.ACCEPTED, "p-1", "OK", False)
HUNG = Receipt(SendOutcome.UNSURE, "", "no answer in time", False)
OFF = Receipt(SendOutcome.REFUSED, "", "停机", True)
NEW = Health("sms")


def after(*receipts: Receipt, known: Health = NEW, apart: float = 1.0) -> Health:
    """After these, so many seconds apart."""
    for n, receipt in enumerate(receipts, 1):
        known = after_attempt(known, receipt, NIGHT + timedelta(seconds=n * apart))
    return known


def test_three_failures_in_a_row_are_death_and_two_are_not() -> None:
    assert after(HUNG, HUNG).state is ChannelState.FAILING
    dead = after(HUNG, HUNG, HUNG)
    assert (dead.state, dead.reason) == (ChannelState.DEAD, "no answer in time")
    assert dead.since == NIGHT + timedelta(seconds=1), "it began with the first of them"


def test_a_dead_phone_says_that_the_provider_lives() -> None:
    assert after(HUNG, HUNG, OFF).state is ChannelState.OK
    assert after(*[OFF] * 9).state is ChannelState.OK


def test_chance_failures_of_a_busy_channel_are_not_its_death() -> None:
    assert after(GOOD, *[HUNG] * 9, apart=0.1).state is ChannelState.FAILING
    lately = QUIET.total_seconds() / DEAD_AFTER
    assert after(GOOD, *[HUNG] * DEAD_AFTER, apart=lately).is_dead


def test_one_message_tries_it_and_either_ends_its_death_or_prolongs_it() -> None:
    tried = tried_again(after(HUNG, HUNG, HUNG))
    assert tried.on_trial and not tried.is_dead
    again = after(HUNG, known=tried)
    assert again.is_dead and again.since == tried.since
    assert after(GOOD, known=tried).state is ChannelState.OK


def test_one_that_answers_and_takes_nothing_is_tried_less_often_to_two_minutes() -> None:
    known, waits = after(HUNG, HUNG, HUNG), []
    for _ in range(5):
        waits.append(asked_after(known).total_seconds())
        known = after(HUNG, known=tried_again(known))
    assert waits == [15, 30, 60, 120, TRY_AT_LEAST_EVERY.total_seconds()]


@given(st.lists(st.sampled_from([GOOD, HUNG, OFF]), max_size=30))
def test_it_is_ok_exactly_while_the_last_attempt_was_no_failure_of_its_own(
    receipts: list[Receipt],
) -> None:
    known = after(*receipts)
    assert (known.state is ChannelState.OK) is (not receipts or receipts[-1] is not HUNG)
    assert (known.since is None) is (known.state is ChannelState.OK)
