"""Never more than two copies, whatever the provider answers."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.channel import SendOutcome
from monitor.notify.delivery import MAX_BUSY, SETTLED, Delivery, after, asks_first

ACCEPTED, REFUSED = SendOutcome.ACCEPTED, SendOutcome.REFUSED
BUSY, UNSURE = SendOutcome.BUSY, SendOutcome.UNSURE


def test_a_refused_attempt_is_no_copy_and_ends_the_channel() -> None:
    assert after([REFUSED]).state is Delivery.FAILED


def test_an_unsure_attempt_is_asked_about_and_sent_once_more() -> None:
    assert after([UNSURE]).state is Delivery.WAITING
    assert asks_first([UNSURE])
    assert not asks_first([BUSY])


def test_a_second_unsure_attempt_is_said_so() -> None:
    assert after([UNSURE, BUSY, UNSURE]).state is Delivery.UNSURE


def test_a_busy_provider_is_given_longer_each_time_and_then_up() -> None:
    waits = [after([BUSY] * n).wait for n in range(1, MAX_BUSY)]
    assert waits == [timedelta(seconds=s) for s in (2, 4, 8, 16)]
    assert after([BUSY] * MAX_BUSY).state is Delivery.FAILED


def test_what_may_have_gone_out_is_not_called_failed_because_the_line_is_busy() -> None:
    assert after([UNSURE, *[BUSY] * MAX_BUSY]).state is Delivery.UNSURE


@given(st.lists(st.sampled_from(SendOutcome), max_size=20))
def test_no_run_of_answers_makes_more_than_two_copies(answers: list[SendOutcome]) -> None:
    tried: list[SendOutcome] = []
    for answer in answers:
        if after(tried).state in SETTLED:
            break
        tried.append(answer)
    assert tried.count(ACCEPTED) + tried.count(UNSURE) <= 2


def test_a_promise_settles_within_eight_attempts() -> None:
    assert after([BUSY] * 4 + [UNSURE] + [BUSY]).state in SETTLED
