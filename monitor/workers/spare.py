"""Before a claim of texts: what one person would get too many of is held back and told together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.notify.arranging import Arranged, arrange, late
from monitor.notify.channel import Channel, Medium, Notification
from monitor.notify.directory import Directory
from monitor.store.transaction import Transaction

_READ = (Medium.SMS, Medium.WECHAT)
_PERSONAL = (*_READ, Medium.VOICE)
_REMEMBERED = timedelta(days=3)
"""Digits given so long ago are not given again for something else."""


class Spared(NamedTuple):
    """What was promised instead, and whether somebody else must be called."""

    promises: list[Notification]
    is_pressed: bool
    persons: set[str] | None = None
    """Who may be sent something beside red now; None: everybody."""


async def spare(
    tx: Transaction, directory: Directory, channel: Channel, now: datetime, most: int
) -> Spared:
    """Load, decide, keep, for every person to whom something is sent next. What `tx` may claim
    of it afterwards, at most so many, breaks no limit, and nothing is sent as it was long ago.

    In a storm thousands wait: who is not among the next is looked at when their turn comes.
    """
    made: list[Arranged] = []
    if channel.medium in _PERSONAL:
        beside = [one.id for one in directory.channels if _same_sense(one.medium, channel.medium)]
        before = now - directory.limits.late_after
        for queue in await tx.late_queues(channel.id, beside, before, now):
            taken = await tx.codes_of([queue.person], now - _REMEMBERED)
            told = late(directory, queue, channel, taken[queue.person], now)
            made.append(await _kept(tx, told, now))
    persons: set[str] | None = None
    if channel.medium in _READ:
        texts = [one.id for one in directory.channels if one.medium is channel.medium]
        persons = set()
        dead = {one.channel for one in (await tx.channel_health()).values() if one.is_down}
        while new := await tx.next_persons(channel.id, now, most) - persons:
            persons |= new
            made += await _arranged(tx, directory, channel, texts, new, dead, now)
    promises = [promised for one in made for promised in one.promises]
    return Spared(promises, any(one.is_pressed for one in made), persons)


async def _arranged(
    tx: Transaction,
    directory: Directory,
    channel: Channel,
    texts: Collection[str],
    persons: Collection[str],
    dead: Collection[str],
    now: datetime,
) -> list[Arranged]:
    """What becomes of the texts of these persons."""
    made = []
    loud = set()
    limited = channel.medium is Medium.SMS
    taken = await tx.codes_of(persons, now - _REMEMBERED)
    for queue in await tx.queues(channel.id, texts, now, persons):
        codes = taken[queue.person]
        arranged = arrange(directory, queue, codes, dead, now, is_limited=limited)
        if limited and not arranged.is_quiet:
            loud.add(queue.person)
        else:
            made.append(await _kept(tx, arranged, now))
    for queue in await tx.queues(channel.id, texts, now, loud, with_held=True):
        made.append(await _kept(tx, arrange(directory, queue, taken[queue.person], dead, now), now))
    return made


def _same_sense(one: Medium, other: Medium) -> bool:
    """What is read is told by what is read first; what rings, by what rings."""
    return one in _PERSONAL and (one is Medium.VOICE) is (other is Medium.VOICE)


async def _kept(tx: Transaction, made: Arranged, now: datetime) -> Arranged:
    await tx.hold(made.held, now)
    await tx.let_go(made.let_go, now)
    await tx.reword(made.reworded)
    for subject, parts in made.merged.items():
        await tx.merge(subject, parts, f"told together with {len(parts) - 1} more")
    for id, why in made.replaced.items():
        await tx.replace_by_other([id], why)
    await tx.promise(made.promises)
    await tx.write(made.entries)
    return made
