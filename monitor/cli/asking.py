"""What the running service is asked to do, by its API, in the name of the token's person."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests

from monitor.acts import erasing
from monitor.alerting.severity import ZH, Severity
from monitor.cli.command import Commands, command
from monitor.cli.here import settings_of
from monitor.clock import SystemClock
from monitor.store.store import Store
from monitor.web.words import CONDITIONS, clock, translator

API_TIMEOUT_S = (3.0, 10.0)
URL = os.environ.get("MONITOR_URL", "http://127.0.0.1:8080")


def add_to(commands: Commands) -> None:
    """The subcommands that call the service."""

    def asked(name: str, function: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = command(commands, name, function)
        sub.add_argument("--url", default=URL, help="the running service (MONITOR_URL)")
        sub.add_argument("--by", help="in whose name: a person's id (default: the token's)")
        return sub

    asked("alerts", alerts).add_argument("--lang", choices=("zh", "en"), default="zh")
    sub = asked("ack", acknowledge)
    sub.add_argument("alert", help="its number at the desk, or the site's id")
    sub.add_argument("--for", dest="person", required=True, help="who answered: a person's id")
    ways = ("phone", "radio", "in-person", "wechat", "desk")
    sub.add_argument("--via", default="phone", choices=ways)
    sub = asked("stand-down", stand_down)
    sub.add_argument("alert")
    sub.add_argument("--reason")
    sub = asked("verdict", verdict)
    sub.add_argument("alert")
    sub.add_argument("what", choices=("real", "false"))
    sub = asked("call", call)
    sub.add_argument("level", choices=("blue", "yellow", "orange", "red"))
    sub.add_argument("place", help="a site's or village's id")
    sub.add_argument("--because", required=True, help="one sentence")
    sub.add_argument("--from", dest="source", required=True, help="who said so")
    sub.add_argument("--hazard", default="flood")
    sub = asked("read", read)
    sub.add_argument("site")
    sub.add_argument("value", type=float, help="m of the site's datum")
    sub = asked("close", close)
    sub.add_argument("site")
    sub.add_argument("--open", action="store_true", help="it is open again")
    sub = asked("erase", erase)
    sub.add_argument("person", help="a person's id; of one who left the list too")
    sub.add_argument("--offline", action="store_true", help="the service is stopped: --by needed")
    sub.add_argument("--config", default=os.environ.get("MONITOR_CONFIG", "config"))


def alerts(arguments: argparse.Namespace) -> int:
    """List what is not over."""
    found = ask(arguments, "GET", "/alerts")
    if found is None:
        return 1
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    say = translator(arguments.lang)
    for one in found:
        print("\n".join(_lines(one, say)))
    if not found:
        print(say("当前没有叫应事项"))
    return 0


def _lines(one: dict[str, Any], say: Callable[[str], str]) -> Iterator[str]:
    """An alert in the words of the desk's page, in the township's own time."""
    drill = f"[{say('演练中')} {one['drill']}] " if one["drill"] else ""
    level = say(ZH[Severity[one["severity"].upper()]]) + (say("级叫应") if one["is_active"] else "")
    yield f"{one['short_id']}  {drill}{level}  {one['site_name']}  {say(_stands(one))}".rstrip()
    yield f"          {one['basis']}  {local(one['opened_at'])} {say('起')}"
    waiting = [d for d in one["duties"] if d["state"] not in ("已应答", "已结束")]
    for duty in waiting:
        people = "、".join(f"{p['name']} --for {p['person']}" for p in duty["people"])
        yield f"          {say(duty['state'])}: {duty['title']}  {people}".rstrip()
    if waiting:
        yield f"          {say('登记应答')}: monitor ack {one['short_id']} --for …"


def local(stamp: str) -> str:
    """A time of the API, which is the township's own, as the desk shows it: short."""
    moment = datetime.fromisoformat(stamp)
    return clock(moment.tzinfo or UTC, SystemClock().now())(moment)


def _stands(one: dict[str, Any]) -> str:
    """What the desk's page says beside the level; "" where there is nothing but the level."""
    if one["stood_down_at"]:
        return "已解除"
    if one["is_active"]:
        return CONDITIONS.get(one["condition"], "")
    if one["overcalled"]:
        return "叫应偏高（未解除）"
    return "并未回落（未解除）" if one["one_with"] else "水位回落（未解除）"


def acknowledge(arguments: argparse.Namespace) -> int:
    """Enter an answer for somebody who rang back."""
    body = {"person": arguments.person, "via": arguments.via, "by": arguments.by}
    return post(arguments, f"/alerts/{quote(arguments.alert, safe='')}/ack", body)


def stand_down(arguments: argparse.Namespace) -> int:
    """End the matter in a person's name (--by) and tell all who were told."""
    body = {"leader": arguments.by, "reason": arguments.reason}
    return post(arguments, f"/alerts/{quote(arguments.alert, safe='')}/stand-down", body)


def verdict(arguments: argparse.Namespace) -> int:
    """Say whether a doubtful reading is real or false."""
    body = {"real": arguments.what == "real", "by": arguments.by}
    return post(arguments, f"/alerts/{quote(arguments.alert, safe='')}/verdict", body)


def call(arguments: argparse.Namespace) -> int:
    """Start the chain by hand: the county rang, a villager came."""
    names = ("level", "place", "because", "source", "hazard", "by")
    return post(arguments, "/calls", {name: getattr(arguments, name) for name in names})


def read(arguments: argparse.Namespace) -> int:
    """Enter a staff-gauge reading, in metres of the site's datum."""
    body = {"site": arguments.site, "value": arguments.value, "by": arguments.by}
    return post(arguments, "/readings", body)


def close(arguments: argparse.Namespace) -> int:
    """Mark a bridge or road closed, or open again."""
    body = {"closed": not arguments.open, "by": arguments.by}
    return post(arguments, f"/sites/{quote(arguments.site, safe='')}/closed", body)


def erase(arguments: argparse.Namespace) -> int:
    """Take a person's numbers and replies out of the store; the journal's chain holds."""
    if not arguments.offline:
        body = {"by": arguments.by}
        return post(arguments, f"/people/{quote(arguments.person, safe='')}/erase", body)
    if arguments.by is None:
        print("monitor: --offline needs --by: a person's id", file=sys.stderr)
        return 2
    said = asyncio.run(_erase_offline(arguments))
    print(json.dumps({"said": said}, ensure_ascii=False) if arguments.json else said)
    return 0


async def _erase_offline(arguments: argparse.Namespace) -> str:
    settings = settings_of(arguments)
    async with Store.opened(settings.store, settings.store_key) as store:
        knowledge, now = settings.knowledge, SystemClock().now()
        return await erasing.erase(store, knowledge, arguments.person, arguments.by, now)


def post(arguments: argparse.Namespace, path: str, body: dict[str, Any]) -> int:
    """Ask the service for an act; print in one sentence what came of it."""
    given = {name: value for name, value in body.items() if value is not None}
    said = ask(arguments, "POST", path, given)
    if said is None:
        return 1
    print(json.dumps(said, ensure_ascii=False) if arguments.json else said["said"])
    return 0


def ask(
    arguments: argparse.Namespace, method: str, path: str, body: dict[str, Any] | None = None
) -> Any:
    """The running service's answer; None after its refusal was printed."""
    token = os.environ.get("MONITOR_TOKEN", "").strip()
    try:
        with requests.Session() as http:
            http.trust_env = False  # no proxy stands between us and our own service
            answer = http.request(
                method,
                f"{arguments.url.rstrip('/')}/api/v1{path}",
                json=body,
                headers={"Authorization": f"Bearer {token}"} if token else {},
                timeout=API_TIMEOUT_S,
                allow_redirects=False,
            )
            said = answer.json()
            if answer.ok:
                return said
            detail = said["detail"]
    except (requests.RequestException, ValueError, KeyError, TypeError) as fault:
        detail = f"The service at {arguments.url} did not answer ({type(fault).__name__}). "
        detail += "Is it running? Start it with: make run"
    else:
        if answer.status_code == 401:
            detail += "\nSet it before: export MONITOR_TOKEN=$(cat var/token)"
    print(json.dumps({"detail": detail}) if arguments.json else detail, file=sys.stderr)
    return None
