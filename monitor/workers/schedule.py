"""Rings once an hour and looks whether we are ready; what it finds is decided in `readiness`.

APScheduler only rings. A sweep takes its time from the clock, sees what the store has kept, and
is idempotent: a ring too many, or one caught up after the machine slept, tells nobody twice.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from monitor.alerting.severity import Severity
from monitor.clock import Clock
from monitor.errors import StoreUnavailable
from monitor.journal import Entry
from monitor.judging.memory import Memory
from monitor.notify.channel import Notification
from monitor.readiness.facts import Facts, Gap, Restored
from monitor.readiness.finding import ScheduledCheck
from monitor.readiness.sweep import KnownFindings, Sweep, entries, sweep
from monitor.readiness.telling import promises
from monitor.scope import Scope
from monitor.store.erasure import Erased
from monitor.workers.bell import Bell
from monitor.workers.supervise import Progress

log = logging.getLogger(__name__)

GRACE_S = 6 * 3600
"""A ring this late still rings; APScheduler's default of one second would drop it."""
A_DAY = timedelta(days=1)
A_WHILE = timedelta(minutes=2)
"""What was lost with a broker comes again from a device's buffer within a minute."""
AT_LATEST = timedelta(minutes=65)
"""After a sweep the next one is due, whether APScheduler rings or not."""


class FailedAddress(Protocol):
    """The last attempt to reach that address failed, and the failure was not ours."""

    @property
    def person(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def address(self) -> str: ...


class Keeping(Protocol):
    """One open transaction."""

    async def keep_sweep(
        self,
        scope: Scope,
        result: Sweep,
        notifications: tuple[Notification, ...],
        entries: tuple[Entry, ...],
        now: datetime,
    ) -> None: ...

    async def erase_before(self, before: datetime) -> Erased: ...

    async def write(self, entries: Sequence[Entry]) -> None: ...


class SweepStore(Protocol):
    """What a sweep asks of the store."""

    async def known_findings(self, scope: Scope) -> KnownFindings | None:
        """None: nothing was ever swept in that scope."""
        ...

    async def failed_addresses(self, scope: Scope) -> tuple[FailedAddress, ...]: ...

    async def unknown_sensors(self, scope: Scope, since: datetime) -> Mapping[str, int]:
        """Sensor ids that were not entered → readings received from `since` on."""
        ...

    async def floods(self, scope: Scope, since: datetime) -> Mapping[str, int]:
        """Devices beyond their quota → messages not judged from `since` on."""
        ...

    async def gaps(
        self, scope: Scope, since: datetime, until: datetime
    ) -> Mapping[str, tuple[Gap, ...]]: ...

    async def restored(self) -> Restored | None: ...

    def writing(self) -> AbstractAsyncContextManager[Keeping]: ...


def hourly(ring: Callable[[], Awaitable[None]], minute: int, zone: tzinfo) -> AsyncIOScheduler:
    """A scheduler, not started, that rings at that minute of every hour; several missed rings
    are one."""
    scheduler = AsyncIOScheduler(timezone=zone)
    trigger = CronTrigger(minute=minute, timezone=zone)
    scheduler.add_job(ring, trigger, coalesce=True, misfire_grace_time=GRACE_S)
    return scheduler


@dataclass(slots=True)
class Schedule:
    """The worker. `facts` is what is entered; what is seen is put in at each sweep."""

    scope: Scope
    facts: Facts
    checks: tuple[ScheduledCheck, ...]
    memory: Callable[[], Memory]
    """What ingest remembers now."""
    store: SweepStore
    clock: Clock
    progress: Progress
    minute: int
    """Of every hour."""
    keep_calls: timedelta | None = None
    """What calls said is erased after that; None: never."""

    async def run(self) -> None:
        """Sweep at once, for what was missed while we were away, and then at every ring."""
        bell = Bell()

        async def ring() -> None:
            bell.ring()

        scheduler = hourly(ring, self.minute, self.facts.directory.people.zone)
        scheduler.start()
        try:
            while True:
                try:
                    await self.sweep_now()
                except StoreUnavailable:
                    raise
                except Exception as defect:  # a list that cannot be checked stops no flood alert
                    log.exception("the sweep shows a defect; the next ring tries again")
                    self.progress.fault(defect)
                latest = self.clock.now() + AT_LATEST
                while not await bell.wait(self.clock, latest) and self.clock.now() < latest:
                    self.progress.step(self.clock, 0)  # idle is not stuck
        finally:
            scheduler.shutdown(wait=False)

    async def sweep_now(self) -> Sweep:
        """One sweep at the clock's `now`; a demo whose clock is fast calls it by itself."""
        now = self.clock.now()
        unknown = await self.store.unknown_sensors(self.scope, now - A_DAY)
        floods = await self.store.floods(self.scope, now - A_DAY)
        gaps = await self.store.gaps(self.scope, now - A_DAY, now - A_WHILE)
        seen = self._seen(await self._failures(), unknown)
        restored = await self.store.restored()
        facts = replace(seen, gaps=gaps, floods=floods, restored=restored)
        result = sweep(self.checks, facts, await self.store.known_findings(self.scope), now)
        told = promises(result.bundles, facts, self.scope, now)
        async with self.store.writing() as transaction:
            await transaction.keep_sweep(
                self.scope, result, told, entries(result, self.scope, now), now
            )
        if self.keep_calls is not None:
            await self._erase(now - self.keep_calls, now)
        for check, defect in result.broken.items():
            log.error("check %s shows a defect", check, exc_info=defect)
            self.progress.fault(defect)
        self.progress.step(self.clock)
        return result

    async def _erase(self, before: datetime, now: datetime) -> None:
        async with self.store.writing() as transaction:
            erased = await transaction.erase_before(before)
            if erased.any:
                facts = {"before": before.isoformat(), **erased._asdict()}
                await transaction.write(
                    [Entry(self.scope, now, "calls.erased", "calls", None, facts)]
                )

    async def _failures(self) -> Mapping[str, frozenset[str]]:
        """By person: channels whose last attempt failed at the address that is entered now."""
        failed: dict[str, set[str]] = {}
        people = self.facts.directory.people.persons
        for one in await self.store.failed_addresses(self.scope):
            person = people.get(one.person)
            if person and one.address in (person.phone, person.landline, person.wecom):
                failed.setdefault(one.person, set()).add(one.channel)
        return {person: frozenset(channels) for person, channels in failed.items()}

    def _seen(self, failures: Mapping[str, frozenset[str]], unknown: Mapping[str, int]) -> Facts:
        memory = self.memory()
        medium = {channel.id: channel.medium for channel in self.facts.directory.channels}
        return replace(
            self.facts,
            listening_since=memory.listening_since,
            last_heard={
                key.sensor: track.last.received_at
                for key, track in memory.tracks.items()
                if key.scope == self.scope and track.last
            },
            doubts={
                key.sensor: track.last.reasons
                for key, track in memory.tracks.items()
                if key.scope == self.scope and track.last and track.last.reasons
            },
            outages={
                key.sensor: outage
                for key, outage in memory.outages.items()
                if key.scope == self.scope and outage.is_out
            },
            unknown={id: n for id, n in unknown.items() if id not in self.facts.sensors},
            clock_step=self.clock.wall_step(),
            failures={
                person: frozenset(medium[one] for one in channels if one in medium)
                for person, channels in failures.items()
            },
            worst_open=max(
                (alert.severity for key, alert in memory.alerts.items() if key.scope == self.scope),
                default=Severity.NORMAL,
            ),
        )
