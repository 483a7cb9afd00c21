"""`python -m simulators demo`: options, views, exit code.

Exit 0 only if all that was published was stored and every expected alert and message came; 1 if
not, 2 on wrong use, 130 when it was stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from monitor.app import Service
from monitor.errors import SettingsRefused
from simulators.demo.cast import Cast
from simulators.demo.feed import Feed
from simulators.demo.play import USUAL, Play
from simulators.demo.screen import HEIGHT, WIDTH, Screen
from simulators.demo.stage import Refused, Stage, Stuck, open_stage
from simulators.demo.story import ZONE
from simulators.demo.summary import Summary, came, sum_up
from simulators.demo.telling import told
from simulators.demo.view import Lines, View
from simulators.demo.words import LANGUAGES

PUBACK_WITHIN_S = 10.0


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    os.environ["NO_PROXY"] = "127.0.0.1"  # whatever proxy is set: nothing leaves this machine
    try:
        return asyncio.run(_demo(options))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    except SettingsRefused as refused:
        print("\n".join(refused.faults), file=sys.stderr)
    except (Stuck, Refused, OSError) as fault:
        print(f"demo: {fault}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make demo", description="One storm in four acts.")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), default="zh")
    parser.add_argument("--speed", type=_positive, default=USUAL, help="times as fast as real")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same story")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it there")
    parser.add_argument("--stay", action="store_true", help="keep the service up until Ctrl-C")
    parser.add_argument("--plain", action="store_true", help="lines, also on a terminal")
    return parser


def _positive(text: str) -> float:
    if (value := float(text)) > 0:
        return value
    raise argparse.ArgumentTypeError(f"{text} is not above zero")


async def _demo(options: argparse.Namespace) -> int:
    words = LANGUAGES[options.lang]
    _end_cleanly()
    async with open_stage(options.seed) as stage:
        cast = Cast.of(stage.service.settings)
        feed = Feed(cast, words)
        view = _view(options, feed, stage.service, words)
        try:
            await Play(stage, feed, view, seed=options.seed, speed=options.speed).perform()
        finally:
            view.close()
        missing = await asyncio.to_thread(stage.publisher.settle, PUBACK_WITHIN_S)
        summary = await sum_up(stage, cast, options.seed, missing)
        print("\n".join(told(summary, cast, words)))
        if options.json:
            whole = _whole(summary, stage, cast)
            text = json.dumps(whole, ensure_ascii=False, indent=1)
            await asyncio.to_thread(options.json.write_text, text, encoding="utf-8")
        if options.stay:
            (token,) = stage.service.settings.door.tokens
            print(words["stays"].format(page=stage.page, token=token), flush=True)
            await _until_stopped(stage)
    return 0 if summary.is_good else 1


def _end_cleanly() -> None:
    """SIGTERM, and a terminal that is closed, leave nothing behind either."""
    playing = asyncio.current_task()
    assert playing is not None  # called from a coroutine
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, playing.cancel)


async def _until_stopped(stage: Stage) -> None:
    """Real time from here on; the phones still answer. Ctrl-C or SIGTERM ends it."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        await stage.clock.wait(1.0)
        stage.clock.advance(stage.clock.now() + timedelta(seconds=1))
        await stage.people_act()


def _view(
    options: argparse.Namespace, feed: Feed, service: Service, words: Mapping[str, str]
) -> View:
    """The screen where the terminal can show it, lines everywhere else."""
    console = Console()
    plain = options.plain or os.environ.get("NO_COLOR") or console.is_dumb_terminal
    if plain or not console.is_terminal or console.width < WIDTH or console.height < HEIGHT:
        print(words["title"])
        return Lines(feed)
    return Screen(console, feed, service, words)


def _whole(summary: Summary, stage: Stage, cast: Cast) -> dict[str, Any]:
    return {
        "summary": summary.as_json(),
        "messages": [
            {**one._asdict(), "at": one.at.astimezone(ZONE).isoformat()}
            for one in came(stage, cast)
        ],
        "answers": [
            {
                "at": answer.at.astimezone(ZONE).isoformat(timespec="seconds"),
                "person": cast.person(answer.message),
                "text": answer.text,
            }
            for answer in stage.answered
        ],
    }
