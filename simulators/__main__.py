"""`python -m simulators …`: stand-ins for the world.

Exit 0 done, 1 not all was acknowledged, 2 wrong use.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.clock import Clock, FastClock, SystemClock
from simulators import replay, storm
from simulators.publication import Publication
from simulators.publisher import connected, play
from simulators.rain import Storm
from simulators.river import Story, Valley, tell

ELSEWHERE = {"demo": "simulators.demo", "gateway": "simulators.gateway"}
SETTLE_WITHIN = 10.0
"""Real seconds to wait for the last PUBACK."""


def main(arguments: list[str] | None = None) -> int:
    """Run one simulator. The demo and the gateway have commands of their own."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] in ELSEWHERE:
        return _elsewhere(given[0], given[1:])
    options = _parser().parse_args(given)
    try:
        return int(options.run(options))
    except (OSError, KeyError, ValueError) as error:
        print(f"simulators: {error}", file=sys.stderr)
        return 2


def _elsewhere(command: str, arguments: list[str]) -> int:
    """Commands with a `main(arguments) -> exit code` in a module of their own, found when asked
    for: replaying a file needs no gateway."""
    try:
        module = import_module(ELSEWHERE[command])
    except ModuleNotFoundError as error:
        print(f"simulators: {command} is not here ({error})", file=sys.stderr)
        return 2
    return int(module.main(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    river = commands.add_parser("river", help="print a storm's story as JSON lines")
    _tells_a_story(river)
    river.set_defaults(run=_river)
    gauges = commands.add_parser("gauges", help="publish a storm as its gauges measure it")
    _tells_a_story(gauges)
    _publishes(gauges)
    gauges.set_defaults(run=_gauges)
    file = commands.add_parser("replay", help="publish a CSV of real readings")
    file.add_argument("file", type=Path)
    file.add_argument("--time", default="time", help="column of the time")
    file.add_argument("--value", default="value", help="column of the value")
    file.add_argument("--sensor", default="", help="column of the sensor, where there is one")
    file.add_argument("--map", action="append", default=[], metavar="NAME=SENSOR")
    file.add_argument("--quantity", default="level")
    file.add_argument("--unit", default="m")
    file.add_argument("--zone", default="Asia/Shanghai", help="of times without an offset")
    file.add_argument("--shift-to-now", action="store_true", help="readings happen when sent")
    _publishes(file)
    file.set_defaults(run=_replay)
    commands.add_parser("demo", help="play a storm over the example township")
    commands.add_parser("gateway", help="stand in for an SMS or WeChat provider")
    return parser


def _tells_a_story(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=int, default=12)
    parser.add_argument("--depth", type=float, default=Storm().depth, help="mm of rain")


def _publishes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--township", default="yunxi")
    parser.add_argument("--speed", type=_positive, default=1.0, help="times as fast as real")


def _positive(text: str) -> float:
    if (value := float(text)) > 0:
        return value
    raise argparse.ArgumentTypeError(f"{text} is not above zero")


def _told(options: argparse.Namespace) -> Story:
    return tell(Storm(depth=options.depth), Valley(), minutes=options.hours * 60, seed=options.seed)


def _river(options: argparse.Namespace) -> int:
    series = storm.series(_told(options))
    for minute, values in enumerate(zip(*series.values(), strict=True)):
        told = {name: round(value, 3) for name, value in zip(series, values, strict=True)}
        print(json.dumps({"minute": minute} | told))
    return 0


def _gauges(options: argparse.Namespace) -> int:
    story, now = _told(options), SystemClock().now()
    clock = FastClock(now, options.speed)
    messages = storm.messages(story, storm.gauges(story), options.township, now)
    return asyncio.run(_publish(messages, options, clock))


def _replay(options: argparse.Namespace) -> int:
    columns = replay.Columns(
        time=options.time,
        value=options.value,
        zone=ZoneInfo(options.zone),
        sensor=options.sensor,
        sensors=dict(pair.split("=", 1) for pair in options.map),
        quantity=options.quantity,
        unit=options.unit,
    )
    readings = replay.rows(options.file, columns)
    now = SystemClock().now()
    messages = replay.publications(
        readings,
        columns,
        options.township,
        speed=options.speed,
        shift_to=now if options.shift_to_now else None,
    )
    first = now if options.shift_to_now or not readings else readings[0].at
    return asyncio.run(_publish(messages, options, FastClock(first, 1.0)))


async def _publish(
    messages: Iterable[Publication], options: argparse.Namespace, clock: Clock
) -> int:
    with connected(options.host, options.port) as publisher:
        await play(messages, publisher, clock)
        missing = await asyncio.to_thread(publisher.settle, SETTLE_WITHIN)
    print(f"published {publisher.published}, not acknowledged {missing}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
