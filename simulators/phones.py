"""Phones with habits: what the people behind the numbers do once a message has come.

What will happen is planned when the message comes, from the seed, the number and the message
alone, so that the same seed gives the same story whatever the threads do.
"""

from __future__ import annotations

import asyncio
import heapq
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from monitor.clock import Clock
from simulators.gateways.messages import Accepted, Answer, Report

_CODE = re.compile(r"回(\d{1,6})")
_KEY = re.compile(r"听清按(\d)")
RECEIPT = timedelta(seconds=3)  # an operator's usual delay
LOOK_S = 0.02  # real seconds between two looks at the clock


class Habit(StrEnum):
    CODE = "answers with the code"
    RECEIVED = "says 收到, whatever is asked"
    TWICE = "answers late, and twice"
    NEVER = "gets it and never answers"
    DEAD = "is switched off"


@dataclass(frozen=True, slots=True)
class Phone:
    """One address (number, or WeCom user) and its owner's habit."""

    address: str
    habit: Habit = Habit.CODE
    after: timedelta = timedelta(minutes=2)
    """From the message to the answer; TWICE answers again as long after that."""
    spread: timedelta = timedelta(seconds=30)
    """Up to so much later, by the seed."""


def plan(phone: Phone, message: Accepted, seed: int) -> tuple[Answer | Report, ...]:
    """All that will come of this message, in order of time; no answer where none is asked for."""
    if phone.habit is Habit.DEAD:
        return (Report(message.at + RECEIPT, message, delivered=False),)
    got = Report(message.at + RECEIPT, message, delivered=True)
    key = _KEY.search(message.text)
    asked = key or _CODE.search(message.text)
    if asked is None or phone.habit is Habit.NEVER:
        return (got,)
    chance = random.Random(f"{seed}/{phone.address}/{message.reference or message.text}")
    wait = phone.after + phone.spread * chance.random()
    text = "收到" if phone.habit is Habit.RECEIVED and key is None else asked[1]
    first = Answer(message.at + max(wait, RECEIPT), message, text)
    if phone.habit is Habit.TWICE:
        return got, first, first._replace(at=first.at + phone.after)
    return got, first


class Phones:
    """Rings on the gateway's threads, answers on its own task.

    `post` carries an answer or a report to the service (Gateway.post); it runs on a worker
    thread, because it waits for the service. A number nobody owns behaves as `Habit.NEVER`.
    """

    def __init__(
        self,
        phones: Iterable[Phone],
        *,
        seed: int,
        clock: Clock,
        post: Callable[[Answer | Report], object],
    ) -> None:
        self._phones = {phone.address: phone for phone in phones}
        self._seed = seed
        self._clock = clock
        self._post = post
        self._lock = Lock()
        self._due: list[tuple[datetime, int, Answer | Report]] = []
        self._planned = 0
        self._rang: list[Accepted] = []

    def ring(self, message: Accepted) -> None:
        """A message came; from any thread."""
        phone = self._phones.get(message.to) or Phone(message.to, Habit.NEVER)
        with self._lock:
            self._rang.append(message)
            for event in plan(phone, message, self._seed):
                self._planned += 1
                heapq.heappush(self._due, (event.at, self._planned, event))

    def rang(self, address: str) -> tuple[Accepted, ...]:
        """What came to that number, in order."""
        with self._lock:
            return tuple(message for message in self._rang if message.to == address)

    def due(self, now: datetime) -> tuple[Answer | Report, ...]:
        """Take out all that has happened by `now`, in order."""
        taken = []
        with self._lock:
            while self._due and self._due[0][0] <= now:
                taken.append(heapq.heappop(self._due)[2])
        return tuple(taken)

    def become(self, address: str, habit: Habit) -> None:
        """From now on the owner of that number does this; what is planned still happens."""
        with self._lock:
            self._phones[address] = replace(self._phones[address], habit=habit)

    @property
    def next_at(self) -> datetime | None:
        """When the next thing happens; None: nothing is planned."""
        with self._lock:
            return self._due[0][0] if self._due else None

    @property
    def is_quiet(self) -> bool:
        """Nobody is going to answer any more."""
        with self._lock:
            return not self._due

    async def run(self) -> None:
        """Post what happens as the clock reaches it, until cancelled."""
        while True:
            for event in self.due(self._clock.now()):
                await asyncio.to_thread(self._post, event)
            await self._clock.wait(LOOK_S)
