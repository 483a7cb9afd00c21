"""`monitor hand-dial`: the list of whom to phone, in order, where no channel is left."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Iterator
from typing import Any

from monitor.alerting.severity import ZH, Severity
from monitor.cli.asking import URL, ask
from monitor.cli.command import Commands, command
from monitor.cli.here import settings_of
from monitor.clock import SystemClock
from monitor.hand_dial import hand_dial
from monitor.settings import Settings
from monitor.store.store import Store
from monitor.web.dial import DialList, shown


def add_to(commands: Commands) -> None:
    sub = command(commands, "hand-dial", list_calls)
    sub.add_argument("--url", default=URL, help="the running service (MONITOR_URL)")
    sub.add_argument("--offline", action="store_true", help="the service is stopped: its store")
    sub.add_argument("--config", default=os.environ.get("MONITOR_CONFIG", "config"))


def list_calls(arguments: argparse.Namespace) -> int:
    """Print whom to dial by hand, in order, with whole numbers: for the duty desk alone."""
    if arguments.offline:
        found = asyncio.run(_offline(settings_of(arguments))).model_dump(mode="json")
    elif (found := ask(arguments, "GET", "/hand-dial")) is None:
        return 1
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print("\n".join(lines(found)))
    return 0


async def _offline(settings: Settings) -> DialList:
    async with Store.opened(settings.store, settings.store_key, read_only=True) as store:
        found = await hand_dial(store, settings.knowledge, SystemClock().now(), rings=False)
        return shown(found, settings.zone, phones=True)


def lines(found: dict[str, Any]) -> Iterator[str]:
    """A list of the API as text."""
    dead = "对外通道全部中断" if found["all_dead"] else "通道可用，以下的人仍须人工拨打"
    yield f"手拨名单 {found['at'][:16].replace('T', ' ')} {dead}，共{len(found['lines'])}人"
    for number, line in enumerate(found["lines"], 1):
        yield f"{number:3}. {line['name']}  {' / '.join(line['numbers']) or '没有号码'}"
        for matter in line["matters"]:
            severity = Severity[matter["severity"].upper()]
            level = ZH[severity] if severity else "解除"
            told = "" if matter["must_answer"] else "（仅告知）"
            yield f"     {level} {'、'.join(matter['titles'])}{told}：{matter['say']}"
        yield "     [ ] 应答  [ ] 未通  __:__"
