"""What the store can say and prove: who was called, the record, the journal, a backup."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter

from monitor import chronicle, exports
from monitor.cli.command import Commands, command, in_two_tongues, say
from monitor.cli.explained import Chinese, English
from monitor.cli.here import settings_of
from monitor.clock import SystemClock
from monitor.explaining import Explanation, explain, named
from monitor.journal import GENESIS, Chain
from monitor.scope import Scope, Status
from monitor.settings import Settings
from monitor.store.backup import Copy, backup, restore
from monitor.store.store import Store


def add_to(commands: Commands) -> None:
    """The subcommands that open the store read-only."""
    why = command(commands, "explain", say_why)
    why.add_argument("alert", help="its id, the first eight characters, or the site's id (newest)")
    why.add_argument("--person", help="a person's id (default: all who had a part)")
    out = command(commands, "export", export)
    out.add_argument("what", choices=("calls", "journal"))
    out.add_argument("--out", help="default: calls.xlsx, journal.jsonl")
    out.add_argument("--phones", action="store_true", help="whole numbers in the calls")
    proof = command(commands, "verify", verify)
    proof.add_argument("what", choices=("journal",))
    proof.add_argument("file", nargs="?", help="an exported one (default: the store's)")
    proof.add_argument("--head", default=GENESIS, help="a hash kept elsewhere: it must be there")
    copy = command(commands, "backup", make_backup)
    copy.add_argument("--out", help="default: backup-TIME.sqlite beside the store, in local time")
    back = command(commands, "restore", restore_backup)
    back.add_argument("file", help="a backup; the store of the configuration must not be there")
    back.add_argument("--config", default=os.environ.get("MONITOR_CONFIG", "config"))
    for sub in (why, out, proof, copy, back):
        in_two_tongues(sub)
    for sub in (why, out, proof):
        sub.add_argument("--drill", default="", help="of an exercise, not the real ones")
    for sub in (why, out, proof, copy):
        sub.add_argument("--config", default=os.environ.get("MONITOR_CONFIG", "config"))


def _scope(settings: Settings, drill: str) -> Scope:
    status = Status.EXERCISE if drill else Status.ACTUAL
    return Scope(settings.knowledge.township, status, drill)


def say_why(arguments: argparse.Namespace) -> int:
    """Who was called for an alert: when, by what, with which result, or why not."""
    settings = settings_of(arguments)
    found = asyncio.run(_explained(settings, arguments))
    if arguments.json:
        print(TypeAdapter(Explanation).dump_json(found).decode())
        return 0
    say = (Chinese if arguments.lang == "zh" else English)(settings.knowledge)
    for line in say.lines(found, everybody=not arguments.person):
        print(line)
    return 0


async def _explained(settings: Settings, arguments: argparse.Namespace) -> Explanation:
    async with Store.opened(settings.store, settings.store_key, read_only=True) as store:
        alert = await named(store, _scope(settings, arguments.drill), arguments.alert)
        return await explain(store, settings.knowledge, alert, arguments.person)


def export(arguments: argparse.Namespace) -> int:
    """Write the 叫应记录表 (calls) as xlsx, or the journal as JSON lines with their hashes."""
    arguments.out = arguments.out or {"calls": "calls.xlsx"}.get(arguments.what, "journal.jsonl")
    rows = asyncio.run(_export(settings_of(arguments), arguments))
    said = {"file": arguments.out, "rows": rows}
    line = say(arguments, f"{arguments.out}：{rows}行", f"{arguments.out}: {rows} row(s)")
    print(json.dumps(said) if arguments.json else line)
    return 0


async def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    scope, out = _scope(settings, arguments.drill), Path(arguments.out)
    async with Store.opened(settings.store, settings.store_key, read_only=True) as store:
        if arguments.what == "journal":
            return await chronicle.export(store, scope, out)
        knowledge = settings.knowledge
        return await exports.export_calls(store, knowledge, scope, out, phones=arguments.phones)


def verify(arguments: argparse.Namespace) -> int:
    """Follow the journal's chain of hashes; name the first line that is missing or changed."""
    if arguments.file:
        chain = chronicle.verify(Path(arguments.file), arguments.head)
    else:
        chain = asyncio.run(_chain(settings_of(arguments), arguments))
    zh, en = _fault(chain, arguments.head)
    if arguments.json:
        print(json.dumps({**chain._asdict(), "fault": en}))
    elif en:
        what = arguments.file or say(arguments, "日志", "journal")
        print(f"{what}: {say(arguments, zh, en)}", file=sys.stderr)
    else:
        head = chain.head
        whole = f"{chain.length}行完整，没有改动；链尾 {head}"
        print(say(arguments, whole, f"{chain.length} line(s) hold; head {head}"))
    return 1 if en else 0


async def _chain(settings: Settings, arguments: argparse.Namespace) -> Chain:
    async with Store.opened(settings.store, settings.store_key, read_only=True) as store:
        return await store.chain(_scope(settings, arguments.drill), arguments.head)


def _fault(chain: Chain, head: str) -> tuple[str, str]:
    """In Chinese and in English; "" where all holds."""
    if chain.broken is not None:
        zh = f"第{chain.broken}行（seq {chain.broken}）缺失或被改动；之前的各行完整"
        return zh, f"seq {chain.broken} is missing or was changed; the lines before it hold"
    if chain.kept_at is None:
        cut = f"lines were cut off after seq {chain.length}, or all was written anew"
        zh = f"没有一行的哈希是 {head}：第{chain.length}行之后被截去，或全部重写过"
        return zh, f"no line has the hash {head}: {cut}"
    return "", ""


def make_backup(arguments: argparse.Namespace) -> int:
    """Copy the store to one file while the service runs, and verify the copy by opening it."""
    settings = settings_of(arguments)
    store, now = settings.store, SystemClock().now()
    stamp = now.astimezone(settings.zone).strftime("%Y%m%d-%H%M%S%z")
    out = Path(arguments.out) if arguments.out else store.with_name(f"backup-{stamp}.sqlite")
    made = backup(store, out)
    heads = {"/".join(scope).rstrip("/"): chain.head for scope, chain in made.chains.items()}
    if arguments.json:
        said = {"file": str(made.path), "bytes": made.size, "rows": made.counts, "heads": heads}
        print(json.dumps(said))
        return 0
    print("\n".join(_made(arguments, made)))
    for scope, head in heads.items():
        print(say(arguments, f"日志 {scope}：链尾 {head}", f"journal of {scope}: head {head}"))
    return 0


def restore_backup(arguments: argparse.Namespace) -> int:
    """Put a backup in the place of a store that is gone; the service must not run."""
    made = restore(Path(arguments.file), settings_of(arguments).store)
    if arguments.json:
        print(json.dumps({"file": str(made.path), "bytes": made.size, "rows": made.counts}))
        return 0
    print("\n".join(_made(arguments, made)))
    zh = "备份里待发的消息不再发（可能已发过）；还在叫应的事项启动后重新叫应，值班台有提示。"
    en = "What waited in it is not sent: it may have been. What stands is called anew at the start."
    print(say(arguments, zh, en))
    return 0


def _made(arguments: argparse.Namespace, made: Copy) -> Iterator[str]:
    zh, en = f"{made.size:,}字节，已打开核验", f"{made.size:,} bytes, verified"
    yield f"{made.path}: {say(arguments, zh, en)}"
    yield ", ".join(f"{count:,} {name}" for name, count in made.counts.items() if count)
