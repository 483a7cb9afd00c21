"""What is done on this machine: start the service, look at files."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import threading
from pathlib import Path

from monitor import app, backtest, exports
from monitor.cli.command import Commands, command, in_two_tongues, say
from monitor.errors import SettingsRefused
from monitor.judging.memory import Knowledge
from monitor.reference.phones import mask_in
from monitor.settings import Settings, load
from monitor.settings.exposed import exposed


def add_to(commands: Commands) -> None:
    """The subcommands that read a configuration folder."""
    folder = os.environ.get("MONITOR_CONFIG", "config")
    for name, function in (("run", run), ("check", check)):
        sub = command(commands, name, function)
        sub.add_argument("config", nargs="?", default=folder)
        in_two_tongues(sub)
    sheet = command(commands, "templates", templates)
    sheet.add_argument("--provider", required=True, choices=("aliyun", "tencent"))
    sheet.add_argument("--config", default=folder)
    history = command(commands, "backtest", judge_history)
    history.add_argument("config")
    history.add_argument("readings", help="CSV: sensor, quantity, time, value")
    backtest.add_options(history)


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Raises SettingsRefused."""
    return load(Path(arguments.config), os.environ)


CHATTY = ("alembic", "apscheduler", "uvicorn", "aiosqlite", "urllib3")
"""Libraries that are heard from WARNING on: what the last two say below it holds numbers, and
the URLs whose secret is the key to a group."""


class _Masked(logging.Formatter):
    """No phone number in a log, whoever wrote it there."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_in(super().format(record))


def run(arguments: argparse.Namespace) -> int:
    """Start the service; Ctrl-C stops it cleanly."""
    settings = settings_of(arguments)
    lines = logging.StreamHandler()
    lines.setFormatter(_Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    code = asyncio.run(app.serve_until_stopped(settings))
    if threading.active_count() > 1:
        # All is kept and closed; only a provider that does not answer still holds a thread, and
        # Python would wait for it longer than a person waits for Ctrl-C.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(code)
    return code


def check(arguments: argparse.Namespace) -> int:
    """Print every fault of a configuration at once."""
    try:
        settings = settings_of(arguments)
    except SettingsRefused as refused:
        if arguments.json:
            print(json.dumps({"faults": refused.faults}, ensure_ascii=False))
        else:
            print("\n".join(refused.faults))
            count = len(refused.faults)
            print(say(arguments, f"共{count}处错误。", f"{count} fault(s)."), file=sys.stderr)
        return 1
    known, warnings = settings.knowledge, [*settings.warnings, *exposed(settings)]
    if arguments.json:
        print(json.dumps({"faults": [], "warnings": warnings}, ensure_ascii=False))
    else:
        head = say(arguments, "提醒", "warning")
        print("".join(f"{head}: {warning}\n" for warning in warnings), end="")
        print(f"{arguments.config}: {_whole(arguments, known)}")
    return 0


def _whole(arguments: argparse.Namespace, known: Knowledge) -> str:
    sites, sensors, rules = len(known.sites), len(known.sensors), len(known.rules)
    persons = len(known.directory.people.persons)
    return say(
        arguments,
        f"没有错误（{sites}个风险点、{sensors}个传感器、{rules}条规则、{persons}人）。",
        f"no fault found ({sites} sites, {sensors} sensors, {rules} rules, {persons} persons).",
    )


def templates(arguments: argparse.Namespace) -> int:
    """Print the template sheet to file with an SMS and voice provider."""
    directory = settings_of(arguments).knowledge.directory
    rows = exports.template_rows(directory, arguments.provider)
    if arguments.json:
        print(json.dumps([row._asdict() for row in rows], ensure_ascii=False, indent=1))
        return 0
    print("use\ttemplate\tvariables\texample\tcharacters\tparts")
    for row in rows:
        cells = (row.use, row.text, " ".join(row.variables), row.example, row.characters)
        print(*cells, row.parts or "voice", sep="\t")
    return 0


def judge_history(arguments: argparse.Namespace) -> int:
    """Judge a CSV of history with the same pure pipeline; send nothing."""
    return backtest.run(settings_of(arguments), arguments)
