"""`python -m simulators gateway`: every stand-in provider on one port, until Ctrl-C.

Prints the `channels:` entries and the environment that lead to it, then each message as the
phone shows it. Named phones answer through the hooks; all others stay silent.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from datetime import timedelta

from ruamel.yaml import YAML

from monitor.clock import SystemClock
from monitor.notify.templates import complete
from monitor.reference.phones import mask
from simulators.gateways.gateway import Gateway, Hooks, Trouble
from simulators.gateways.messages import Accepted, Answer, Report
from simulators.gateways.township import ENVIRONMENT, channels, providers
from simulators.phones import Habit, Phone, Phones

HABITS = {habit.name.lower(): habit for habit in Habit}


def main(arguments: list[str]) -> int:
    """Exit 0 when stopped, 2 on wrong use."""
    options = _parser().parse_args(arguments)
    try:
        return asyncio.run(_stand(options))
    except ValueError as error:
        print(f"simulators gateway: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators gateway", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--sign-name", default="云溪镇政府")
    parser.add_argument("--seed", type=int, default=1)
    for name, shape, words in (
        ("--phone", "NUMBER=HABIT[:MINUTES]", f"one of {', '.join(HABITS)}"),
        ("--replies", "PROVIDER=URL", "hook for what people write back"),
        ("--receipts", "PROVIDER=URL", "hook for what the operator says"),
        ("--trouble", "PROVIDER=KIND", f"one of {', '.join(Trouble)}"),
        ("--refuse", "NUMBER=CODE", 'the provider\'s code; "" is "illegal number"'),
    ):
        parser.add_argument(name, action="append", default=[], metavar=shape, help=words)
    return parser


async def _stand(options: argparse.Namespace) -> int:
    templates, clock = complete(), SystemClock()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)

    def ring(message: Accepted) -> None:
        print(f"{message.provider} → {mask(message.to)} {message.text}", flush=True)
        phones.ring(message)

    def post(event: Answer | Report) -> None:
        taken = gateway.post(event)
        if isinstance(event, Answer):
            unsaid = "" if taken else " (the hook did not take it)"
            print(f"{mask(event.message.to)} → {event.text}{unsaid}", flush=True)

    found = providers(options.sign_name, templates)
    phones = Phones(map(_phone, options.phone), seed=options.seed, clock=clock, post=post)
    with Gateway(found, clock, ring=ring, port=options.port) as gateway:
        _arrange(gateway, options)
        print("# " + "; ".join(f"export {k}={v}" for k, v in ENVIRONMENT.items()))
        YAML().dump({"channels": channels(gateway, options.sign_name, templates)}, sys.stdout)
        sys.stdout.flush()
        answering = asyncio.create_task(phones.run(), name="phones")
        await stop.wait()
        answering.cancel()
    return 0


def _arrange(gateway: Gateway, options: argparse.Namespace) -> None:
    replies, receipts = dict(map(_pair, options.replies)), dict(map(_pair, options.receipts))
    gateway.post_to(
        {
            name: Hooks(replies.get(name, ""), receipts.get(name, ""))
            for name in replies.keys() | receipts.keys()
        }
    )
    for provider, kind in map(_pair, options.trouble):
        gateway.order(provider, Trouble(kind))
    for number, code in map(_pair, options.refuse):
        gateway.refuse(number, code)


def _phone(text: str) -> Phone:
    number, habit = _pair(text)
    name, _, minutes = habit.partition(":")
    if name not in HABITS:
        raise ValueError(f'"{name}" is no habit; one of {", ".join(HABITS)}')
    return Phone(number, HABITS[name], timedelta(minutes=float(minutes or 2)))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f'"{text}" lacks its "="')
    return name, value
