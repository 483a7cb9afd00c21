"""Keeps the retained state of every site on the broker as it is here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from monitor.clock import Clock
from monitor.judging.announced import announced
from monitor.judging.memory import Knowledge, Memory
from monitor.mqtt import PublishRefused, Subscriber
from monitor.workers.supervise import TURN_S, Board

EVERY_S = 5.0
"""Nobody is called by it; a look at every site for each batch of a storm would be too much."""
TAKEN_WITHIN_S = 10.0


class Announce:
    """Says what changed; on a new connection all of it, for a broker may have forgotten."""

    def __init__(
        self,
        knowledge: Knowledge,
        memory: Callable[[], Memory],
        subscriber: Subscriber,
        clock: Clock,
        board: Board,
    ) -> None:
        self._knowledge = knowledge
        self._memory = memory
        self._subscriber = subscriber
        self._clock = clock
        self._progress = board.of("announce", EVERY_S + TAKEN_WITHIN_S + TURN_S)
        self._said: dict[str, bytes] = {}
        """By topic."""
        self._epoch = subscriber.epoch

    async def run(self) -> None:
        """Say it until cancelled."""
        while True:
            await self.step()
            await self._clock.wait(EVERY_S)

    async def step(self) -> int:
        """Say what is not as it was said; how many sites that were."""
        if self._epoch != self._subscriber.epoch:
            self._epoch, self._said = self._subscriber.epoch, dict.fromkeys(self._said, b"")
        told = 0
        if self._subscriber.connected:
            try:
                async with asyncio.timeout(TAKEN_WITHIN_S):
                    told = await self._say()
            except TimeoutError:
                pass  # what was not taken is said at the next turn; that the broker hangs is told
        self._progress.step(self._clock, told)
        return told

    async def _say(self) -> int:
        memory, now = self._memory(), self._clock.now()
        told = 0
        for topic, payload in tuple(announced(self._knowledge, memory, self._said.keys(), now)):
            if self._said.get(topic) == payload:
                continue
            try:
                await self._subscriber.publish(topic, payload, retain=True)
            except PublishRefused as refused:  # said anew when it changes: its ACL does not
                self._progress.fault(refused)
            self._said[topic] = payload
            told += 1
        return told
