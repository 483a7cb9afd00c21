"""Claim → send → record: two transactions with the send between them (invariant 3).

What comes back is recorded in the same transaction that claims the next. A channel that is dead
claims nothing: what waits for it takes another way, and it is asked until it answers. Where a
call reached nobody, the ladders are looked at before anything more is claimed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from math import inf

from monitor.clock import Clock
from monitor.errors import StoreUnavailable
from monitor.journal import Entry
from monitor.notify.channel import PERSONAL, Channel, Medium, Notification
from monitor.notify.delivery import UNREACHED
from monitor.notify.directory import Directory
from monitor.notify.limits import PATIENCE, PROVIDERS
from monitor.notify.routing import say_now
from monitor.scope import Scope
from monitor.store.outbox import Claim
from monitor.store.store import Store
from monitor.store.transaction import Transaction
from monitor.workers.bell import Bell, Wake
from monitor.workers.pulse import Pulse
from monitor.workers.sending import ATTEMPT_S, Result, Sending
from monitor.workers.spare import Spared, spare
from monitor.workers.supervise import Board

LEASE_S = 2 * ATTEMPT_S + 6
"""Longer than any attempt is waited for and its result takes to be written."""
GRACE_S = 2.5
"""A stop lets calls under way end for so long, that what they came to is recorded."""


class Deliver:
    """The worker of one channel."""

    def __init__(
        self,
        channel: Channel,
        secrets: Mapping[str, str],
        store: Store,
        clock: Clock,
        board: Board,
        wake: Wake,
        look: Callable[[], Awaitable[None]],
        directory: Directory,
        scope: Scope,
    ) -> None:
        """`directory` knows the channels that take over from this one; in the journal of `scope`,
        the township's own, it is said that it died. `look` returns when the ladders have been
        looked at, and after a while in any case."""
        self._channel = channel
        self._directory = directory
        self._caps = PROVIDERS.get(channel.medium, ())
        self._patience = None if channel.medium is Medium.VOICE else PATIENCE
        self._store = store
        self._clock = clock
        self._progress = board.of(f"deliver {channel.id}", LEASE_S)
        self._wake = wake
        self._look = look
        self._sending = Sending(channel, secrets, clock)
        self._pulse = Pulse(channel, directory, self._sending, clock, scope)
        self._results: list[Result] = []
        """What came back and is not recorded yet: a store that takes nothing loses none of it."""
        self.close = self._sending.close
        self.channel = channel.id
        self.bell = Bell()
        """Rung when there may be something to send."""

    async def open(self) -> None:
        """At start: whoever held a lease is gone, and its clock may have run ahead; and what
        waits for a channel that left `config/` takes another way."""
        now, known = self._clock.now(), [one.id for one in self._directory.channels]
        async with self._store.writing() as tx:
            await tx.set_back(self.channel, now)
            await self._pulse.open(tx, now)
            lost = [*await tx.release(now, inf), *await tx.strand(known, now)]
            await tx.move_on(self._directory, lost, now)

    async def is_due(self) -> bool:
        """Whether a step has anything to do now: to send, or to ask a dead channel."""
        due = await self._store.next_due(self.channel)
        return self._pulse.is_due() or (due is not None and due <= self._clock.now())

    async def step(self) -> int:
        """Send what is due now, to the end; how many attempts were made."""
        made = 0
        while True:
            claims, may_climb = await self._turn()
            self._sending.begin(claims)
            made += len(claims)
            if may_climb:
                await self._look()
            elif self._sending.is_idle:
                return made
            else:
                self._results += await self._sending.some(self.bell)

    async def _turn(self) -> tuple[list[Claim], bool]:
        """Record what came back, claim what goes next, and see to what must go another way.
        With whether a ladder may climb by it: what climbs comes before what else would go next."""
        now, results = self._clock.now(), [*self._results, *self._sending.come()]
        self._results = results
        async with self._store.writing(first=self._channel.medium is Medium.SMS) as tx:
            lost, failed = await self._recorded(tx, results, now)
            known = await self._pulse.beat(tx, results, now)
            claims: list[Claim] = []
            spared = Spared([], is_pressed=False)
            if known.is_dead and self._channel.medium in PERSONAL:
                lost += await tx.abandon(self.channel, now)
            elif not failed:
                room = self._sending.room
                most = min(room, int(self._sending.is_idle)) if known.on_trial else room
                if most:
                    spared = await spare(tx, self._directory, self._channel, now, most)
                    claims = await self._claimed(tx, most, spared, now)
                given_up = await tx.given_up(self.channel) if self._caps else []
                await tx.write([_over_cap(one, now) for one in given_up])
                lost += given_up
            moved = await tx.move_on(self._directory, lost, now) if lost else []
        self._pulse.known, self._results = known, []
        self._progress.step(self._clock, len(results))  # idle is not stuck
        self._wake({one.channel for one in (*moved, *spared.promises)})
        # a call that was taken moves no ladder
        return claims, bool(lost or failed or spared.is_pressed)

    async def _claimed(
        self, tx: Transaction, most: int, spared: Spared, now: datetime
    ) -> list[Claim]:
        elapsed = self._clock.elapsed()
        if self._channel.medium is Medium.VOICE:
            await self._speak_of_now(tx, now)
        lease = elapsed + LEASE_S
        return await tx.claim(
            self.channel, now, elapsed, lease, most, self._caps, self._patience, spared.persons
        )

    async def _speak_of_now(self, tx: Transaction, now: datetime) -> None:
        """A call that the caps held back says the level now, or is not made."""
        for put_off, alert in await tx.outdated(self.channel, now):
            said = say_now(self._directory, alert, put_off)
            await (tx.lapse([put_off]) if said is None else tx.reword([said]))

    async def _recorded(
        self, tx: Transaction, results: Iterable[Result], now: datetime
    ) -> tuple[list[Notification], bool]:
        """What did not go out by this channel's fault, and whether any call reached nobody."""
        lost = await tx.release(now, self._clock.elapsed())
        sent = [(one.claim, one.receipt) for one in results if one.claim is not None]
        became = await tx.record_all(
            [(claim.notification.id, claim.attempt, receipt) for claim, receipt in sent], now
        )
        missed = [one for one, state in zip(sent, became, strict=True) if state in UNREACHED]
        lost += [claim.notification for claim, receipt in missed if not receipt.blames_person]
        failed = bool(missed)
        return lost, failed

    async def run(self) -> None:
        """Send until cancelled: when rung, when something falls due, and every few seconds."""
        try:
            while True:
                while await self.step():
                    pass
                await self._until_due()
        except asyncio.CancelledError:
            with suppress(TimeoutError, StoreUnavailable):
                async with asyncio.timeout(GRACE_S):
                    await self._last_words()
            raise

    async def _last_words(self) -> None:
        """What calls under way come to is recorded; nothing more is begun."""
        while not self._sending.is_idle:
            self._results += await self._sending.some()
            async with self._store.writing() as tx:
                await self._recorded(tx, self._results, self._clock.now())
            self._results = []

    async def _until_due(self) -> None:
        """Most rings are for another channel: a look costs less than a turn at writing."""
        rung = True
        while rung:
            if await self.is_due():
                return
            due = await self._store.next_due(self.channel)
            rung = await self.bell.wait(self._clock, due)
            self._progress.step(self._clock, 0)


def _over_cap(given_up: Notification, now: datetime) -> Entry:
    """Where no other way is, the ladder takes it for a call that failed."""
    n = given_up
    return Entry(n.scope, now, "call.over_cap", n.subject, n.person, {"channel": n.channel})
