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
from monitor.cli.command import Commands, command
from monitor.errors import SettingsRefused
from monitor.reference.phones import mask_in
from monitor.scope import Scope, Status
from monitor.settings import Settings, load
from monitor.store.store import Store


def add_to(commands: Commands) -> None:
    """The subcommands that read a configuration folder."""
    folder = os.environ.get("MONITOR_CONFIG", "config")
    for name, function in (("run", run), ("check", check)):
        command(commands, name, function).add_argument("config", nargs="?", default=folder)
    sheet = command(commands, "templates", templates)
    sheet.add_argument("--provider", required=True, choices=("aliyun", "tencent"))
    sheet.add_argument("--config", default=folder)
    out = command(commands, "export", export)
    out.add_argument("what", choices=("calls",))
    out.add_argument("--out", default="calls.xlsx")
    out.add_argument("--drill", default="", help="those of an exercise, not the real ones")
    out.add_argument("--phones", action="store_true", help="whole numbers, for the record")
    out.add_argument("--config", default=folder)
    history = command(commands, "backtest", judge_history)
    history.add_argument("config")
    history.add_argument("readings", help="CSV: sensor, quantity, time, value")
    backtest.add_options(history)


def _settings(arguments: argparse.Namespace) -> Settings:
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
    settings = _settings(arguments)
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
        known = _settings(arguments).knowledge
    except SettingsRefused as refused:
        if arguments.json:
            print(json.dumps({"faults": refused.faults}, ensure_ascii=False))
        else:
            print("\n".join(refused.faults))
            print(f"{len(refused.faults)} fault(s).", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps({"faults": []}))
    else:
        counts = f"{len(known.sites)} sites, {len(known.sensors)} sensors, {len(known.rules)} rules"
        people = f"{len(known.directory.people.persons)} persons"
        print(f"{arguments.config}: no fault found ({counts}, {people}).")
    return 0


def templates(arguments: argparse.Namespace) -> int:
    """Print the template sheet to file with an SMS and voice provider."""
    directory = _settings(arguments).knowledge.directory
    rows = exports.template_rows(directory, arguments.provider)
    if arguments.json:
        print(json.dumps([row._asdict() for row in rows], ensure_ascii=False, indent=1))
        return 0
    print("use\ttemplate\tvariables\texample\tcharacters\tparts")
    for row in rows:
        cells = (row.use, row.text, " ".join(row.variables), row.example, row.characters)
        print(*cells, row.parts or "voice", sep="\t")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write the 叫应记录表 (calls) as xlsx. Numbers are masked unless asked for."""
    rows = asyncio.run(_export(_settings(arguments), arguments))
    said = {"file": arguments.out, "rows": rows}
    print(json.dumps(said) if arguments.json else f"{arguments.out}: {rows} row(s)")
    return 0


async def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    knowledge, drill = settings.knowledge, arguments.drill
    status = Status.EXERCISE if drill else Status.ACTUAL
    scope = Scope(knowledge.township, status, drill)
    async with Store.opened(settings.store, read_only=True) as store:
        return await exports.export_calls(
            store, knowledge, scope, Path(arguments.out), phones=arguments.phones
        )


def judge_history(arguments: argparse.Namespace) -> int:
    """Judge a CSV of history with the same pure pipeline; send nothing."""
    return backtest.run(_settings(arguments), arguments)
