"""Restore from a backup into an empty folder.

A gauge rises through its ladder and falls again while a backup is made every five minutes. At some
instant the machine is gone with all that it kept; the newest backup is put back into an empty
folder half a minute to half an hour later, and the gauge goes on. The phones outlive it all.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from monitor.scope import Scope, Status
from monitor.store.backup import backup, restore
from monitor.store.store import Store
from tests.clocks import HandClock
from tests.faults.fault import Fault, Trial, rng
from tests.stories.harness import NIGHT, Phones, Shown, Story, story

GAUGE = "shiqiao-level"
CALM, YELLOW, RED = 84.20, 86.60, 87.90
MINUTE = timedelta(minutes=1)
EVERY = 5 * MINUTE
"""Between two backups: the timer that is shipped."""
MOST_MISSING = 5 * MINUTE


@dataclass
class River:
    """What the gauge said and when, numbered: also what was lost can be counted."""

    dice: Random
    seq: int = 0
    level: float = CALM
    said: dict[int, datetime] = field(default_factory=dict)

    async def says(self, town: Story) -> None:
        """The next reading, at a level near the one before."""
        if self.dice.random() < 0.25:
            self.level = self.dice.choice((CALM, YELLOW, RED))
        now = town.clock.now()
        self.seq += 1
        self.said[self.seq] = now
        value = round(self.level + self.dice.uniform(-0.02, 0.02), 2)
        body = {"value": value, "time": now.isoformat(), "boot": "1", "seq": self.seq}
        await town.hears(f"risk/yunxi/{GAUGE}/level", json.dumps(body).encode())


def trial(seed: int, index: int, workdir: Path) -> Trial:
    return asyncio.run(_trial(rng(seed, index), workdir))


async def _trial(dice: Random, workdir: Path) -> Trial:
    river, phones = River(dice), Phones(HandClock(NIGHT))
    copy = await _until_it_is_gone(river, phones, workdir)
    back = workdir / "empty"
    keys = workdir / "lost" / "story.key"
    back.mkdir()
    (back / "story.key").write_bytes(keys.read_bytes())  # kept elsewhere, as the guide says
    restore(copy, back / "story.sqlite")
    before = len(phones.shown)
    down = dice.uniform(0.5, 30.0)
    await phones.clock.wait_until(phones.clock.now() + down * MINUTE)
    async with story(back, phones=phones) as town:
        for _ in range(dice.randint(8, 20)):
            await town.waits(minutes=1)
            await river.says(town)
        await town.sweeps()
        found = await _violations(town, river, phones, before)
        lost = await _lost(town.store, river)
        town.told()
    missing = (max(lost) - min(lost)).total_seconds() if lost else 0.0
    return Trial({"restores": 1}, tuple(found), {"s of readings missing": missing})


async def _until_it_is_gone(river: River, phones: Phones, workdir: Path) -> Path:
    """The newest backup."""
    lost, copy = workdir / "lost", workdir / "backup.sqlite"
    lost.mkdir()
    ends = NIGHT + river.dice.uniform(6, 40) * MINUTE
    made = NIGHT
    async with story(lost, phones=phones) as town:
        await town.sweeps()
        backup(lost / "story.sqlite", copy)
        while phones.clock.now() < ends:
            await river.says(town)
            await town.waits(minutes=river.dice.choice((0.25, 0.5, 1.0)))
            if river.dice.random() < 0.05:
                await _somebody_answers(town)
            if phones.clock.now() - made >= EVERY - MINUTE:
                made = phones.clock.now()
                backup(lost / "story.sqlite", copy)
        town.told()
    return copy


async def _somebody_answers(town: Story) -> None:
    asked = [one.who for one in town.phones.shown if one.promised.code]
    if asked:
        await town.answers(asked[-1])


async def _violations(town: Story, river: River, phones: Phones, before: int) -> list[str]:
    """`before`: how many messages were on phones when the machine was gone. A ladder may say the
    same words again to who did not answer; nobody reads again what they read before."""
    said, found = [one for one in phones.shown if one.promised.channel != "desk"], []
    ids = Counter(one.promised.id for one in said)
    known = {_read(one) for one in phones.shown[:before] if one.promised.channel != "desk"}
    anew = {_read(one) for one in phones.shown[before:] if one.promised.channel != "desk"}
    found += [f"sent twice: {id}" for id, n in ids.items() if n > 1]
    found += [f"{who} read twice: {text}" for who, _, text in known & anew]
    actual = town.desk.actual
    lost = await _lost(town.store, river)
    if lost and max(lost) - min(lost) > MOST_MISSING:
        found.append(f"{len(lost)} readings are missing, of {max(lost) - min(lost)}")
    told = [one.finding.text for one in await town.store.open_findings(actual)]
    if lost and not any("数据由备份恢复" in text for text in told):
        found.append("the gap was not told")
    for alert in await town.store.alerts(actual):
        if alert.is_active and alert.severity > alert.told:
            found.append(f"it stands and nobody was called: {alert.site}")
    return found


def _read(one: Shown) -> tuple[str, str, str]:
    return one.who, one.promised.channel, one.promised.text


async def _lost(store: Store, river: River) -> list[datetime]:
    """When what is not there was said."""
    scope = Scope("yunxi", Status.ACTUAL, "")
    late = max(river.said.values()) + MINUTE
    there = await store.observations(scope, GAUGE, NIGHT - MINUTE, late)
    kept = {int(one.key.rpartition(":")[2]) for one in there}
    return [at for seq, at in river.said.items() if seq not in kept]


FAULT = Fault(
    name="restore",
    row="restore from a backup into an empty folder",
    full={"restores": 20},
    bar="≤ 5 min of readings missing (each gap told), no SMS sent twice",
    small={"restores": 1},
    trial=trial,
)
