"""How one channel does: kept, asked again while it is dead, and said when it died or is back."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from monitor.clock import Clock
from monitor.journal import Entry
from monitor.notify.channel import Channel, SendOutcome
from monitor.notify.directory import Directory
from monitor.notify.health import Health, after_attempt, asked_after, tried_again
from monitor.notify.instead import none_left
from monitor.scope import Scope
from monitor.store.transaction import Transaction
from monitor.workers.sending import Result, Sending

log = logging.getLogger(__name__)

DIAL = (
    "every channel is dead: dial by hand. The list stands on the desk's page /hand-dial, and"
    " `monitor hand-dial` prints it / 对外通道全部中断，请按值班台“手拨名单”逐个拨打"
)


class Pulse:
    """What its deliverer knows of a channel beside its messages."""

    def __init__(
        self, channel: Channel, directory: Directory, sending: Sending, clock: Clock, scope: Scope
    ) -> None:
        self._channel = channel
        self._directory = directory
        self._sending = sending
        self._clock = clock
        self._whose = (scope, channel.id)
        self._ask_at = 0.0
        """Of Clock.elapsed: when a dead channel is asked next. At start it is asked at once."""
        self.known = Health(channel.id)
        """As kept."""

    async def open(self, tx: Transaction, now: datetime) -> None:
        """How it did when the service ended; what was held for a channel that left `config/`
        goes by this one."""
        self.known = (await tx.channel_health()).get(self._channel.id, self.known)
        if not self.known.is_dead:
            await tx.give_back(self._directory, self._channel, now)

    def is_due(self) -> bool:
        """Whether a dead channel is to be asked, or tried, now."""
        return self.known.is_down and self._is_time()

    def _is_time(self) -> bool:
        return self._clock.elapsed() >= self._ask_at and self._sending.is_idle

    async def beat(self, tx: Transaction, results: Iterable[Result], now: datetime) -> Health:
        """How the channel does after these results; kept in the transaction, known after it."""
        before = self.known
        known = self._judged(results, now)
        if known.is_down and self._is_time():
            known = await self._tried(tx, known, now)
        if (known.state, known.on_trial, known.trials) != (
            before.state, before.on_trial, before.trials,
        ):  # fmt: skip
            await tx.keep_health(known)
            await self._told(tx, before, known, now)
        return known

    def _judged(self, results: Iterable[Result], now: datetime) -> Health:
        known = before = self.known
        for claim, receipt, was_asked in results:
            accepted = receipt.outcome is SendOutcome.ACCEPTED
            if claim is None:
                known = tried_again(known) if accepted and known.is_dead else known
            elif not was_asked or accepted or receipt.outcome is SendOutcome.UNKNOWN:
                known = after_attempt(known, receipt, now)  # that it knows of none is an answer
        if known.is_dead and not before.is_dead:
            self._wait(known)
        return known

    def _wait(self, known: Health) -> None:
        self._ask_at = self._clock.elapsed() + asked_after(known).total_seconds()

    async def _tried(self, tx: Transaction, known: Health, now: datetime) -> Health:
        """Ask it; where it cannot be asked and something waits, one message tries it. What was to
        try it may have been withdrawn: then the next."""
        self._wait(known)
        if known.on_trial:
            await tx.give_back(self._directory, self._channel, now, 1)
            return known
        if self._channel.kind.ping is not None:
            self._sending.ask()
            return known
        return tried_again(known) if await tx.any_waits(self._channel.id, now) else known

    async def _told(self, tx: Transaction, before: Health, known: Health, now: datetime) -> None:
        """Say it in the journal, and let go what waited for it."""
        was_down = before.is_down
        if known.is_dead and not was_down:
            await tx.write([_note(self._whose, "channel.dead", now, reason=known.reason)])
            if await self._is_last(tx):
                log.critical(DIAL)
                await tx.write([_note(self._whose, "channel.none_left", now)])
        elif known.on_trial:
            await tx.give_back(self._directory, self._channel, now, 1)
        elif was_down and not known.is_dead:
            since = before.since.isoformat() if before.since else ""
            await tx.write([_note(self._whose, "channel.back", now, since=since)])
            await tx.give_back(self._directory, self._channel, now)

    async def _is_last(self, tx: Transaction) -> bool:
        """Whether no channel that reaches a person is alive any more."""
        dead = {one.channel for one in (await tx.channel_health()).values() if one.is_down}
        return none_left(self._directory, dead)


def _note(whose: tuple[Scope, str], event: str, now: datetime, **facts: str) -> Entry:
    scope, channel = whose
    return Entry(scope, now, event, channel, None, facts)
