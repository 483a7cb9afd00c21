"""A device that floods a real mosquitto, and the service behind it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from monitor.app import Service, running, work
from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from monitor.ingest.quota import Quota
from monitor.notify.channel import Medium
from monitor.settings import Settings
from simulators.publication import Publication
from simulators.publisher import Publisher, connected
from tests.mqtt.conftest import mosquitto
from tests.stories.harness import example

FLOOD, GOOD = 2000, 20
GAUGE, OTHER = "shiqiao-level", "shangyou-level"


def settings_for(folder: Path, port: int) -> Settings:
    known = example().knowledge
    desk = tuple(c for c in known.directory.channels if c.medium is Medium.DESK)
    directory = replace(known.directory, channels=desk)
    knowledge = replace(known, directory=directory, quota=Quota(per_minute=60))
    broker = example().broker.model_copy(update={"embedded": False, "port": port})
    store = folder / "monitor.sqlite"
    return replace(
        example(), knowledge=knowledge, broker=broker, store=store, store_key=folder / "store.key"
    )


def says(publisher: Publisher, sensor: str, value: float) -> None:
    now = SystemClock().now()
    said = json.dumps({"value": value, "time": now.isoformat()}).encode()
    publisher.publish(Publication(now, f"risk/yunxi/{sensor}/level", said))


async def counted(service: Service) -> tuple[int, int, int]:
    """Readings of the flooding gauge that were judged, that were not, and those of the other."""
    past, future = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    scope = service.desk.actual
    kept = [
        len(await service.store.observations(scope, sensor, past, future))
        for sensor in (GAUGE, OTHER)
    ]
    cut = await service.store.floods(scope, past)
    return kept[0], cut.get(GAUGE, 0), kept[1]


async def test_a_flooding_gauge_is_cut_off_and_heard_and_the_other_loses_nothing(
    tmp_path: Path,
) -> None:
    port = free_port()
    with mosquitto(tmp_path, port, "max_queued_messages 0"):
        async with running(settings_for(tmp_path, port), SystemClock()) as service:
            working = asyncio.create_task(work(service))
            await service.subscriber.until_connected()
            with connected(HOST, port, "flood") as device, connected(HOST, port, "good") as gauge:
                for n in range(FLOOD):
                    says(device, GAUGE, 86.0)
                    if n % (FLOOD // GOOD) == 0:
                        says(gauge, OTHER, 84.0)
                        await asyncio.sleep(0)  # noqa: TID251 - let the others speak
                says(device, GAUGE, 87.9)
                while sum(found := await counted(service)) < FLOOD + 1 + GOOD:
                    await SystemClock().wait(0.05)
            judged, cut, others = found
            (alert,) = await service.store.alerts(service.desk.actual)
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
    assert others == GOOD and judged + cut == FLOOD + 1
    assert cut > FLOOD / 2, "what is beyond is counted"
    assert alert.site == "shiqiao", "and the last word is judged"
