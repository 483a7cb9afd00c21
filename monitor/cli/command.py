"""The parser of a subcommand, the same for all."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

Commands = Any
"""What `ArgumentParser.add_subparsers` gives; argparse has no public name for it."""


def command(
    commands: Commands, name: str, function: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """Add a subcommand; its help is the function's docstring."""
    sub: argparse.ArgumentParser = commands.add_parser(
        name, help=function.__doc__, description=function.__doc__
    )
    sub.set_defaults(run=function)
    sub.add_argument("--json", action="store_true", help="answer as JSON")
    return sub


def in_two_tongues(sub: argparse.ArgumentParser) -> None:
    """What it prints can be had in English; Chinese unless asked."""
    sub.add_argument("--lang", choices=("zh", "en"), default="zh")


def say(arguments: argparse.Namespace, zh: str, en: str) -> str:
    """One of the two, as `--lang` asks; Chinese where the subcommand has no such option."""
    return en if getattr(arguments, "lang", "zh") == "en" else zh
