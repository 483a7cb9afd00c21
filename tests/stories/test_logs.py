"""No secret, phone number or household in a log (invariant 14), whatever the level."""

from __future__ import annotations

import logging
import zipfile
from pathlib import Path

import pytest

from monitor import acts, chronicle, exports
from monitor.cli.here import CHATTY
from monitor.ingest.message import Message, Quarantined
from monitor.judging.memory import Outcome
from monitor.notify.channel import Reply
from monitor.store.backup import backup
from monitor.store.store import Store
from tests.stories.harness import ENVIRON, Story, story


async def test_a_night_logs_no_number_and_no_secret_at_any_level(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for chatty in CHATTY:
        caplog.set_level(logging.WARNING, logger=chatty)
    caplog.set_level(logging.DEBUG)  # the last word is the handler's level
    async with story(tmp_path) as town:
        numbers = _numbers(town)
        assert len(numbers) > 20
        town.phones.dead.add("head-hexi")
        await town.reads(87.9)
        await town.answers("head-shiqiao", "收到")
        stranger = Reply(next(iter(numbers)), "我叫不动人", town.clock.now(), "x")
        await acts.reply(town.desk, stranger, "sms")
        await town.waits(minutes=20)
        await town.sweeps()
        town.told()
    said = caplog.text
    assert not [number for number in numbers if number in said]
    assert not [secret for secret in ENVIRON.values() if secret in said]


async def test_a_refused_statement_names_no_number(tmp_path: Path) -> None:
    number = "13800000001"
    async with Store.opened(tmp_path / "s.sqlite") as store:
        with pytest.raises(Exception, match="no such table") as refused:
            async with store.writing() as tx:
                await tx.run(
                    lambda conn: conn.exec_driver_sql("INSERT INTO x VALUES (?)", (number,))
                )
    assert number not in str(refused.value)


def _numbers(town: Story) -> set[str]:
    people = town.settings.knowledge.directory.people
    found = {n for person in people.persons.values() for n in (person.phone, person.landline)}
    return (found | {people.desk_phone}) - {""}


async def test_a_night_prints_no_number_and_leaves_none_in_the_file_its_log_or_a_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with story(tmp_path) as town:
        numbers = _numbers(town)
        town.phones.dead.add("head-hexi")
        await town.reads(87.9)
        await town.answers("head-shiqiao", "收到")
        for phone, text in zip(sorted(numbers), ("我叫不动人", "打 13800000099"), strict=False):
            await acts.reply(town.desk, Reply(phone, text, town.clock.now(), "x"), "sms")
        number = "13800000098"
        await acts.call_by_hand(town.desk, "longtan", "red", f"{number}来电", number, "desk-2")
        await acts.stand_down(town.desk, "longtan", "mayor", f"已问{number}")
        await town.waits(minutes=20)
        await town.sweeps()
        town.told()
        body = Message("hooks/sms", " ".join(numbers).encode(), town.clock.now(), False)
        quarantined = Quarantined(town.desk.actual, body, "not JSON", min(numbers))
        async with town.store.writing() as tx:
            await tx.keep(Outcome(quarantined=[quarantined]))
        backup(tmp_path / "story.sqlite", tmp_path / "backup.sqlite")
        await chronicle.export(town.store, town.desk.actual, tmp_path / "journal.jsonl")
        rows = await exports.export_calls(
            town.store, town.settings.knowledge, town.desk.actual, tmp_path / "x.xlsx", phones=False
        )
        kept = {file.name: file.read_bytes() for file in tmp_path.iterdir()}  # noqa: ASYNC240 - a test may wait for the disk
    assert rows > 10 and {"story.sqlite", "story.sqlite-wal", "backup.sqlite"} <= kept.keys()
    with zipfile.ZipFile(tmp_path / "x.xlsx") as sheet:
        kept |= {name: sheet.read(name) for name in sheet.namelist()}
    kept["printed"] = "".join(capsys.readouterr()).encode()
    words = [*numbers, number, "我叫不动人", "13800000099"]
    assert [(n, name) for n in words for name, b in kept.items() if n.encode() in b] == []
