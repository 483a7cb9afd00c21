"""Load what may be known → one pure call → one transaction → swap memory → acknowledge.

The only writer of observations, rule states and alerts. Messages, what people order and the
ten-second tick stand in one line: each is decided on the memory that the one before left.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from monitor.alerting.orders import Order
from monitor.clock import Clock
from monitor.errors import StoreUnavailable
from monitor.ingest.message import Message, Quarantined
from monitor.ingest.read import scope_of
from monitor.ingest.reading import Reading
from monitor.judging.backfill import NO_PASTS
from monitor.judging.memory import Knowledge, Memory, Outcome
from monitor.mqtt import Batch, Subscriber
from monitor.pipeline import decide, hear, missing, not_remembered, retire, within_quota
from monitor.scope import Scope, Status
from monitor.store.hop import finished
from monitor.store.store import Store
from monitor.workers.backlog import Backlog
from monitor.workers.supervise import Board

log = logging.getLogger(__name__)

TICK = timedelta(seconds=10)
MOST = 500
"""Messages that are decided on together."""
LONG_S = 0.3
"""A decision should take no longer, or who is to be called waits behind who else is raised."""
FEWEST = 10
"""Messages that are decided on together, however long it takes."""
RETRY_S = 0.5
"""Between two tries of a batch that the store would not take; nothing is acknowledged meanwhile."""


class Ingest:
    """`take` is the whole of it; the loops only feed it."""

    def __init__(
        self,
        knowledge: Knowledge,
        store: Store,
        clock: Clock,
        board: Board,
        wake: Callable[[Outcome], None],
    ) -> None:
        self._knowledge = knowledge
        self._store = store
        self._clock = clock
        self._progress = board.of("ingest")
        self._ticking = board.of("tick")
        self._wake = wake
        self._turn = asyncio.Lock()
        self._in_hand: Batch | None = None
        """Taken and not acknowledged: the broker repeats it on its next connection alone, so
        whoever listens after a failure goes on with it."""
        self._most = MOST
        """How many messages are decided on together: fewer where each of them raises."""
        self.backlog = Backlog(clock)
        self.memory = Memory.empty(knowledge.township, clock.now())
        self.listener: Callable[[Outcome], None] = lambda outcome: None
        """Hears every outcome once it is kept: a replay holds it against what is known."""
        self.committed: Callable[[Sequence[Reading]], None] = lambda readings: None
        """Hears of every reading once it is kept, repeats included; of what a quota cut, never."""

    async def open(self) -> None:
        """Remember what was known before the restart; close what left `config/`."""
        now = self._clock.now()
        if await self._store.is_copy():
            actual = Scope(self._knowledge.township, Status.ACTUAL, "")
            async with self._store.writing() as tx:
                found = await tx.settle_restored(actual, now)
            log.warning("the store was put back; its newest reading came %s", found.since)
        self.memory = await self._store.load_memory(self._knowledge, now)
        told = {
            alert.id: [call.notification.person for call in await self._store.calls(alert.id)]
            for alert in self.memory.alerts.values()
        }
        await self._keep(retire(self._knowledge, self.memory, told, now))

    async def take(
        self,
        messages: Sequence[Message] = (),
        orders: Sequence[Order] = (),
        *,
        tick: bool = False,
        caught_up: bool = False,
    ) -> Outcome:
        """Decide and keep. Raises StoreUnavailable: nothing was kept, nothing is remembered.
        Cancelled, it ends first: what is kept and what is remembered are never two things."""
        return await finished(self._take(messages, orders, tick, caught_up))

    async def _take(
        self, messages: Sequence[Message], orders: Sequence[Order], tick: bool, caught_up: bool
    ) -> Outcome:
        async with self._turn:
            memory, knowledge = self.memory, self._knowledge
            heard = hear(knowledge, messages)
            intake = within_quota(knowledge, memory, heard, self._clock.now())
            behind = self.backlog.waits(heard.readings)
            old = not_remembered(memory, intake)
            seen = await self._store.seen(old) if old else None
            now = self._clock.now()
            wanted = missing(knowledge, memory, intake, seen)
            pasts = await self._store.pasts(knowledge, wanted, now) if wanted else NO_PASTS
            outcome = decide(
                knowledge,
                memory,
                intake,
                now,
                orders=orders,
                seen=seen,
                pasts=pasts,
                tick=tick,
                behind=behind,
                caught_up=caught_up,
            )
            await self._keep(outcome)
            self.committed(intake.readings)
            return outcome

    async def _keep(self, outcome: Outcome) -> None:
        for part, fault in outcome.defects:
            log.error("%s has a defect", part, exc_info=fault)
            self._progress.fault(fault)
        if outcome.is_empty:
            return
        async with self._store.writing(first=True) as tx:
            await tx.keep(outcome)
        self.memory.swap(outcome)
        self.listener(outcome)
        if outcome.escalations or outcome.notifications or outcome.transitions:
            self._wake(outcome)

    async def order(self, order: Order) -> Outcome:
        """What a person told the judge; returns once it is kept."""
        return await self.take(orders=(order,))

    async def accept(self, messages: Sequence[Message]) -> None:
        """Keep a batch, whatever is in it. One that shows a defect of ours is halved until the
        message that does stands alone: that one goes to quarantine, the others are judged."""
        try:
            await self._until_kept(lambda: self.take(messages))
        except Exception as defect:  # what it is nobody knows; it must not block the inbox
            if len(messages) > 1:
                half = len(messages) // 2
                await self.accept(messages[:half])
                await self.accept(messages[half:])
                return
            log.exception("a message shows a defect and is set aside")
            self._progress.fault(defect)
            scope = scope_of(messages[0], self._knowledge.township)
            why = Quarantined(scope, messages[0], "defect", type(defect).__name__)
            await self._until_kept(lambda: self._set_aside(why))

    async def _in_parts(self, messages: Sequence[Message]) -> None:
        """Between two parts of what takes long, calls are made."""
        done = 0
        while done < len(messages):
            part, begun = messages[done : done + self._most], self._clock.elapsed()
            await self.accept(part)
            done += len(part)
            self._progress.step(self._clock, len(part))  # slow is not stuck
            took = self._clock.elapsed() - begun
            fits = int(len(part) * LONG_S / took) if took > LONG_S else 2 * self._most
            self._most = min(MOST, max(FEWEST, fits))

    async def _until_kept(self, act: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await act()
                return
            except StoreUnavailable as refusal:
                log.error("a batch is kept waiting: %s", refusal)
                self._progress.hold(self._clock, f"the store takes nothing: {refusal}")
                await self._clock.wait(RETRY_S)

    async def _set_aside(self, why: Quarantined) -> None:
        async with self._turn:
            await self._keep(Outcome(quarantined=[why]))

    async def listen(self, subscriber: Subscriber) -> None:
        """Take batches for ever, and acknowledge each after its commit, in order."""
        self.backlog.of(subscriber)
        while True:
            batch = self._in_hand = self._in_hand or await self.backlog.batch()
            if batch is not None:
                await self._in_parts(batch.messages)
                subscriber.acknowledge(batch)
                self._in_hand = None
            if self.backlog.ended():
                # nobody is silent for being queued, and whatever stands is told
                self.memory.listening_since = self._clock.now()
                await self._until_kept(lambda: self.take(caught_up=True))
            self._progress.step(self._clock, 0)

    async def tick(self) -> None:
        """Let time speak every ten seconds, and when an order to be quiet is over: nobody else
        hears a silence."""
        while True:
            ends = [silence.until for silence in self.memory.silences.values()]
            await self._clock.wait_until(min([self._clock.now() + TICK, *ends]))
            if self.backlog.deaf:
                self.memory.listening_since = self._clock.now()
            await self.take(tick=True)
            self._ticking.step(self._clock)
