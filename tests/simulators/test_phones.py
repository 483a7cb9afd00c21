"""People behind numbers: each habit, by seed and by clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import FastClock
from simulators.gateways.messages import Accepted, Answer, Report
from simulators.phones import RECEIPT, Habit, Phone, Phones, plan

AT = datetime(2026, 6, 1, 3, 12, tzinfo=UTC)
MESSAGE = Accepted("aliyun", "13800000001", "红级叫应，收到回31。", "n-1", "1^0", AT)


class Seen(NamedTuple):
    minutes: float
    text: str | bool


def seen(phone: Phone, message: Accepted = MESSAGE, seed: int = 1) -> list[Seen]:
    return [
        Seen(
            (event.at - AT) / timedelta(minutes=1),
            event.text if isinstance(event, Answer) else event.delivered,
        )
        for event in plan(phone, message, seed)
    ]


def prompt(habit: Habit) -> Phone:
    return Phone(MESSAGE.to, habit, after=timedelta(minutes=4), spread=timedelta())


@pytest.mark.parametrize(
    ("habit", "answers"),
    [
        (Habit.CODE, [True, "31"]),
        (Habit.RECEIVED, [True, "收到"]),
        (Habit.TWICE, [True, "31", "31"]),
        (Habit.NEVER, [True]),
        (Habit.DEAD, [False]),
    ],
)
def test_each_habit_answers_in_its_own_way(habit: Habit, answers: list[str | bool]) -> None:
    assert [event.text for event in seen(prompt(habit))] == answers


def test_an_answer_comes_after_its_minutes() -> None:
    assert [event.minutes for event in seen(prompt(Habit.TWICE))][1:] == [4, 8]


def test_a_message_that_asks_nothing_gets_no_answer() -> None:
    told = Accepted("aliyun", MESSAGE.to, "不用回复。", "n-1", "1^0", AT)
    assert [event.text for event in seen(prompt(Habit.CODE), told)] == [True]


def test_a_call_is_answered_with_its_key() -> None:
    call = Accepted("aliyun_voice", MESSAGE.to, "听清按1，重听按3。", "n-1", "1^0", AT)
    assert [event.text for event in seen(prompt(Habit.RECEIVED), call)] == [True, "1"]


@given(seed=st.integers(), minutes=st.integers(0, 60), spread=st.integers(0, 600))
def test_the_same_seed_tells_the_same_story_within_the_spread(
    seed: int, minutes: int, spread: int
) -> None:
    phone = Phone(MESSAGE.to, Habit.CODE, timedelta(minutes=minutes), timedelta(seconds=spread))
    first, again = plan(phone, MESSAGE, seed), plan(phone, MESSAGE, seed)
    assert first == again
    earliest = max(AT + phone.after, AT + RECEIPT)
    assert earliest <= first[-1].at <= max(AT + phone.after + phone.spread, AT + RECEIPT)


def test_what_is_due_is_taken_once_and_in_order() -> None:
    clock = FastClock(AT, 1)
    phones = Phones([prompt(Habit.CODE)], seed=1, clock=clock, post=lambda event: None)
    phones.ring(MESSAGE)
    assert phones.rang(MESSAGE.to) == (MESSAGE,)
    assert [type(event) for event in phones.due(AT + timedelta(minutes=3))] == [Report]
    assert not phones.is_quiet
    assert [type(event) for event in phones.due(AT + timedelta(minutes=4))] == [Answer]
    assert phones.is_quiet


async def test_a_running_phone_answers_as_the_clock_reaches_it() -> None:
    clock = FastClock(AT, 6000)
    posted: list[Answer | Report] = []
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def post(event: Answer | Report) -> None:
        posted.append(event)
        if isinstance(event, Answer):
            loop.call_soon_threadsafe(done.set)

    phones = Phones([prompt(Habit.CODE)], seed=1, clock=clock, post=post)
    phones.ring(MESSAGE)
    async with asyncio.timeout(10):
        running = asyncio.create_task(phones.run(), name="phones")
        await done.wait()
        running.cancel()
    assert [type(event) for event in posted] == [Report, Answer]
    assert clock.now() >= posted[-1].at
