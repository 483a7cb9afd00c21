"""Before a claim of texts: what one person would get too many of is held back and told together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.notify.arranging import Arranged, arrange, late
from monitor.notify.channel import Channel, Medium, Notification
from monitor.notify.directory import Directory
from monitor.store.transaction import Transaction

_PERSONAL = (Medium.SMS, Medium.WECHAT, Medium.VOICE)
_REMEMBERED = timedelta(days=3)
"""Digits given so long ago are not given again for something else."""


class Spared(NamedTuple):
    """What was promised instead, and whether somebody else must be called."""

    promises: list[Notification]
    is_pressed: bool


async def spare(tx: Transaction, directory: Directory, channel: Channel, now: datetime) -> Spared:
    """Load, decide, keep, for every person for whom something is due on the channel. What `tx`
    may claim of it afterwards breaks no limit, and nothing is sent as it was long ago."""
    made: list[Arranged] = []
    if channel.medium in _PERSONAL:
        beside = [one.id for one in directory.channels if _same_sense(one.medium, channel.medium)]
        before = now - directory.limits.late_after
        for queue in await tx.late_queues(channel.id, beside, before, now):
            taken = await tx.codes_of(queue.person, now - _REMEMBERED)
            made.append(await _kept(tx, late(directory, queue, channel, taken, now), now))
    if channel.medium is Medium.SMS:
        texts = [one.id for one in directory.channels if one.medium is Medium.SMS]
        loud = set()
        queues = await tx.queues(channel.id, texts, now)
        health = await tx.channel_health() if queues else {}
        dead = {one.channel for one in health.values() if one.is_down}
        for queue in queues:
            arranged = arrange(directory, queue, (), dead, now)
            if arranged.is_quiet:
                made.append(await _kept(tx, arranged, now))
            else:
                loud.add(queue.person)
        for queue in await tx.queues(channel.id, texts, now, with_held=loud) if loud else ():
            taken = await tx.codes_of(queue.person, now - _REMEMBERED)
            made.append(await _kept(tx, arrange(directory, queue, taken, dead, now), now))
    promises = [promised for one in made for promised in one.promises]
    return Spared(promises, is_pressed=any(one.is_pressed for one in made))


def _same_sense(one: Medium, other: Medium) -> bool:
    """What is read is told by what is read first; what rings, by what rings."""
    return one in _PERSONAL and (one is Medium.VOICE) is (other is Medium.VOICE)


async def _kept(tx: Transaction, made: Arranged, now: datetime) -> Arranged:
    await tx.hold(made.held, now)
    await tx.let_go(made.let_go, now)
    for subject, parts in made.merged.items():
        await tx.merge(subject, parts, f"told together with {len(parts) - 1} more")
    for id, why in made.replaced.items():
        await tx.replace_by_other([id], why)
    await tx.promise(made.promises)
    await tx.write(made.entries)
    return made
