"""The night as it is written down: the weather, the people, and what happens when.

Everything that will be published, and everything that somebody does by hand. Times are minutes
after the beginning of the river's story (`simulators.river`), which is at 21:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from monitor.settings import Settings
from simulators import storm
from simulators.cameras import Visit, events
from simulators.demo.township import NIGHT
from simulators.gauges import Gauge, publications, samples
from simulators.phones import Habit, Phone
from simulators.publication import Publication
from simulators.rain import RainGauge, Storm
from simulators.river import Story, Valley, tell

ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(NIGHT.year, NIGHT.month, NIGHT.day, 21, 0, tzinfo=ZONE)
TOWNSHIP = "yunxi"


def at(minute: float) -> datetime:
    return BEGINS + timedelta(minutes=minute)


STARTS = at(60)
"""22:00: the service is started, and the first drops have fallen."""
MORNING = at(732)
"""09:12, past the opening of the offices and past the hourly look."""

RAIN = Storm(depth=105, duration=270)
VALLEY = replace(
    Valley(),
    upper=replace(Valley().upper, curve_number=90),
    lower=replace(Valley().lower, curve_number=88),
    gauges=(
        RainGauge("rain-1", 1.00, 0),
        RainGauge("rain-2", 0.97, 10),
        RainGauge("rain-3", 0.94, 20),
        RainGauge("rain-4", 0.88, 35),
    ),
)
"""Days of rain have left the ground wet (curve number 88–90), so that 105 mm are enough."""

SENSORS = {
    "rain-1": "shangyou-rain",
    "rain-2": "shiqiao-rain",
    "rain-3": "longtan-rain",
    "rain-4": "beishan-rain",
    "upstream": "shangyou-level",
    "town": "shiqiao-level",
    "ford": "manshui-level",
    "reservoir": "longtan-level",
}
"""The storm's series → the example's sensors."""

TOLD_FIRST = ("head-hexi", "cadre-hexi", "head-shiqiao", "cadre-shiqiao")
"""Who must know first: the two villages at the town gauge."""
DEAD = "head-hexi"
"""The village head whose phone goes out of service when the power fails."""
SILENT = "deputy-mayor"
"""The leader who gets the call and does not answer."""
SAYS_RECEIVED = "head-shiqiao"
"""The village head who writes 收到, whatever is asked."""
OFFICER = "desk-1"
"""Sits in the duty room that night; the demo's token is this officer's."""
ENDS_IT = "mayor"
"""The leader in whose name the matter is ended."""

DRY_VISIT = 135
FORD_FLOODS = 188
WET_VISIT = 191
POWER_FAILS = 197
STAND_DOWN = 395
"""Minutes: 23:15, 00:08, 00:11, 00:17, 03:35."""

PACE = (
    (at(138), 8.0),
    (at(260), 1.0),
    (at(385), 8.0),
    (at(405), 1.0),
    (MORNING, 60.0),
)
"""Until when, and how many times faster than the rest of the story: nights have calm hours."""


def pace(now: datetime) -> float:
    """1.0 where something happens."""
    return next((times for until, times in PACE if now < until), 1.0)


def river(seed: int) -> Story:
    """The weather of the night."""
    return tell(RAIN, VALLEY, minutes=int((MORNING - BEGINS) / timedelta(minutes=1)), seed=seed)


def visits() -> tuple[Visit, Visit]:
    """The same walk over the ford, before the water and in it."""
    dry = Visit("manshui", "bridge", at(DRY_VISIT), timedelta(minutes=4))
    return dry, replace(dry, begins=at(WET_VISIT))


def published(story: Story, seed: int) -> Iterator[Publication]:
    """All that the devices send, in order."""
    known = storm.gauges(story)
    devices = {name: replace(known[name], sensor=sensor) for name, sensor in SENSORS.items()}
    slope = Gauge("beishan-move", "displacement", "mm", every=10, decimals=1)
    creep = [3.0 + 0.002 * minute for minute in range(len(story.levels["town"]))]
    whole = merge(
        storm.messages(story, devices, TOWNSHIP, BEGINS),
        publications(slope, samples(slope, creep, BEGINS, story.step), TOWNSHIP),
        *(events(visit, seed) for visit in visits()),
        key=lambda publication: publication.at,
    )
    return (publication for publication in whole if publication.at > STARTS)


def phones(settings: Settings) -> list[Phone]:
    """A phone for each number; most answer with the code after a minute or three."""
    habits = {SILENT: Habit.NEVER, SAYS_RECEIVED: Habit.RECEIVED}
    return [
        Phone(
            person.phone,
            habits.get(person.id, Habit.CODE),
            after=timedelta(seconds=50 + 25 * (i % 5)),
        )
        for i, person in enumerate(settings.knowledge.directory.people.persons.values())
        if person.phone
    ]
