"""The examples of CONTRIBUTING.md run as they stand there: one file, one constant, one line."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from types import ModuleType
from typing import Any

import pytest
import requests

from monitor.alerting.severity import Severity
from monitor.app import facts_of
from monitor.errors import Unreadable
from monitor.ingest.message import Message
from monitor.ingest.observation import QualityFlag
from monitor.notify.channel import Notification, SendOutcome
from monitor.scope import Scope, Status
from monitor.settings import Extensions, Settings, load
from monitor.settings.extensions import installed
from tests.alerting.world import T0, judge, minutes, rule, seen

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = re.compile(r"`monitor/([\w/]+)\.py`:\n\n```python\n(.*?)```", re.DOTALL)
LINES = re.compile(r"`(\w+):` in `config/(\w+\.yaml)`.*?```yaml\n(.*?)```", re.DOTALL)
ACTUAL = Scope("yunxi", Status.ACTUAL, "")
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def examples() -> Mapping[str, Any]:
    """By file name, each run under a name of its own, in no room."""
    found = {}
    for path, code in FILES.findall(PAGE):
        name = path.rpartition("/")[2]
        module = ModuleType(f"contributing_{name}")
        sys.modules[module.__name__] = module  # where pydantic looks up annotations
        exec(compile(code, f"CONTRIBUTING.md:{path}", "exec"), module.__dict__)
        found[name] = module
    return found


@pytest.fixture(scope="module")
def known(examples: Mapping[str, Any]) -> Extensions:
    """All that is installed, and the four beside it."""
    here = installed()
    return replace(
        here,
        formats={**here.formats, "line": examples["line"].FORMAT},
        rules={**here.rules, "floor": examples["floor"].RULE},
        checks={**here.checks, "no_substitute": examples["no_substitute"].CHECK},
        channels={**here.channels, "modem": examples["modem"].CHANNEL},
    )


@pytest.fixture(scope="module")
def settings(known: Extensions, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The example township with the lines that the page adds to it."""
    folder = copytree(ROOT / "config", tmp_path_factory.mktemp("contributing") / "config")
    for section, file, line in LINES.findall(PAGE):
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(f"\n{section}:\n") == 1
        edited = text.replace(f"\n{section}:\n", f"\n{section}:\n{line}")
        (folder / file).write_text(edited, encoding="utf-8")
    return load(folder, {"MONITOR_TOKEN": "kS8xw0Zt3bqQyJr5vH2nLm7c"}, known)


def test_the_page_shows_one_of_each_with_its_line_in_the_configuration() -> None:
    rooms = {path.rpartition("/")[0] for path, _ in FILES.findall(PAGE)}
    assert rooms == {"ingest/formats", "alerting/rules", "readiness/checks", "channels"}
    assert [section for section, _, _ in LINES.findall(PAGE)] == [
        "sources", "rules", "checks", "channels",
    ]  # fmt: skip


def test_the_township_takes_all_four(settings: Settings) -> None:
    assert "line" in [source.format.name for source in settings.knowledge.sources]
    assert settings.knowledge.rules["longtan-floor"].kind.name == "floor"
    (given,) = [one for one in settings.checks if one.check.name == "no_substitute"]
    assert given.parameters.grace == timedelta(days=14)  # type: ignore[attr-defined]  # its own
    assert settings.knowledge.directory.channels[0].id == "modem"


def test_the_format_reads_a_line_and_refuses_another(examples: Mapping[str, Any]) -> None:
    read, parameters = examples["line"].read, examples["line"].Parameters()
    topic = "line/longtan-level/level"
    payload = b"2026-07-01T03:12:00+08:00 86.51"
    (reading,) = read(ACTUAL, topic, Message(topic, payload, NOW, False), parameters)
    assert (reading.sensor, reading.quantity, reading.value) == ("longtan-level", "level", 86.51)
    assert reading.device_time == datetime(2026, 6, 30, 19, 12, tzinfo=UTC)
    with pytest.raises(Unreadable):
        read(ACTUAL, topic, Message(topic, b"86.51", NOW, False), parameters)


def test_the_rule_trips_on_the_floor_and_lets_go_above_the_deadband(
    examples: Mapping[str, Any],
) -> None:
    kind = examples["floor"].RULE
    given = {"at": 136.0, "deadband": 0.1, "severity": "yellow", "basis": "死水位"}
    levels = (136.001, 136.0, 136.1, 136.101)
    told = judge(rule(kind, given), [seen(x, T0 + minutes(n)) for n, x in enumerate(levels)])
    normal, yellow = Severity.NORMAL, Severity.YELLOW
    assert [one.severity for one in told] == [normal, yellow, yellow, normal]
    assert [one.reached for one in told] == [normal, yellow, normal, normal]
    doubtful = seen(100.0, T0, flag=QualityFlag.SUSPECT)
    assert judge(rule(kind, given), [doubtful])[-1].value is None
    state = examples["floor"].State(yellow, T0)
    assert kind.load(kind.dump(state)) == state


def test_the_check_names_the_duties_that_rest_on_one_person(
    examples: Mapping[str, Any], settings: Settings
) -> None:
    check = examples["no_substitute"].CHECK
    found = check.find(facts_of(settings, NOW), check.parameters(), NOW)
    assert {"mayor", "secretary", "evacuation-hexi"} <= {one.subject for one in found}
    assert not any(one.subject.startswith("head-") for one in found)
    assert found[0].due == date(2026, 7, 31)


def test_the_channel_lays_down_one_file_however_often_it_is_asked(
    examples: Mapping[str, Any], tmp_path: Path
) -> None:
    modem = examples["modem"]
    words = dict.fromkeys(("subject", "person", "duty", "channel", "use", "code"), "")
    told = Notification(
        **words, id="n-1", scope=ACTUAL, ladder=None, address="13800000001", variables={},
        text="【云溪镇政府】收到回31。", severity=Severity.RED, step=0, round=0,
        created_at=NOW, due_at=NOW,
    )  # fmt: skip
    with requests.Session() as http:
        for _ in range(2):
            receipt = modem.send(modem.Parameters(folder=str(tmp_path)), {}, http, told)
            assert receipt.outcome is SendOutcome.ACCEPTED
        (file,) = tmp_path.iterdir()
        assert file.read_text(encoding="utf-8").startswith("To: 8613800000001\n")
        gone = modem.Parameters(folder=str(tmp_path / "gone"))
        assert modem.send(gone, {}, http, told).outcome is SendOutcome.BUSY
