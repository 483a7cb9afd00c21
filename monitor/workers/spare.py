"""Before a claim of texts: what one person would get too many of is held back and told together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.journal import Entry
from monitor.notify.arranging import arrange
from monitor.notify.channel import Channel, Medium, Notification
from monitor.notify.directory import Directory
from monitor.store.transaction import Transaction

_REMEMBERED = timedelta(days=3)
"""Digits given so long ago are not given again for something else."""


class Spared(NamedTuple):
    """What was promised instead, and whether somebody else must be called."""

    promises: list[Notification]
    is_pressed: bool


async def spare(tx: Transaction, directory: Directory, channel: Channel, now: datetime) -> Spared:
    """Load, decide, keep, for every person for whom a text is due. What `tx` may claim of the
    channel afterwards breaks no limit."""
    if channel.medium is not Medium.SMS:
        return Spared([], is_pressed=False)
    texts = [one.id for one in directory.channels if one.medium is Medium.SMS]
    promises: list[Notification] = []
    entries: list[Entry] = []
    is_pressed = False
    for queue in await tx.queues(channel.id, texts, now):
        taken = await tx.codes_of(queue.person, now - _REMEMBERED)
        made = arrange(directory, queue, taken, now)
        await tx.hold(made.held, now)
        await tx.let_go(made.let_go, now)
        for subject, parts in made.merged.items():
            await tx.merge(subject, parts, f"told together with {len(parts) - 1} more")
        for id, medium in made.replaced.items():
            await tx.replace_by_other([id], f"over the limit of texts: told by {medium} instead")
        promises += made.promises
        entries += made.entries
        is_pressed |= made.is_pressed
    await tx.promise(promises)
    await tx.write(entries)
    return Spared(promises, is_pressed=is_pressed)
