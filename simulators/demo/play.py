"""Plays the night: moves the clock, lets things happen, shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor import acts
from monitor.alerting.severity import Severity
from monitor.clock import SystemClock
from simulators.demo import story
from simulators.demo.stage import Stage
from simulators.demo.view import View
from simulators.phones import Habit

READING_S = 0.12
"""For each line shown, at the usual speed."""
USUAL = 120.0
"""Story seconds to a real one, where `--speed` says nothing."""
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

    def __init__(self, stage: Stage, view: View, *, seed: int, speed: float) -> None:
        self._stage = stage
        self._view = view
        self._speed = speed
        self._real = SystemClock()
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
            await self._real.wait((frame - seen).total_seconds() / faster)
            seen = frame
            self._view.frame(seen)
        clock.advance(to)

    async def _happen(self) -> None:
        stage, now = self._stage, self._stage.clock.now()
        while self._coming and self._coming[-1].at <= now:
            stage.publisher.publish(self._coming.pop())
        await stage.quiet()
        while self._cues and self._cues[-1].at <= now:
            await self._cues.pop().what()
        events = await stage.people_act()
        shown = self._view.happened(events)
        await self._desk_answers()
        await self._show(shown)

    async def _show(self, shown: int = 0) -> None:
        """Let the service get done, show what rang, and leave time to read it."""
        await self._stage.quiet()
        shown += self._view.rang(self._stage.new_messages())
        self._view.frame(self._stage.clock.now())
        await self._real.wait(shown * READING_S * USUAL / self._speed)

    def _says(self, words: str) -> Callable[[], Awaitable[None]]:
        async def say() -> None:
            self._view.noted(self._stage.clock.now(), words)

        return say

    async def _power_fails(self) -> None:
        people = self._stage.service.settings.knowledge.directory.people.persons
        self._stage.phones.become(people[story.DEAD].phone, Habit.DEAD)
        await self._says("act-3")()
        await self._says("power_fails")()

    async def _desk_answers(self) -> None:
        """The officer in the duty room presses the button on the screen."""
        now, desk = self._stage.clock.now(), self._stage.service.desk
        if now.second % 10:
            return
        for ladder in await self._stage.service.store.calling_ladders():
            if ladder.duty == self._stage.desk_duty and now - ladder.opened_at >= DESK_LOOKS:
                await acts.acknowledge(desk, ladder.alert, "desk-1", "desk", "desk-1")
                self._view.desk_answered(now, ladder.alert)

    async def _stand_down(self) -> None:
        """The mayor ends what was orange or red, once the water has fallen."""
        service = self._stage.service
        for alert in await service.store.alerts(service.desk.actual, active=True):
            if alert.worst >= Severity.ORANGE:
                await acts.stand_down(service.desk, alert.id, story.ENDS_IT, "水位回落，查险完毕")
        await self._says("stand_down")()
