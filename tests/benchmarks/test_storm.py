"""The storm of `benchmarks.storm` in small: what it counts, not how long it took."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from benchmarks.storm import Storm, crossed, made
from benchmarks.told import Taken, Told, judge
from benchmarks.valley import write
from monitor.ingest.message import Message
from monitor.settings import load
from simulators.replay import paced
from tests.stories.harness import ENVIRON, Story, story

CONSOLE = [{"id": medium, "kind": "console"} for medium in ("sms",)]


async def _passes(town: Story, storm: Storm) -> int:
    """Each reading in its second; calls are made every ten."""
    start, spoken = town.clock.now(), town.clock.now()
    for at, row in paced(storm.rows, speed=1.0, shift_to=start):
        if at - spoken >= timedelta(seconds=10):
            await town.settle()
            spoken = at
        await town.clock.wait_until(at)
        body = json.dumps({"value": row.value, "time": at.isoformat()}).encode()
        topic = f"risk/yunxi/{row.sensor}/level"
        await town.ingest.take([Message(topic, body, town.clock.now(), False)])
    await town.waits(minutes=3)
    return len(storm.rows)


async def test_no_limit_is_passed_no_red_waits_and_what_was_held_back_is_told_once(
    tmp_path: Path,
) -> None:
    storm = made(30, 60.0, seed=1)
    write(tmp_path / "config", storm.gauges, {}, CONSOLE)
    settings = load(tmp_path / "config", ENVIRON)
    async with story(tmp_path, settings=settings) as town:
        start = town.clock.now()
        published = await _passes(town, storm)
        taken = [
            Taken(
                "aliyun" if one.promised.channel == "sms" else one.promised.channel,
                one.promised.address,
                one.promised.id,
                one.at.timestamp(),
            )
            for one in town.phones.shown
        ]
        town.told()
        told: Told = judge(
            tmp_path / "story.sqlite", taken, storm.gauges, crossed(storm, start), published
        )
    assert told.broken == []
    assert told.held > 100 and told.texts > 300
    assert told.most[60] == 1
