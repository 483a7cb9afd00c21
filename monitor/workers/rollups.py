"""Counts readings by the hour and the day, and lets raw ones go when their time is over.

Small pieces with a breath between them: whoever writes a reading waits for one of them at most.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from monitor.clock import Clock
from monitor.judging.memory import Knowledge
from monitor.store.columns import instant, micros
from monitor.store.rollups import HOUR, Raw
from monitor.store.store import Store
from monitor.workers.supervise import Board

PAUSE_S = 5.0
BREATH_S = 0.05
AT_ONCE = 1000
"""Raw readings that go in one transaction: about ten milliseconds."""
AROUND = timedelta(days=1)
"""Before an alert's beginning and after its end its site's readings stay longer."""
START = Raw(-(2**62), "", "")


class Rollups:
    """The only writer of rollups, and the only one that deletes readings."""

    def __init__(
        self,
        knowledge: Knowledge,
        store: Store,
        clock: Clock,
        board: Board,
        zone: tzinfo,
        keep: tuple[timedelta | None, timedelta],
    ) -> None:
        """`keep`: how long raw readings stay (None: always), and those around an alert."""
        self._sites = {sensor.id: sensor.site for sensor in knowledge.sensors.values()}
        self._store = store
        self._clock = clock
        self._progress = board.of("rollups", 60.0)
        self._zone = zone
        self._keep, self._keep_of_alerts = keep
        self._closed = self._thinned = -1
        """The hour in which all was counted, and the one before which all went, when last seen."""
        self._passed: dict[str, Raw] = {}
        """By scope, how far the raw readings were looked at."""

    async def run(self) -> None:
        """For ever."""
        while True:
            while await self.step():
                self._progress.step(self._clock)
                await self._clock.wait(BREATH_S)
            self._progress.step(self._clock, 0)
            await self._clock.wait(PAUSE_S)

    async def step(self) -> bool:
        """One piece of what is to be done; False: nothing is."""
        return await self._count() or await self._close() or await self._thin()

    async def _count(self) -> bool:
        due = await self._store.rollups_due(1)
        for one in due:
            counted = await self._store.count_rollup(one)
            async with self._store.writing() as tx:
                await tx.keep_rollup(one, counted, self._zone)
        return bool(due)

    async def _close(self) -> bool:
        now = self._clock.now()
        if micros(now) // HOUR == self._closed:
            return False
        async with self._store.writing() as tx:
            if await tx.close_hour(now):
                return True
        self._closed = micros(now) // HOUR
        return False

    async def _thin(self) -> bool:
        now = self._clock.now()
        if self._keep is None or micros(now - self._keep) // HOUR == self._thinned:
            return False
        async with self._store.writing() as tx:
            before = await tx.thin_before(now - self._keep)
        if before is None:
            return False
        for scope in await self._store.rollup_scopes():
            after = self._passed.get(scope, START)
            found = await self._store.oldest_readings(scope, after, before, AT_ONCE)
            if found:
                spared = await self._spared(scope, now)
                async with self._store.writing() as tx:
                    await tx.delete_readings(scope, [raw for raw in found if not spared(raw)])
                self._passed[scope] = found[-1]
                return True
        self._thinned, self._passed = before // HOUR, {}
        return False

    async def _spared(self, scope: str, now: datetime) -> Callable[[Raw], bool]:
        spans: dict[str, list[tuple[datetime, datetime]]] = {}
        for site, begun, ended in await self._store.alert_spans(scope, now - self._keep_of_alerts):
            spans.setdefault(site, []).append((begun - AROUND, (ended or now) + AROUND))

        def spared(raw: Raw) -> bool:
            at = instant(raw.observed_at)
            of_site = spans.get(self._sites.get(raw.sensor, ""), ())
            return any(begun <= at <= ended for begun, ended in of_site)

        return spared
