"""`/healthz`: the process lives. `/readyz`: a red alert would reach somebody now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from monitor.errors import StoreUnavailable
from monitor.notify.channel import PERSONAL
from monitor.notify.health import Health
from monitor.notify.instead import none_left
from monitor.settings import Settings
from monitor.web.service import Here, Service

router = APIRouter(tags=["health"])

HAND_DIAL = "/hand-dial"
WITHIN_S = 3.0
"""The store must take a row in that time."""
BACKLOG = timedelta(seconds=60)
STORE_HOLDS = "the store"
"""How the reason of a worker begins that waits for the store; told at once, before the heartbeat
stops."""


class Trouble(NamedTuple):
    """Why a reading would not be judged, or a call not go out."""

    en: str
    zh: str
    page: str = ""
    """Where what is to be done about it stands; "" for no page of ours."""


ONLY_PRINTS = Trouble(
    "no channel ends at a phone: what would be sent is only printed",
    "没有接通任何手机：叫应只打印出来，谁的手机都不会响",
)
"""Of an example township, which is for trial."""


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Answers as long as the process can."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(here: Here) -> JSONResponse:
    """503 with the reasons, else 200; an example that only prints says `trial`."""
    found = [trouble.en async for trouble in unkept(here)]
    found += [trouble.en async for trouble in troubles(here)]
    trial = rings_nobody(here.settings)
    status = "red" if found else "trial" if trial else "ready"
    body = {"status": status, "reasons": found, "notes": [ONLY_PRINTS.en] if trial else []}
    return JSONResponse(body, 503 if found else 200)


def rings_nobody(settings: Settings) -> bool:
    """Whether no channel ends at a phone: what would be sent is printed at best."""
    channels = settings.knowledge.directory.channels
    return not any(c.medium in PERSONAL and not c.kind.prints_only for c in channels)


async def unkept(here: Service) -> AsyncIterator[Trouble]:
    """Writes one row to see whether it can be written."""
    try:
        async with asyncio.timeout(WITHIN_S), here.store.writing() as tx:
            await tx.probe(here.clock.now())
    except (StoreUnavailable, TimeoutError) as fault:
        yield Trouble(f"the store takes nothing: {fault or 'too slow'}", "数据文件写不进去")


async def troubles(here: Service) -> AsyncIterator[Trouble]:
    """All but the store's own."""
    now = here.clock.now()
    if not here.subscriber.connected:
        yield Trouble("the broker is not connected", "收不到监测数据：消息服务器没有连上")
    if (oldest := here.subscriber.oldest) is not None and now - oldest > BACKLOG:
        since = oldest.isoformat(timespec="seconds")
        yield Trouble(f"messages wait since {since}", "收到的监测数据积压，来不及处理")
    if any(one.held.startswith(STORE_HOLDS) for one in here.board.workers.values()):
        yield Trouble("what comes in is not kept: the store takes nothing", "数据文件写不进去")
    for one in here.board.standstills(here.clock.elapsed()):
        yield Trouble(one.why, one.zh)
    for trouble in dead(here, (await here.store.channel_health()).values()):
        yield trouble


def dead(here: Service, known: Iterable[Health]) -> Iterator[Trouble]:
    """Channels that are dead now, and a township without any that reaches a person."""
    directory = here.settings.knowledge.directory
    ids = {channel.id for channel in directory.channels}
    gone = [one for one in known if one.is_down and one.channel in ids]
    for one in sorted(gone, key=lambda one: one.channel):
        since = (one.since or here.clock.now()).astimezone(directory.people.zone)
        en = f"channel {one.channel} is dead since {since:%Y-%m-%d %H:%M}: {one.reason}"
        yield Trouble(en, f"通道 {one.channel} 自{since:%H:%M}起发不出去：{one.reason}")
    if none_left(directory, {one.channel for one in gone}):
        zh = "对外通道全部中断，请按名单人工拨打"
        yield Trouble("every channel is dead: dial by hand", zh, HAND_DIAL)
    if rings_nobody(here.settings) and not here.settings.example:
        yield Trouble("no channel reaches a person", "没有能叫到人的通道", HAND_DIAL)
