"""What is quiet by order and what is out of service, by the running service's API."""

from __future__ import annotations

import argparse
import json
from datetime import date
from urllib.parse import quote

from monitor.cli.asking import URL, ask, post
from monitor.cli.command import Commands, command


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
    return sub


def silence(arguments: argparse.Namespace) -> int:
    """Call nobody for a place or a sensor until then; agree to one, end one, or list them."""
    if arguments.what == "list":
        return _listed(
            arguments, "/silences", "{short_id}  {place_name}  {owner}  {until}  {reason}"
        )
    named = arguments.named or ""
    if arguments.what == "start":
        names = ("hours", "because", "owner", "hazard", "drill", "by")
        body = {name: getattr(arguments, name) for name in names}
        return post(arguments, "/silences", {"place": named, **body})
    path = f"/silences/{quote(named, safe='')}/{arguments.what}"
    return post(arguments, path, {"by": arguments.by})


def out_of_service(arguments: argparse.Namespace) -> int:
    """Take a broken sensor out of service, agree to it, put it back, or list them."""
    if arguments.what == "list":
        return _listed(arguments, "/outages", "{sensor}  {owner}  {substitute}  {repair_by}")
    sensor = arguments.sensor or ""
    if arguments.what == "start":
        body = {name: getattr(arguments, name) for name in ("substitute", "because", "owner", "by")}
        due = arguments.repair_by and arguments.repair_by.isoformat()
        return post(arguments, "/outages", {"sensor": sensor, "repair_by": due, **body})
    path = f"/outages/{quote(sensor, safe='')}/{arguments.what}"
    return post(arguments, path, {"by": arguments.by})


def _listed(arguments: argparse.Namespace, path: str, line: str) -> int:
    found = ask(arguments, "GET", path)
    if found is None:
        return 1
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for one in found:
        print(line.format(**one))
    return 0
