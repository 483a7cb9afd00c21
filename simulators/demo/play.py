"""Plays the night: moves the clock, lets things happen, shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.alerting.severity import Severity
from monitor.clock import SystemClock
from monitor.notify.escalation import Ladder
from simulators.demo import story
from simulators.demo.feed import Feed
from simulators.demo.stage import Stage
from simulators.demo.view import View
from simulators.phones import Habit

READING_S = 0.25
"""For each message shown, at the usual speed."""
USUAL = 150.0
"""Story seconds to a real one, where `--speed` says nothing."""
LAST_LOOK_S = 6.0
"""Before the screen closes, at the usual speed."""
MOST_BEHIND_S = 5.0
"""More than that a slow machine does not catch up: nobody could read it."""
FRAME_S = 0.2
"""The screen is drawn at least so often while time passes."""
DESK_LOOKS = timedelta(seconds=40)
"""From a call on the duty room's screen to the officer's press."""


class Cue(NamedTuple):
    """Something that is to happen, whatever the weather."""

    at: datetime
    what: Callable[[], Awaitable[None]]


class Play:
    """One performance."""

    def __init__(self, stage: Stage, feed: Feed, view: View, *, seed: int, speed: float) -> None:
        self._stage = stage
        self._feed = feed
        self._view = view
        self._speed = speed
        self._real = SystemClock()
        self._calling: list[Ladder] = []
        self._due_s = self._real.elapsed()
        """When the eyes are done with all that was shown."""
        self._coming = list(story.published(story.river(seed), seed))[::-1]
        self._cues = [
            Cue(story.STARTS, self._says("act-1")),
            Cue(story.at(story.DRY_VISIT), self._says("dry_visit")),
            Cue(story.at(story.FORD_FLOODS), self._says("act-2")),
            Cue(story.at(story.WET_VISIT), self._says("wet_visit")),
            Cue(story.at(story.POWER_FAILS), self._power_fails),
            Cue(story.at(story.STAND_DOWN), self._stand_down),
        ][::-1]

    async def perform(self) -> None:
        """From the evening to the morning's checks."""
        stage = self._stage
        await stage.quiet()
        while stage.clock.now() < story.MORNING:
            await self._pass_time(self._next())
            await self._happen()
        await self._says("act-4")()
        await stage.service.schedule.sweep_now()
        stage.service.desk.wake()
        await self._show()
        await self._pause(LAST_LOOK_S * USUAL / self._speed)

    def _next(self) -> datetime:
        """The next moment at which anything happens."""
        stage = self._stage
        # in calm hours a silence that is heard five minutes late is heard early enough
        calm = story.pace(stage.clock.now()) > 1
        moments = [
            story.MORNING,
            self._coming[-1].at if self._coming else None,
            self._cues[-1].at if self._cues else None,
            stage.phones.next_at,
            stage.clock.next_wake(but="tick" if calm else ""),
        ]
        return min(moment for moment in moments if moment is not None)

    async def _pass_time(self, to: datetime) -> None:
        """For the eyes the time passes in frames; for the service it jumps at the end."""
        clock = self._stage.clock
        seen = clock.now()
        while seen < to:
            faster = self._speed * story.pace(seen)
            frame = min(to, seen + timedelta(seconds=FRAME_S * faster))
            await self._pause((frame - seen).total_seconds() / faster)
            seen = frame
            self._view.frame(seen, self._calling)
        await self._stage.moves_on(to)

    async def _happen(self) -> None:
        stage, now = self._stage, self._stage.clock.now()
        while self._coming and self._coming[-1].at <= now:
            await stage.publishes(self._coming.pop())
        while self._cues and self._cues[-1].at <= now:
            await self._cues.pop().what()
        events = await stage.people_act()
        shown = self._feed.happened(events)
        shown += await self._desk_answers()
        await self._show(shown)

    async def _show(self, shown: int = 0) -> None:
        """Let the service get done, and show what rang, one message after the other."""
        await self._stage.quiet()
        self._calling = await self._stage.service.store.calling_ladders()
        await self._read(shown)
        for _ in self._feed.rang(self._stage.new_messages()):
            await self._read(1)

    async def _read(self, lines: int) -> None:
        """Time for the eyes."""
        self._view.frame(self._stage.clock.now(), self._calling)
        await self._pause(lines * READING_S * USUAL / self._speed)

    async def _pause(self, seconds: float) -> None:
        """Real seconds for the eyes, less what the service has needed meanwhile."""
        self._due_s = max(self._due_s + seconds, self._real.elapsed() - MOST_BEHIND_S)
        await self._real.wait(self._due_s - self._real.elapsed())

    def _says(self, words: str) -> Callable[[], Awaitable[None]]:
        async def say() -> None:
            self._feed.noted(self._stage.clock.now(), words)

        return say

    async def _power_fails(self) -> None:
        people = self._stage.service.settings.knowledge.directory.people.persons
        self._stage.phones.become(people[story.DEAD].phone, Habit.DEAD)
        await self._says("act-3")()
        await self._says("power_fails")()

    async def _desk_answers(self) -> int:
        """The officer in the duty room presses the button on the screen; the lines it made."""
        now, shown = self._stage.clock.now(), 0
        for ladder in self._calling:
            if ladder.duty == self._stage.desk_duty and now - ladder.opened_at >= DESK_LOOKS:
                answer = {"person": story.OFFICER, "via": "desk"}
                await self._stage.presses(ladder.alert, "ack", answer)
                shown += self._feed.desk_answered(now)
        return shown

    async def _stand_down(self) -> None:
        """The mayor ends what was orange or red, once the water has fallen."""
        service = self._stage.service
        for alert in await service.store.alerts(service.desk.actual, active=True):
            if alert.worst >= Severity.ORANGE:
                end = {"leader": story.ENDS_IT, "reason": "水位回落，查险完毕"}
                await self._stage.presses(alert.id, "stand-down", end)
        await self._says("stand_down")()
