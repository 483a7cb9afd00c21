"""Another way to the same person, where a channel took nothing and the person is not to blame.

The next living channel of the medium; else the next living one of another medium by which that
person can be reached, in the order of `channels:`. Where every way is dead the promise is held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from monitor.alerting.alerts import Alert
from monitor.notify.calling import Ask, Occasion, promise
from monitor.notify.channel import PERSONAL, Channel, Medium, Notification
from monitor.notify.delivery import Delivery
from monitor.notify.directory import Directory, address_of
from monitor.notify.escalation import Reach
from monitor.notify.occasions import site_of
from monitor.notify.phrases import facts
from monitor.notify.templates import DRILL, TELL
from monitor.notify.wording import WordingFault

_ON_ITS_WAY = frozenset({Delivery.WAITING, Delivery.SENDING})


class NoWay(StrEnum):
    """Why a promise waits for a channel to come back."""

    ANYBODY = "held: no channel that reaches a person is alive"
    THIS_PERSON = "held: every channel that reaches this person is dead"


def outside(directory: Directory) -> tuple[Channel, ...]:
    """The channels that reach a person. One that only prints stands in where there is no other."""
    found = [channel for channel in directory.channels if channel.medium in PERSONAL]
    return tuple(c for c in found if not c.kind.prints_only) or tuple(found)


def none_left(directory: Directory, dead: Collection[str]) -> bool:
    """Whether every channel that reaches a person is among the dead; False where there is none."""
    reaching = [channel.id for channel in outside(directory)]
    return bool(reaching) and set(reaching) <= set(dead)


def instead(
    directory: Directory,
    lost: Notification,
    alert: Alert | None,
    tried: Mapping[str, Delivery],
    dead: Collection[str],
    now: datetime,
) -> Notification | NoWay | None:
    """The same by another way; why it is to be held; None where nothing more is to be done.

    `tried`: what became of the same message to that person by each channel, the lost one among
    them. `alert`: what it is about; None for a reminder, which is read and never spoken.
    """
    ways = [*_ways(directory, lost)]
    free = [w for w in ways if w.id not in tried and w.id not in dead]
    medium = medium_of(directory, lost.channel)
    for way in free:
        if way.medium is medium:
            return by(directory, lost, way, alert, now)
    if any(_is_told(channel, state, dead) for channel, state in tried.items()):
        return None
    for way in free:
        if (moved := by(directory, lost, way, alert, now)) is not None:
            return moved
    if Delivery.HELD in tried.values() or not any(w.id in dead for w in ways):
        return None
    lives = any(channel.id not in dead for channel in outside(directory))
    return NoWay.THIS_PERSON if lives else NoWay.ANYBODY


def by(
    directory: Directory, lost: Notification, way: Channel, alert: Alert | None, now: datetime
) -> Notification | None:
    """The same promise by that channel; None where the person has no address there, or where it
    would have to be put into other words and cannot."""
    address = _address(directory, lost, way)
    if not address or way.medium not in PERSONAL:
        return None
    id = lost.scope.id("instead", lost.id, way.id)
    if _is_spoken(directory, lost) is not (way.medium is Medium.VOICE):
        if alert is None:
            return None
        try:
            lost = _said(directory, lost, way, alert, now)
        except WordingFault:
            return None
    return replace(lost, id=id, channel=way.id, address=address, created_at=now, due_at=now)


def medium_of(directory: Directory, channel: str) -> Medium | None:
    """None where it left `config/`."""
    return next((one.medium for one in directory.channels if one.id == channel), None)


def _is_spoken(directory: Directory, lost: Notification) -> bool:
    medium = medium_of(directory, lost.channel)
    return lost.use.startswith("voice_") if medium is None else medium is Medium.VOICE


def subject_matter(use: str) -> str:
    """What a template is about, whoever reads or hears it."""
    return use.removeprefix("voice_").removesuffix(DRILL).removesuffix(TELL)


def _ways(directory: Directory, lost: Notification) -> Iterator[Channel]:
    """Every channel by which that person can be reached."""
    yield from (way for way in outside(directory) if _address(directory, lost, way))


def _address(directory: Directory, lost: Notification, way: Channel) -> str:
    """As it was when promised, where the medium is the same."""
    if way.medium is medium_of(directory, lost.channel):
        return lost.address
    person = directory.people.persons.get(lost.person)
    return address_of(person, way.medium) if person else ""


def _is_told(channel: str, state: Delivery, dead: Collection[str]) -> bool:
    on_its_way = state in _ON_ITS_WAY and channel not in dead
    return state is Delivery.ACCEPTED or on_its_way


def _said(
    directory: Directory, lost: Notification, way: Channel, alert: Alert, now: datetime
) -> Notification:
    """What was to be read as it is spoken, or the other way round. Raises WordingFault."""
    alert = replace(alert, severity=lost.severity)
    said = facts(directory, site_of(directory, alert), alert, alert.lead.observed_at)
    occasion = Occasion(
        directory, lost.scope, lost.subject, lost.id, lost.severity, said, now, lost.code
    )
    reach = Reach(lost.person, "", way.id, way.medium.value, lost.address)
    uses = (subject_matter(lost.use), f"{lost.severity.name.lower()}_plain")
    told = promise(
        occasion, Ask(reach, lost.duty, uses, lost.variables, lost.ladder, bool(lost.code))
    )
    return replace(lost, use=told.use, variables=told.variables, text=told.text)
