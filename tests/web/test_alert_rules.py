"""The shipped alert rules speak of what the service says."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.ingest.message import Message, Quarantined
from monitor.ingest.quota import FLOOD
from monitor.judging.memory import Outcome
from tests.web.conftest import Web

RULES = Path(__file__).parents[2] / "config" / "prometheus" / "alerts.yaml"


def test_promtool_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (it comes with Prometheus)")
    said = subprocess.run(
        [promtool, "check", "rules", RULES], capture_output=True, text=True, timeout=30
    )
    assert said.returncode == 0, said.stdout + said.stderr


async def test_every_metric_of_a_rule_is_said_with_the_labels_it_names(flood: Web) -> None:
    town, board = flood.town, flood.house.board
    for worker in ("ping", "ingest"):
        board.of(worker).step(town.clock)
    await town.reads(84.3, "shangyou-level", ago=-timedelta(days=1))  # its clock is a day ahead
    beyond = Message("shiqiao-level", b"{}", town.clock.now(), False)
    async with town.store.writing() as tx:
        await tx.keep(Outcome(quarantined=[Quarantined(town.desk.actual, beyond, FLOOD, "900")]))
    said = (await flood.http.get("/metrics")).text
    rules = YAML(typ="safe").load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert len(rules) > 10
    for rule in rules:
        for name, labels in re.findall(r"(monitor_\w+)(?:\{([^}]*)\})?", rule["expr"]):
            samples = [line for line in said.splitlines() if re.match(rf"{name}[ {{]", line)]
            assert samples, f"{rule['alert']}: nobody says {name}"
            assert any(labels in line for line in samples), f"{rule['alert']}: {labels}"
        for label in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
            assert f"{label}=" in "".join(samples), f"{rule['alert']}: no label {label}"


async def test_a_clock_that_is_wrong_is_told_in_seconds(web: Web) -> None:
    await web.town.reads(84.3, ago=timedelta(seconds=30))
    await web.town.reads(84.3, "shangyou-level", ago=-timedelta(days=1))
    said = (await web.http.get("/metrics")).text
    assert 'monitor_sensor_clock_skew_seconds{sensor="shangyou-level"} 86400' in said
    assert "shiqiao-level" not in said
