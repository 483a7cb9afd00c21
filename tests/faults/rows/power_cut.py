"""Power cuts: recorded writes and fsyncs of the real schema replayed, the last one torn.

A process of its own keeps batches through the real pipeline and store, from the empty file on
until it closes it, and says after each commit how many readings are kept. All it does to the file
and to its log is recorded by a library that is preloaded (recorder.c): a copy of the files at a
moment would show no torn and no reordered write, and a VFS of our own would be trusted more than
SQLite's. Every cut lies somewhere in that recording.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from monitor.errors import StoreUnavailable
from monitor.ingest.message import Message
from monitor.pipeline import decide, hear
from monitor.scope import Scope, Status
from monitor.settings import load
from monitor.store.store import Store
from tests.faults.fault import Fault, Trial, rng
from tests.faults.recording import LOG, MARK, STORE, Call, calls, left_by
from tests.faults.world import ROOT, TOKEN, ask, preloaded

CUTS = 10
BATCHES = 130
"""The log is written back into the store once on the way, and once at the end."""
GAUGES = {"shiqiao-level": 85.0, "shangyou-level": 110.5, "manshui-level": 93.0}
"""Sensor → a calm level."""
NOON = datetime(2026, 7, 15, 4, 0, tzinfo=UTC)
ACTUAL = Scope("yunxi", Status.ACTUAL, "")
KEEPS = "import sys; from tests.faults.rows.power_cut import keep; keep(sys.argv[1], sys.argv[2])"


def keep(file: str, seed: str) -> None:
    """In the recorded process."""
    asyncio.run(_keep(Path(file), Random(seed)))


async def _keep(file: Path, dice: Random) -> None:
    knowledge = load(ROOT / "config", {"MONITOR_TOKEN": TOKEN}).knowledge
    mark = os.open(f"{file}.mark", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    kept = 0
    async with Store.opened(file) as store:
        memory = await store.load_memory(knowledge, NOON)
        for n in range(BATCHES):
            now = NOON + timedelta(minutes=5 * n)
            outcome = decide(knowledge, memory, hear(knowledge, _batch(dice, now)), now)
            async with store.writing() as tx:
                await tx.keep(outcome)
            memory.swap(outcome)
            kept += len(outcome.observations)
            os.write(mark, f"{kept}\n".encode())
    os.close(mark)


def _batch(dice: Random, now: datetime) -> list[Message]:
    """The gauges speak, some of them from above a limit."""
    return [
        Message(
            f"risk/yunxi/{sensor}/level",
            json.dumps(
                {"value": round(calm + dice.choice((0, 0, 1.6)), 2), "time": now.isoformat()}
            ).encode(),
            now,
            False,
        )
        for sensor, calm in GAUGES.items()
    ]


def trial(seed: int, index: int, workdir: Path) -> Trial:
    dice = rng(seed, index)
    made = _recorded(workdir, f"{seed}/{index}")
    violations = []
    for cut in range(CUTS):
        at = dice.randrange(1, len(made) + 1)
        folder = workdir / f"cut-{cut}"
        folder.mkdir()
        _write(made[:at], dice, workdir, folder, reordered=bool(cut % 2))
        marks = [int(call.content) for call in made[:at] if call.file == MARK]
        found = asyncio.run(_found(folder / "monitor.sqlite", marks[-1] if marks else 0))
        violations += [f"cut at call {at} of {len(made)}: {what}" for what in found]
        if not violations:
            shutil.rmtree(folder)
    return Trial({"cuts": CUTS}, tuple(violations))


def _recorded(workdir: Path, seed: str) -> Sequence[Call]:
    file, log = workdir / "monitor.sqlite", workdir / "calls"
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "LD_PRELOAD": str(preloaded("recorder", workdir)),
        "RECORD_STORE": str(file),
        "RECORD_LOG": str(log),
    }
    subprocess.run([sys.executable, "-c", KEEPS, str(file), seed], env=environ, check=True)
    return list(calls(log))


def _write(
    made: Sequence[Call], dice: Random, workdir: Path, folder: Path, *, reordered: bool
) -> None:
    """What lies on the disk. The key was synced before the store was begun."""
    shutil.copy(workdir / "monitor.key", folder)
    files = left_by(made, dice, reordered=reordered)
    for number, name in ((STORE, "monitor.sqlite"), (LOG, "monitor.sqlite-wal")):
        content = files[number]
        if content is not None:
            (folder / name).write_bytes(content)


async def _found(file: Path, committed: int) -> list[str]:
    """What is wrong with it once the service has opened it."""
    try:
        return [fault async for fault in _faults(file, committed)]
    except StoreUnavailable as refusal:
        return [f"it cannot be opened: {refusal}"]


async def _faults(file: Path, committed: int) -> AsyncIterator[str]:
    async with Store.opened(file) as store:
        if (broken := await store.verify(ACTUAL)) is not None:
            yield f"the journal is broken at {broken}"
        found = (await store.tally(ACTUAL))["observations"]
    if found < committed:
        yield f"{committed} readings were committed, {found} are there"
    if found % len(GAUGES):
        yield f"half a batch is there: {found} readings"
    for fault in _damage(file):
        yield fault


def _damage(file: Path) -> Iterator[str]:
    if (sound := ask(file, "PRAGMA integrity_check")) != [("ok",)]:
        yield f"the file is damaged: {sound[:3]}"
    if dangling := ask(file, "PRAGMA foreign_key_check"):
        yield f"rows refer to nothing: {dangling[:3]}"
    unpromised = """SELECT count(*) FROM escalations e WHERE NOT EXISTS
        (SELECT 1 FROM notifications n WHERE n.subject = e.alert)"""
    if (calls_nobody := ask(file, unpromised)) != [(0,)]:
        yield f"escalations without an outbox row: {calls_nobody}"


FAULT = Fault(
    name="power_cut",
    row=(
        "power cut: recorded write and fsync prefixes of the real schema replayed, torn last write"
    ),
    full={"cuts": 200},
    bar="0 committed rows lost, 0 corrupt",
    small={"cuts": 10},
    trial=trial,
    needs=("cc",),
)
