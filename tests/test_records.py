"""What the store can say and prove, asked of a service that runs, and of its backup."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import requests
from openpyxl import load_workbook

from monitor.cli import main
from monitor.settings import load
from tests.test_cli import running, token, township

__all__ = ["token"]

Capture = pytest.CaptureFixture[str]


def test_a_backup_of_a_running_service_starts_in_an_empty_folder(
    capsys: Capture, tmp_path: Path
) -> None:
    folder, copy = township(tmp_path / "config"), tmp_path / "copy.sqlite"
    at = ["--config", str(folder)]
    with running(folder) as service:
        call = ["call", "red", "shiqiao", "--because", "上游泄洪", "--from", "县防办"]
        assert main([*call, "--url", service.url]) == 0
        capsys.readouterr()
        assert main(["backup", "--out", str(copy), "--json", *at]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["bytes"] == copy.stat().st_size and said["rows"]["alerts"] == 1
        _why(service.url, at, capsys)
        assert service.stop()[0] == 0
    restored = township(tmp_path / "empty")
    (restored / "var").mkdir()
    assert main(["restore", str(copy), "--config", str(restored)]) == 0
    copyfile(folder / "var" / "monitor.key", restored / "var" / "monitor.key")
    with running(restored) as service:
        (alert,) = requests.get(f"{service.url}/api/v1/alerts", timeout=10).json()
        assert (alert["site"], alert["severity"]) == ("shiqiao", "red")
        assert requests.get(f"{service.url}/readyz", timeout=10).status_code in (200, 503)
        assert service.stop()[0] == 0
    assert main(["restore", str(copy), "--config", str(restored)]) == 1, "a store is there"
    (head,) = said["heads"].values()
    assert main(["verify", "journal", "--head", head, "--config", str(restored)]) == 0
    said_at_last = capsys.readouterr()
    assert "行完整，没有改动" in said_at_last.out and "move it" in said_at_last.err
    assert "待发的消息不再发" in said_at_last.out


def promises(said: Any) -> list[tuple[str, str, str, bool]]:
    """What stays the same while the calls go out."""
    (part,) = said["people"]
    return [(c["medium"], c["duty"], c["use"], c["asks"]) for c in part["calls"]]


def _why(url: str, at: list[str], capsys: Capture) -> None:
    """The command and the API say the same of the same person; no number is among it."""
    assert main(["explain", "shiqiao", "--person", "shelter", "--json", *at]) == 0
    said = json.loads(capsys.readouterr().out)
    route = f"{url}/api/v1/alerts/shiqiao/explain"
    asked = requests.get(route, params={"person": "shelter"}, timeout=10).json()
    assert promises(asked) == promises(said) == [("短信", "shelter", "red_hand_tell", False)]
    assert main(["explain", "shiqiao", *at]) == 0
    told = capsys.readouterr().out
    assert "镇长（示例）（mayor）" in told and "1380000" not in told
    assert main(["explain", "shiqiao", "--person", "nobody", *at]) == 1
    assert "nobody" in capsys.readouterr().err
    assert requests.get(route, params={"person": "nobody"}, timeout=10).status_code == 404


@pytest.fixture
def ended(tmp_path: Path, capsys: Capture) -> Path:
    """The configuration of a service that called for one alert and was stopped."""
    folder = township(tmp_path / "config")
    with running(folder) as service:
        call = ["call", "red", "shiqiao", "--because", "x", "--from", "县", "--url", service.url]
        assert main(call) == 0
        assert service.stop()[0] == 0
    capsys.readouterr()
    return folder


def test_a_changed_byte_is_named_in_the_store_and_in_the_file(
    ended: Path, tmp_path: Path, capsys: Capture
) -> None:
    at, out = ["--config", str(ended)], tmp_path / "journal.jsonl"
    assert main(["export", "journal", "--out", str(out), "--json", *at]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [json.loads(line)["seq"] for line in out.read_text("utf-8").splitlines()] == [
        *range(1, rows + 1)
    ]
    assert main(["verify", "journal", str(out), "--json", *at]) == 0
    head = json.loads(capsys.readouterr().out)["head"]
    lines = out.read_bytes().splitlines(keepends=True)
    out.write_bytes(b"".join([*lines[:2], lines[2].replace(b"T", b"t", 1), *lines[3:]]))
    assert main(["verify", "journal", str(out), *at]) == 1
    assert "第3行（seq 3）缺失或被改动" in capsys.readouterr().err
    assert main(["verify", "journal", str(out), "--lang", "en", *at]) == 1
    assert "seq 3 is missing or was changed" in capsys.readouterr().err
    out.write_bytes(b"".join(lines[:-1]))
    assert main(["verify", "journal", str(out), *at]) == 0
    assert main(["verify", "journal", str(out), "--head", head, *at]) == 1
    assert "截去" in capsys.readouterr().err
    with sqlite3.connect(ended / "var" / "monitor.sqlite") as conn:
        conn.execute("UPDATE journal SET text = replace(text, 'yunxi', 'Yunxi') WHERE seq = 1")
    conn.close()
    assert main(["verify", "journal", *at]) == 1
    assert "（seq 1）缺失" in capsys.readouterr().err
    assert main(["backup", "--out", str(tmp_path / "copy.sqlite"), *at]) == 1
    assert "broken at seq 1" in capsys.readouterr().err


def test_a_backup_is_named_by_the_townships_own_time(ended: Path, capsys: Capture) -> None:
    assert main(["backup", "--config", str(ended)]) == 0
    assert re.search(
        r"backup-\d{8}-\d{6}\+0800\.sqlite: [\d,]+字节，已打开核验", capsys.readouterr().out
    )


def test_a_person_is_erased_while_the_service_is_stopped(ended: Path, capsys: Capture) -> None:
    at = ["erase", "shelter", "--offline", "--config", str(ended)]
    assert main(at) == 2
    assert "--by" in capsys.readouterr().err
    assert main([*at, "--by", "desk-1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["said"].startswith("shelter：")
    assert main(["verify", "journal", "--config", str(ended)]) == 0
    assert main(["erase", "nobody", "--offline", "--config", str(ended), "--by", "desk-1"]) == 1
    assert "nobody" in capsys.readouterr().err


def test_no_command_prints_or_writes_a_number(ended: Path, capsys: Capture, tmp_path: Path) -> None:
    people = load(ended, os.environ).knowledge.directory.people.persons.values()
    numbers = {n for person in people for n in (person.phone, person.landline)} - {""}
    at = ["--config", str(ended)]
    for command in (
        ["check", str(ended)],
        ["templates", "--provider", "aliyun", *at],
        ["explain", "shiqiao", *at],
        ["explain", "shiqiao", "--json", *at],
        ["export", "calls", "--out", str(tmp_path / "calls.xlsx"), *at],
        ["export", "journal", "--out", str(tmp_path / "journal.jsonl"), *at],
        ["verify", "journal", *at],
        ["backup", "--out", str(tmp_path / "copy.sqlite"), *at],
    ):
        assert main(command) == 0, command
    said = "".join(capsys.readouterr())
    sheet = load_workbook(tmp_path / "calls.xlsx").active.iter_rows(values_only=True)
    said += str(list(sheet)) + (tmp_path / "journal.jsonl").read_text("utf-8")
    kept = (tmp_path / "copy.sqlite").read_bytes()
    assert len(numbers) > 20 and "****" in said
    assert [n for n in numbers if n in said or n.encode() in kept] == []
