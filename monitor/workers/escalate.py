"""Ladders whose time has come, or of which something was heard: climb, hold, end.

The only writer of a ladder once it is begun. Timers are rows: whoever starts the service finds
them due.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from monitor.alerting.silences import audible
from monitor.clock import Clock
from monitor.errors import StoreUnavailable
from monitor.judging.memory import Knowledge
from monitor.notify.channel import Medium
from monitor.notify.escalation import Ladder, LadderState
from monitor.notify.ladders import Advance, Heard, advance, rung
from monitor.notify.routing import climb
from monitor.notify.unrouted import unclimbed
from monitor.store.store import Store
from monitor.store.transaction import Transaction
from monitor.workers.bell import Bell, Wake
from monitor.workers.supervise import Board

log = logging.getLogger(__name__)

LOOKED_S = 1.0
"""So long, in real seconds, a deliverer waits for the ladders before it goes on."""
AT_ONCE = 50
"""Escalations that are looked at before others have their turn."""
LONG_S = 0.5
"""A look at thousands of ladders takes longer: others then have time for themselves."""
MOST_S = 2.0
"""But no ladder waits for longer than that."""


class Escalate:
    """Looks at every ladder that still calls; few stand at any time."""

    def __init__(
        self,
        knowledge: Knowledge,
        store: Store,
        clock: Clock,
        board: Board,
        wake: Wake,
    ) -> None:
        self._directory = knowledge.directory
        self._store = store
        self._clock = clock
        self._progress = board.of("escalate")
        self._wake = wake
        self._sick: set[str] = set()
        """Escalations that raised when last looked at: tried again, but nobody hurries for them."""
        self._told: set[str] = set()
        """Ladders of which the desk knows that nobody climbs them."""
        self._soonest: datetime | None = None
        """When the next step is due."""
        self._news = False
        self._asked: list[asyncio.Future[None]] = []
        """Who waits until the ladders have been looked at."""
        self._turn = asyncio.Lock()
        self.bell = Bell()

    def begun(self, due: datetime) -> None:
        """A ladder was begun whose next step is due then; no other has anything new to it."""
        if self._soonest is None or due < self._soonest:
            self._soonest = due
            self.bell.ring()

    def look(self) -> None:
        """Somebody answered, a call failed, or an alert ended: look at every ladder."""
        self._news = True
        self.bell.ring()

    async def looked(self) -> None:
        """Return once every ladder was looked at with all that is kept by now; after LOOKED_S in
        any case: one who climbs must not stop one who sends."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asked.append(done)
        self.look()
        await asyncio.wait([done], timeout=LOOKED_S)

    async def step(self) -> int:
        """Move what can move now; how many ladders did."""
        async with self._turn:
            return await self._step()

    async def _step(self) -> int:
        by_escalation: dict[str, list[Ladder]] = {}
        unanswered = await self._store.unanswered_ladders()
        for ladder in unanswered:
            by_escalation.setdefault(ladder.escalation, []).append(ladder)
        moved = 0
        self._sick.clear()
        waiting = list(by_escalation.items())
        for start in range(0, len(waiting), AT_ONCE):
            moved += await self._some(waiting[start : start + AT_ONCE])
        await self._tell_unreadable({ladder.id for ladder in unanswered})
        self._progress.step(self._clock)
        return moved

    async def _some(self, waiting: Sequence[tuple[str, Sequence[Ladder]]]) -> int:
        """Of some escalations; readings are judged and calls are made between them."""
        asked = [ladder for _, ladders in waiting for ladder in ladders]
        heard = await self._store.heard_of(asked)
        moved = 0
        for id, ladders in waiting:
            try:
                moved += await self._advance(ladders, heard)
            except StoreUnavailable:
                raise
            except Exception as defect:  # one matter must not stop the calls of another
                log.exception("the ladders of an alert show a defect")
                self._sick.add(id)
                self._progress.fault(defect)
        return moved

    async def _tell_unreadable(self, known: Collection[str]) -> None:
        """The desk calls by hand for a ladder whose row cannot be read; told once a run."""
        found = await self._store.unreadable_ladders(known)
        for ladder, id in found.items():
            alert = None if ladder in self._told else await self._store.alert(id)
            if alert is not None:
                told = unclimbed(self._directory, alert, ladder, self._clock.now())
                async with self._store.writing() as tx:
                    await tx.promise(list(told.notifications))
                    await tx.write(list(told.entries))
                self._wake({call.channel for call in told.notifications})
                self._told.add(ladder)

    async def _advance(self, ladders: Sequence[Ladder], heard: Mapping[str, Heard]) -> int:
        """All ladders of one escalation together: a person asked twice is called once."""
        while (moved := await self._move(ladders, heard)) is None:
            heard = await self._store.heard_of(ladders)
        return moved

    async def _move(self, ladders: Sequence[Ladder], heard: Mapping[str, Heard]) -> int | None:
        """How many moved; None where an answer came in between: nothing was kept."""
        now = self._clock.now()
        changed = _changed(ladders, heard, now)
        if not changed:
            return 0
        first = changed[0].ladder
        alert = await self._store.alert(first.alert)
        found = await self._store.escalations_of(first.alert)
        escalation = next(e for e in found if e.id == first.escalation)
        assert alert is not None  # a ladder refers to it
        quiet = [one for one in await self._store.silences() if one.scope == alert.scope]
        alert = audible(alert, quiet) or alert
        calls = climb(self._directory, alert, escalation, changed, now)
        now_are = {one.id: one for one in escalation.ladders}
        now_are |= {then.ladder.id: then.ladder for then in changed}
        waiting = {person for ladder in now_are.values() for person in rung(ladder)}
        async with self._store.writing() as tx:
            # whoever answered until now is not called over, and answers once
            if _changed(ladders, await tx.heard_of(ladders), now) != changed:
                return None
            for then in changed:
                await self._keep(tx, then.ladder, waiting)
            await tx.promise(calls)
            await tx.write([entry for then in changed for entry in then.entries])
        self._wake({call.channel for call in calls})
        return len(changed)

    async def _keep(self, tx: Transaction, ladder: Ladder, waiting: Collection[str]) -> None:
        await tx.save_ladder(ladder)
        if ladder.state is LadderState.CANCELLED:
            await tx.withdraw(ladder.reason, ladder=ladder.id)
        elif ladder.state is LadderState.HELD:
            # no phone rings for what is answered; who is called for another duty as well
            # was called once for both
            voices = [c.id for c in self._directory.channels if c.medium is Medium.VOICE]
            await tx.withdraw("answered", ladder=ladder.id, channels=voices, spare=waiting)
            await tx.spare_reminders(ladder.id, "answered")

    async def run(self) -> None:
        """For ever: when told to look, when the next step is due, and every few seconds."""
        while True:
            self._news, self._soonest = False, None
            asked, self._asked = self._asked, []
            begun = self._clock.elapsed()
            while await self.step():
                pass
            for one in asked:
                one.set_result(None)
            for ladder in await self._store.calling_ladders():
                if ladder.escalation not in self._sick:
                    self._soonest = min(ladder.due_at, self._soonest or ladder.due_at)
            if (took := self._clock.elapsed() - begun) > LONG_S:
                await self._clock.wait(min(2 * took, MOST_S))
            while not self._news and await self.bell.wait(self._clock, self._soonest):
                pass  # a ladder was begun: wait for its step, if that is sooner


def _changed(ladders: Iterable[Ladder], heard: Mapping[str, Heard], now: datetime) -> list[Advance]:
    """What becomes of those that move."""
    looked_at = ((ladder, advance(ladder, heard[ladder.id], now)) for ladder in ladders)
    return [then for ladder, then in looked_at if then.ladder != ladder]
