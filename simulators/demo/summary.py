"""What the night comes to: first for the mayor, then in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from monitor.alerting.severity import Severity
from monitor.store.calls import Call
from simulators.demo.cast import MEDIA, Cast
from simulators.demo.expectations import Came, Miss, misses
from simulators.demo.stage import Stage
from simulators.demo.story import DEAD, POWER_FAILS, SILENT, TOLD_FIRST, at, river

MINUTE = timedelta(minutes=1)
INSTEAD = "河西村村级责任人打不通"
"""In the words to whoever is called in place of the dead phone."""
TAKES_OVER = "分管领导叫"
"""In the words to whoever is called in place of the leader who does not answer."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Times in minutes, counts of messages."""

    lead_minutes: float
    """From the first message to a village below to the water's reaching 立即转移 there."""
    fastest_answer_minutes: float
    superior_after_minutes: float
    """From the call that the leader did not answer to the superior's own answer."""
    dead_phone_minutes: float
    """From the call to the dead phone to the first call of somebody in its place."""
    most_messages: int
    most_messages_to: str
    missed: tuple[Miss, ...]
    published: int
    unacknowledged: int
    """Published, and no PUBACK came."""
    stored: int
    quarantined: int
    messages: int
    answers: int

    @property
    def lost(self) -> int:
        """Published and neither stored nor quarantined."""
        return self.published - self.stored - self.quarantined

    @property
    def is_good(self) -> bool:
        """All that was published is stored, and all that was expected came."""
        return not (self.lost or self.quarantined or self.unacknowledged or self.missed)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "lost": self.lost,
            "good": self.is_good,
            "missed": [miss._asdict() for miss in self.missed],
        }


def came(stage: Stage, cast: Cast) -> list[Came]:
    """Everything that rang, by person."""
    return [Came(m.at, cast.person(m), MEDIA[m.provider], m.text) for m in stage.rang]


async def sum_up(stage: Stage, cast: Cast, seed: int, unacknowledged: int) -> Summary:
    """Read the store and the phones; what is shown is what they hold."""
    service = stage.service
    alerts = await service.store.alerts(service.desk.actual)
    calls = {alert.id: await service.store.calls(alert.id) for alert in alerts}
    tally = await service.store.tally(service.desk.actual)
    heard = came(stage, cast)
    ((most_to, most),) = Counter(one.person for one in heard).most_common(1)
    red = next((a for a in alerts if (a.site, a.worst) == ("shiqiao", Severity.RED)), None)
    return Summary(
        lead_minutes=_lead(heard, seed),
        fastest_answer_minutes=_fastest(calls.values()),
        superior_after_minutes=_superior(calls[red.id]) if red else 0.0,
        dead_phone_minutes=_instead(heard),
        most_messages=most,
        most_messages_to=cast.name(most_to),
        missed=tuple(misses(heard, alerts)),
        published=stage.publisher.published,
        unacknowledged=unacknowledged,
        stored=tally["observations"],
        quarantined=tally["quarantine"],
        messages=len(heard),
        answers=sum(1 for some in calls.values() for call in some if call.answer),
    )


def _lead(heard: Sequence[Came], seed: int) -> float:
    told = min((one.at for one in heard if one.person in TOLD_FIRST), default=None)
    town = river(seed).levels["town"]
    reached = next((minute for minute, level in enumerate(town, 1) if level >= 87.80), None)
    return round((at(reached) - told) / MINUTE, 1) if told and reached else 0.0


def _fastest(calls: Iterable[Sequence[Call]]) -> float:
    waits = [
        call.answer.at - call.notification.created_at
        for some in calls
        for call in some
        if call.answer and call.notification.code
    ]
    return round(min(waits, default=timedelta(0)) / MINUTE, 1)


def _superior(calls: Sequence[Call]) -> float:
    asked = [
        call.notification.created_at
        for call in calls
        if call.notification.person == SILENT and call.notification.severity is Severity.RED
    ]
    taken = [
        call.answer.at for call in calls if TAKES_OVER in call.notification.text and call.answer
    ]
    return round((min(taken) - min(asked)) / MINUTE, 1) if asked and taken else 0.0


def _instead(heard: Sequence[Came]) -> float:
    fails = at(POWER_FAILS)
    asked = [one.at for one in heard if one.person == DEAD and one.at >= fails]
    instead = [one.at for one in heard if INSTEAD in one.text and one.at >= fails]
    return round((min(instead) - min(asked)) / MINUTE, 1) if asked and instead else 0.0
