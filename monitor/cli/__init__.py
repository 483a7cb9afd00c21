"""The `monitor` command: one thin function a subcommand. Exit 0 done, 1 found fault, 2 wrong use.

`asking` changes state through the running service; `here` reads files, `records` opens the store
read-only, `devices` writes the broker's password file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from monitor.cli import asking, devices, dialling, here, quieting, records
from monitor.cli.command import say
from monitor.errors import NotFound, SettingsRefused, StoreUnavailable

WHAT = """Start the service, look at its files, and tell it what people did.
Exit 0 done, 1 found fault, 2 wrong use."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; the exit code. A user is never shown a traceback."""
    arguments = parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except SettingsRefused as refused:
        print("\n".join(refused.faults), file=sys.stderr)
        count = len(refused.faults)
        zh, en = f"共{count}处错误，没有启动。", f"{count} fault(s); nothing was started."
        print(say(arguments, zh, en), file=sys.stderr)
        return 1
    except (StoreUnavailable, NotFound, OSError) as fault:
        print(f"monitor: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def parser() -> argparse.ArgumentParser:
    """Every subcommand with its options."""
    made = argparse.ArgumentParser(prog="monitor", description=WHAT)
    made.add_argument("--version", action="version", version=f"monitor {_release()}")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    here.add_to(commands)
    asking.add_to(commands)
    quieting.add_to(commands)
    records.add_to(commands)
    dialling.add_to(commands)
    devices.add_to(commands)
    return made


def _release() -> str:
    try:
        return version("township-risk-monitor")
    except PackageNotFoundError:
        return "(not installed)"
