"""What is quiet by order and what is out of service, by the running service's API."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from monitor.cli.asking import URL, ask, local, post
from monitor.cli.command import Commands, command, in_two_tongues
from monitor.web.words import translator


def add_to(commands: Commands) -> None:
    """`monitor silence …` and `monitor out-of-service …`."""
    sub = _asked(commands, "silence", silence)
    sub.add_argument("what", choices=("start", "agree", "end", "list"))
    sub.add_argument("named", nargs="?", help="start: a site's or sensor's id; else its number")
    sub.add_argument("--hours", type=float, help="beyond 24 a second person has to agree")
    sub.add_argument("--because", help="one sentence")
    sub.add_argument("--owner", help="who answers for it: a person's id (default: the token's)")
    sub.add_argument("--hazard", help="of a site (default: flood)")
    sub.add_argument("--drill", help="of an exercise")
    sub = _asked(commands, "out-of-service", out_of_service)
    sub.add_argument("what", choices=("start", "agree", "back", "list"))
    sub.add_argument("sensor", nargs="?", help="a sensor's id")
    sub.add_argument("--substitute", help="what watches meanwhile: 人工观测")
    sub.add_argument("--repair-by", type=date.fromisoformat, help="2026-07-20")
    sub.add_argument("--because")
    sub.add_argument("--owner", help="who answers for it: a person's id (default: the token's)")


def _asked(commands: Commands, name: str, function: object) -> argparse.ArgumentParser:
    sub = command(commands, name, function)  # type: ignore[arg-type] # one of the two below
    sub.add_argument("--url", default=URL, help="the running service (MONITOR_URL)")
    sub.add_argument("--by", help="in whose name: a person's id (default: the token's)")
    in_two_tongues(sub)
    return sub


def silence(arguments: argparse.Namespace) -> int:
    """Call nobody for a place or a sensor until then; agree to one, end one, or list them."""
    if arguments.what == "list":
        return _listed(arguments, "/silences", _silence)
    named = arguments.named or ""
    if arguments.what == "start":
        if missing := _missing(arguments, ("named", "hours", "because")):
            return missing
        names = ("hours", "because", "owner", "hazard", "drill", "by")
        body = {name: getattr(arguments, name) for name in names}
        return post(arguments, "/silences", {"place": named, **body})
    path = f"/silences/{quote(named, safe='')}/{arguments.what}"
    return post(arguments, path, {"by": arguments.by})


def out_of_service(arguments: argparse.Namespace) -> int:
    """Take a broken sensor out of service, agree to it, put it back, or list them."""
    if arguments.what == "list":
        return _listed(arguments, "/outages", _outage)
    sensor = arguments.sensor or ""
    if arguments.what == "start":
        if missing := _missing(arguments, ("sensor", "substitute", "repair_by")):
            return missing
        body = {name: getattr(arguments, name) for name in ("substitute", "because", "owner", "by")}
        due = arguments.repair_by and arguments.repair_by.isoformat()
        return post(arguments, "/outages", {"sensor": sensor, "repair_by": due, **body})
    path = f"/outages/{quote(sensor, safe='')}/{arguments.what}"
    return post(arguments, path, {"by": arguments.by})


_WHAT = {
    "named": "哪里：风险点或传感器的编号 / the place: a site's or sensor's id",
    "sensor": "哪个：传感器的编号 / which: a sensor's id",
    "hours": "几小时，如 --hours 2 / for how long, as --hours 2",
    "because": '原因，如 --because "换电池" / why, as --because "battery"',
    "substitute": "由什么代替，如 --substitute 人工观测 / what watches meanwhile",
    "repair_by": "几时修好，如 --repair-by 2026-07-20 / until when, as --repair-by 2026-07-20",
}


def _missing(arguments: argparse.Namespace, names: Sequence[str]) -> int:
    """2 after it was said what is to be said; 0 where nothing lacks."""
    lacking = [name for name in names if getattr(arguments, name) in (None, "")]
    for name in lacking:
        print(f"monitor: 请写明{_WHAT[name]}", file=sys.stderr)
    return 2 if lacking else 0


Words = Callable[[str], str]


def _silence(one: dict[str, Any], say: Words) -> str:
    until, drill = local(one["until"]), f"[{say('演练中')} {one['drill']}] " if one["drill"] else ""
    line = f"{one['short_id']}  {drill}{one['place_name']}  {one['owner']}  {say('至')} {until}"
    if one["awaits_second"]:
        asked = local(one["asked_until"])
        line += f"  {say('要到')} {asked}，{say('须第二人确认')}"
    elif one["agreed_by"]:
        line += f"  {say('第二人')} {one['agreed_by']}"
    return f"{line}  {one['reason']}"


def _outage(one: dict[str, Any], say: Words) -> str:
    """A mere request judges as before, and says so."""
    state = say("待确认停用") if one["awaits_second"] else say("停用")
    line = f"{one['sensor']}  {state}  {one['owner']}  {one['substitute']}"
    line += f"  {say('应修复')} {one['repair_by']}"
    if one["is_overdue"]:
        line += f" {say('已逾期')}"
    if one["awaits_second"]:
        line += f"  {say('正显示红级')}，{say('须第二人确认')}"
    return line


def _listed(
    arguments: argparse.Namespace, path: str, line: Callable[[dict[str, Any], Words], str]
) -> int:
    found = ask(arguments, "GET", path)
    if found is None:
        return 1
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for one in found:
        print(line(one, translator(arguments.lang)))
    return 0
