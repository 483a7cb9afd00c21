"""Claim → send → record: two transactions with the send between them (invariant 3)."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from math import inf

import requests

from monitor.clock import Clock
from monitor.errors import StoreUnavailable
from monitor.journal import Entry
from monitor.notify.calling import instead
from monitor.notify.channel import Channel, Medium, Notification, Receipt, SendOutcome
from monitor.notify.delivery import UNREACHED
from monitor.notify.directory import Directory
from monitor.notify.limits import PATIENCE, PROVIDERS
from monitor.notify.routing import say_now
from monitor.store.outbox import Claim
from monitor.store.store import Store
from monitor.store.transaction import Transaction
from monitor.workers.bell import Bell, Wake
from monitor.workers.spare import spare
from monitor.workers.supervise import Board

log = logging.getLogger(__name__)

LEASE_S = 30.0
"""Longer than any call may take: connect and read limits of a channel are (3, 5) s."""
GRACE_S = 2.5
"""A stop lets calls under way end for so long, that what they came to is recorded."""
AT_ONCE = 8
"""Calls a channel makes side by side."""


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
        look: Callable[[], None],
        directory: Directory,
    ) -> None:
        """`directory` knows the channels that take over from this one."""
        self._channel = channel
        self._directory = directory
        self._caps = PROVIDERS.get(channel.medium, ())
        self._patience = None if channel.medium is Medium.VOICE else PATIENCE
        self._secrets = secrets
        self._store = store
        self._clock = clock
        self._progress = board.of(f"deliver {channel.id}", LEASE_S)
        self._wake = wake
        self._look = look
        self._threads = ThreadPoolExecutor(AT_ONCE, f"send-{channel.id}")
        self._sessions = threading.local()
        self.channel = channel.id
        self.bell = Bell()
        """Rung when there may be something to send."""

    def close(self) -> None:
        """Begin no further call. One that a provider still holds is not waited for: its lease
        is released at the next start, and it is asked about before it is sent again."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def open(self) -> None:
        """At start: whoever held a lease is gone, and its clock may have run ahead."""
        now = self._clock.now()
        async with self._store.writing() as tx:
            await tx.set_back(self._channel.id, now)
            await tx.promise(self._instead(await tx.release(now, inf)))

    async def step(self) -> int:
        """Send what is due now; how many attempts were made."""
        elapsed = self._clock.elapsed()
        now, lease = self._clock.now(), elapsed + LEASE_S
        async with self._store.writing() as tx:
            others = self._instead(await tx.release(now, elapsed))
            if self._channel.medium is Medium.VOICE:
                await self._speak_of_now(tx)
            spared = await spare(tx, self._directory, self._channel, now)
            claims = await tx.claim(
                self._channel.id, now, elapsed, lease, AT_ONCE, self._caps, self._patience
            )
            given_up = await tx.given_up(self._channel.id) if self._caps else []
            others += self._instead(given_up)
            await tx.promise(others)
            await tx.write([_over_cap(one, now) for one in given_up])
        others += spared.promises
        if others or given_up:
            self._wake({other.channel for other in others})
        if given_up or spared.is_pressed:
            self._look()
        if claims:
            await _to_its_end(asyncio.ensure_future(self._attempts(claims)))
        self._progress.step(self._clock, 0)  # idle is not stuck
        return len(claims)

    async def _speak_of_now(self, tx: Transaction) -> None:
        """A call that the caps held back says the level now, or is not made."""
        now = self._clock.now()
        for put_off, alert in await tx.outdated(self._channel.id, now):
            said = say_now(self._directory, alert, put_off)
            await (tx.lapse([put_off]) if said is None else tx.reword([said]))

    async def _attempts(self, claims: Iterable[Claim]) -> None:
        """Send side by side; what has come back by then is recorded together."""
        loop = asyncio.get_running_loop()
        pending: set[asyncio.Future[tuple[Claim, Receipt]]] = {
            loop.run_in_executor(self._threads, self._call, claim) for claim in claims
        }
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            await self._record([one.result() for one in done])
            self._progress.step(self._clock, len(done))

    async def _record(self, results: Iterable[tuple[Claim, Receipt]]) -> None:
        lost, moved = [], False
        async with self._store.writing() as tx:
            for claim, receipt in results:
                sent, now = claim.notification, self._clock.now()
                state = await tx.record(sent.id, claim.attempt, receipt, now)
                if state in UNREACHED:
                    moved = True
                    lost += [] if receipt.blames_person else [sent]
            others = self._instead(lost)
            await tx.promise(others)
        if moved:  # a call that was taken moves no ladder
            self._look()
            self._wake({other.channel for other in others})

    def _instead(self, lost: Iterable[Notification]) -> list[Notification]:
        """The same by the next channel of the medium, where there is one."""
        tries = (instead(self._directory, one, self._clock.now()) for one in lost)
        return [one for one in tries if one is not None]

    def _call(self, claim: Claim) -> tuple[Claim, Receipt]:
        return claim, self._received(claim)

    def _received(self, claim: Claim) -> Receipt:
        """On a thread. An unsure attempt is asked about before anything is sent again."""
        kind, parameters = self._channel.kind, self._channel.parameters
        http = self._session()
        try:
            if claim.asks_first and kind.ask is not None:
                known = kind.ask(parameters, self._secrets, http, claim.notification)
                if known is not None:
                    return known
            return kind.send(parameters, self._secrets, http, claim.notification)
        except Exception as fault:
            log.exception("channel %s has a defect", self._channel.id)
            return Receipt(SendOutcome.UNSURE, "", f"defect: {type(fault).__name__}", False)

    def _session(self) -> requests.Session:
        if not hasattr(self._sessions, "http"):
            self._sessions.http = requests.Session()
        session: requests.Session = self._sessions.http
        return session

    async def run(self) -> None:
        """Send until cancelled: when rung, when something falls due, and every few seconds."""
        while True:
            while await self.step():
                pass
            await self._until_due()

    async def _until_due(self) -> None:
        """Most rings are for another channel: a look costs less than a turn at writing."""
        rung = True
        while rung:
            due = await self._store.next_due(self._channel.id)
            if due is not None and due <= self._clock.now():
                return
            rung = await self.bell.wait(self._clock, due)
            self._progress.step(self._clock, 0)


def _over_cap(given_up: Notification, now: datetime) -> Entry:
    """Where no next channel of the medium is, the ladder takes it for a call that failed."""
    n = given_up
    return Entry(n.scope, now, "call.over_cap", n.subject, n.person, {"channel": n.channel})


async def _to_its_end(sending: asyncio.Future[None]) -> None:
    """Wait for it; a cancellation waits GRACE_S longer before it is passed on."""
    try:
        await asyncio.shield(sending)
    except asyncio.CancelledError:
        with suppress(TimeoutError, StoreUnavailable):
            async with asyncio.timeout(GRACE_S):
                await sending
        raise
