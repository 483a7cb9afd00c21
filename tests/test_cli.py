"""The `monitor` command against a service that really runs, and one that is not there."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
import requests
from openpyxl import load_workbook

from monitor.cli import main
from monitor.exports import COLUMNS
from tests.stories.harness import CONFIG, ENVIRON

ROOT = Path(__file__).parents[1]
STOP_S = 5


def township(folder: Path) -> Path:
    """The example on free ports, with a store of its own."""
    copytree(CONFIG, folder)
    service = folder / "service.yaml"
    text = service.read_text(encoding="utf-8")
    for port in ("1883", "8080"):
        assert f"port: {port}" in text
        text = text.replace(f"port: {port}", "port: 0")
    service.write_text(
        text.replace("../var/monitor.sqlite", "var/monitor.sqlite"), encoding="utf-8"
    )
    return folder


@dataclass
class Running:
    """`monitor run` in a process of its own."""

    process: subprocess.Popen[str]
    url: str

    def stop(self) -> tuple[int, str]:
        """Ctrl-C: the exit code, and what the log said."""
        self.process.send_signal(signal.SIGINT)
        _, log = self.process.communicate(timeout=STOP_S)
        return self.process.returncode, log


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """Entered once the desk listens; killed where a failed test left it alive."""
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "run", str(folder)],
        env={**os.environ, **ENVIRON, "PYTHONUTF8": "1"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        found = (re.search(r"http://\S+:\d+", line) for line in process.stdout)
        url = next((match[0] for match in found if match), "")
        assert url, process.stderr.read()
        yield Running(process, url)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


def test_a_night_at_the_command_line_and_nothing_is_lost_by_ctrl_c(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One story from the call to the record, on a service that is stopped in the middle."""
    folder = township(tmp_path / "config")
    with running(folder) as service:
        _evening(service.url, capsys)
        code, log = service.stop()
    assert code == 0
    assert "13800" not in log and "Traceback" not in log and "ERROR" not in log, log
    with running(folder) as service:
        (alert,) = requests.get(f"{service.url}/api/v1/alerts", timeout=10).json()
        assert alert["severity"] == "red"
        (asked,) = [duty for duty in alert["duties"] if duty["duty"] == "mayor"]
        assert asked["people"][0]["answered_at"]
        assert main(["stand-down", alert["short_id"], "--by", "mayor", "--url", service.url]) == 0
        assert "镇长（示例） 解除" in capsys.readouterr().out
        code, _ = service.stop()
    assert code == 0
    _record(folder, tmp_path / "calls.xlsx", capsys)


def _evening(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--url", url]
    assert main(["alerts", *at]) == 0
    assert capsys.readouterr().out == "当前没有叫应事项\n"
    call = ["call", "red", "shiqiao", "--because", "上游泄洪", "--from", "县防办"]
    assert main([*call, *at]) == 0
    assert capsys.readouterr().out == "石桥站：红级叫应已发出（来源：县防办）\n"
    assert main(["read", "shiqiao", "87.9", *at]) == 0
    assert main(["close", "manshui", *at]) == 0
    assert main(["ack", "shiqiao", "--for", "mayor", "--by", "desk-1", "--json", *at]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said == {"said": "镇长（示例） 已应答（值班员甲（示例） 登记）"}
    assert main(["ack", "shiqiao", "--for", "mayor", "--by", "mayor", *at]) == 1
    assert "desk-1" in capsys.readouterr().err
    _quiet(at, capsys)
    assert main(["verdict", "shiqiao", "real", *at]) == 1
    assert main(["stand-down", "nowhere", *at]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert main(["alerts", *at]) == 0
    shown = capsys.readouterr().out
    (one,) = requests.get(f"{url}/api/v1/alerts", timeout=10).json()
    assert one["opened_at"].endswith("+08:00")
    assert "红级叫应  石桥站" in shown and f"{one['opened_at'][11:16]} 起" in shown
    assert "石桥村村级责任人  石桥村村级责任人（示例） --for head-shiqiao" in shown
    assert f"monitor ack {one['short_id']} --for" in shown, "it can be typed from what is shown"
    assert main(["alerts", "--lang", "en", *at]) == 0
    assert "Red call  石桥站" in capsys.readouterr().out


def _quiet(at: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    why = ["--because", "清淤施工", "--owner", "area-west"]
    assert main(["silence", "start", "longtan", "--hours", "2", *why, *at]) == 0
    said = capsys.readouterr().out.strip()
    assert said.startswith("龙潭水库暂停提醒至")
    assert main(["silence", "list", *at]) == 0
    number = said.split()[-1]
    listed = capsys.readouterr().out
    assert listed.startswith(f"{number}  龙潭水库  西片包村领导（示例）  至 ")
    assert "+08:00" not in listed and "第二人" not in listed
    assert main(["silence", "start", "longtan", *at]) == 2
    told = capsys.readouterr().err
    assert "--hours 2" in told and "--because" in told
    assert (
        main(["silence", "start", "beishan", "--hours", "48", "--hazard", "flood", *why, *at]) == 0
    )
    second = capsys.readouterr().out.split()[-1]
    assert main(["silence", "list", *at]) == 0
    assert re.search("北山.*要到 [0-9: -]+，须第二人确认", capsys.readouterr().out)
    assert main(["silence", "end", second, *at]) == 0
    assert main(["silence", "agree", number, *at]) == 1
    assert main(["silence", "end", number, *at]) == 0
    out = ["out-of-service", "start", "longtan-level", "--substitute", "人工观测"]
    assert main([*out, *at]) == 2
    assert "--repair-by 2026-07-20" in capsys.readouterr().err
    assert main([*out, "--repair-by", "2099-01-01", *at]) == 0
    assert main(["out-of-service", "list", "--json", *at]) == 0
    assert '"no_gauge": true' in capsys.readouterr().out
    assert main(["out-of-service", "list", *at]) == 0
    assert "longtan-level  停用  " in capsys.readouterr().out
    assert main([*out, "--repair-by", "2099-01-01", *at]) == 1, "it is out already"
    assert main(["out-of-service", "back", "longtan-level", *at]) == 0
    assert "恢复" in capsys.readouterr().out
    red = ["out-of-service", "start", "shiqiao-level", "--substitute", "人工观测"]
    assert main([*red, "--repair-by", "2099-01-01", *at]) == 0
    assert main(["out-of-service", "list", *at]) == 0
    assert "待确认停用" in capsys.readouterr().out, "a request is not in force"
    assert main(["out-of-service", "back", "shiqiao-level", *at]) == 0
    assert "取消停用申请" in capsys.readouterr().out


def _record(folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = ["export", "calls", "--out", str(out), "--config", str(folder)]
    assert main(export) == 0
    head, *rows = load_workbook(out).active.iter_rows(values_only=True)
    assert head == COLUMNS
    assert {row[1] for row in rows} == {"县防办（石桥站）"}
    answered = [row for row in rows if row[7] == "是"]
    assert answered and answered[0][10] == "值班员甲（示例）"
    whom = "".join(str(row[5]) for row in rows)
    assert "138****0006" in whom and "13800000006" not in whom
    assert main([*export, "--phones", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["rows"] == len(rows)
    numbers = "".join(str(row[5]) for row in load_workbook(out).active.values)
    assert "13800000006" in numbers


HANGING = """\
channels:
  - {{ id: desk, kind: desk }}
  - id: sms
    kind: aliyun_sms
    sign_name: 云溪镇政府
    endpoint: http://127.0.0.1:{port}/
    templates: {{ red_hand: SMS_1, red_hand_tell: SMS_2, report: SMS_3, downstream: SMS_4 }}
    secrets:
      access_key_id: ${{ENV:MONITOR_TOKEN}}
      access_key_secret: ${{ENV:MONITOR_TOKEN}}
"""


def test_a_provider_that_never_answers_does_not_hold_up_ctrl_c(tmp_path: Path) -> None:
    """And what it may have sent is asked about at the next start: its attempt is kept."""
    folder = township(tmp_path / "config")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        text = HANGING.format(port=deaf.getsockname()[1])
        (folder / "channels.yaml").write_text(text, encoding="utf-8")
        with running(folder) as service:
            call = ["call", "red", "shiqiao", "--because", "x", "--from", "县", "--url"]
            assert main([*call, service.url]) == 0
            deaf.settimeout(STOP_S)
            held, _ = deaf.accept()
            code, log = service.stop()
            held.close()
    assert code == 0 and "Traceback" not in log, log


def test_a_service_that_is_not_there_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["read", "shiqiao", "3.2", "--url", "http://127.0.0.1:1"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "make run" in said


def test_run_prints_every_fault_and_starts_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = township(tmp_path / "config")
    (folder / "rules.yaml").write_text("rules: []\nrule: 3\n", encoding="utf-8")
    monkeypatch.delenv("MONITOR_TOKEN")
    assert main(["run", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "rules.yaml:" in said
    assert "MONITOR_TOKEN" in said and "secrets.token_urlsafe" in said
    assert said.rstrip().endswith("没有启动。")
    assert main(["run", str(folder), "--lang", "en"]) == 1
    assert capsys.readouterr().err.rstrip().endswith("nothing was started.")
    assert not (folder / "var").exists()


def test_check_says_what_it_found(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", str(CONFIG)]) == 0
    assert "没有错误（" in capsys.readouterr().out
    assert main(["check", str(CONFIG), "--lang", "en"]) == 0
    assert "no fault found" in capsys.readouterr().out
    assert main(["check", str(CONFIG), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"faults": [], "warnings": []}
    assert main(["check", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["faults"]


@pytest.mark.parametrize("provider, written", [("aliyun", "${site}"), ("tencent", "{1}")])
def test_the_template_sheet_is_in_the_providers_syntax(
    capsys: pytest.CaptureFixture[str], provider: str, written: str
) -> None:
    sheet = ["templates", "--provider", provider, "--config", str(CONFIG)]
    assert main([*sheet, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    red = next(row for row in rows if row["use"] == "red")
    assert written in red["text"] and red["parts"] == 1
    assert main(sheet) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(rows) + 1


def test_nothing_can_be_exported_where_nothing_was_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = ["export", "calls", "--out", str(tmp_path / "x.xlsx")]
    assert main([*out, "--config", str(township(tmp_path / "config"))]) == 1
    assert capsys.readouterr().err.startswith("monitor: ")


@pytest.mark.parametrize("wrong", [[], ["call", "purple", "x"], ["ack"], ["fly"]])
def test_wrong_use_exits_with_two(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("monitor ")
