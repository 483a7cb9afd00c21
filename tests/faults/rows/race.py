"""Two people, a timer, an SMS reply and the API answer in the same 10 ms.

One township, and for each race a gauge of its own that rises. At the moment at which the next
step is due everybody acts at once, within ten real milliseconds: the patrolman by a text and
through the desk's API, the next one above him, and the timer, while what is promised goes out. The
hands of the township's clock stand still meanwhile; whatever is shown once they move is late.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.township import sensor_id
from monitor import acts
from monitor.alerting.alerts import Alert
from monitor.clock import SystemClock
from monitor.settings import load
from tests.faults.fault import Fault, Trial, rng
from tests.faults.world import TOKEN, YELLOW, town
from tests.stories.harness import DAY, Shown, Story, story

RACES = 10
WITHIN_S = 0.01
PATROL, ABOVE, OFFICER = "grid-hexi", "head-hexi", "desk-1"
LATEST = timedelta(seconds=1)


def trial(seed: int, index: int, workdir: Path) -> Trial:
    return asyncio.run(_trial(rng(seed, index), workdir))


async def _trial(dice: Random, workdir: Path) -> Trial:
    place = town(workdir, RACES, broker=1883)
    settings = load(place.config, {"MONITOR_TOKEN": TOKEN})
    violations: list[str] = []
    async with story(workdir, DAY, settings=settings) as here:
        for gauge in range(RACES):
            violations += [f"race {gauge}: {what}" for what in await _race(here, dice, gauge)]
            here.told()
    return Trial({"races": RACES}, tuple(violations))


async def _race(here: Story, dice: Random, gauge: int) -> list[str]:
    await here.reads(YELLOW, sensor_id(gauge))
    site = f"site-{gauge:05d}"
    alert = next(a for a in await here.store.alerts(here.desk.actual) if a.site == site)
    due = min(ladder.due_at for ladder in await here.store.ladders_of(alert.id))
    await here.clock.wait_until(due)
    await _all_at_once(here, dice, alert)
    await here.settle()
    answered_at, before = here.clock.now(), len(here.phones.shown)
    for minutes in (0.1, 16, 16):  # what is still to be sent, and the two steps that would be next
        await here.clock.wait_until(here.clock.now() + timedelta(minutes=minutes))
        await here.settle()
    late = here.phones.shown[before:]
    found = [what async for what in _violations(here, alert, late, answered_at)]
    await here.clock.wait_until(here.clock.now() + timedelta(hours=1))
    return found


async def _all_at_once(here: Story, dice: Random, alert: Alert) -> None:
    async def in_a_moment(act: Awaitable[object]) -> None:
        await SystemClock().wait(dice.uniform(0.0, WITHIN_S))
        await act

    async def send() -> None:
        for deliver in here.delivers:
            await deliver.step()

    acting = [
        acts.acknowledge(here.desk, alert.id, PATROL, "desk", OFFICER),
        acts.acknowledge(here.desk, alert.id, ABOVE, "phone", OFFICER),
        here.answers(PATROL),
        here.escalate.step(),
        here.escalate.step(),
        send(),
        send(),
    ]
    dice.shuffle(acting)
    await asyncio.gather(*map(in_a_moment, acting))


async def _violations(
    here: Story, alert: Alert, late: list[Shown], answered_at: datetime
) -> AsyncIterator[str]:
    held = await here.events(alert.id, "call.held")
    ladders = await here.store.ladders_of(alert.id)
    for ladder in ladders:
        firsts = [e["facts"]["reason"] for e in held if e["facts"]["ladder"] == ladder.id]
        if len(firsts) != 1 or firsts[0] not in (PATROL, ABOVE):
            yield f"the first answers in the journal: {firsts}"
    told = await here.events(alert.id)
    answers = Counter(e["person"] for e in told if e["event"] == "answer")
    if answers != {PATROL: 1, ABOVE: 1}:
        yield f"answers in the journal: {dict(answers)}"
    answer = next(n for n, e in enumerate(told) if (e["event"], e["person"]) == ("answer", PATROL))
    for entry in told[answer:]:
        if entry["event"] in ("call.step", "call.done"):
            yield f"{entry['event']} was written after the answer: {entry['facts']}"
    for one in late:
        if one.promised.subject == alert.id and one.at - answered_at > LATEST:
            yield f"{one.who} was called {one.at - answered_at} after the answer"


FAULT = Fault(
    name="race",
    row="two people, a timer, an SMS reply and the API answer in the same 10 ms",
    full={"races": 10_000},
    bar="one first answer in the journal, 0 escalation messages sent later than 1 s after it",
    small={"races": 10},
    trial=trial,
)
