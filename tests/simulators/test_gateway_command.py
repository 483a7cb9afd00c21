"""The command prints what leads to it, and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from io import StringIO

import pytest
import requests
from ruamel.yaml import YAML

from monitor.channels.wecom_robot import Parameters, send
from monitor.notify.channel import Notification, SendOutcome
from simulators.gateway import main
from simulators.gateways.township import ENVIRONMENT


def test_a_message_sent_to_the_printed_channel_is_shown(
    http: requests.Session, notification: Notification
) -> None:
    command = [sys.executable, "-m", "simulators", "gateway"]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as running:
        assert running.stdout is not None
        printed = ""
        while "DEMO_ROBOT_KEY}" not in printed:
            line = running.stdout.readline()
            assert line, f"the gateway ended: {printed}"
            printed += line
        entries = YAML(typ="safe").load(StringIO(printed))["channels"]
        (endpoint,) = [e["endpoint"] for e in entries if e["kind"] == "wecom_robot"]
        secrets = {"key": ENVIRONMENT["DEMO_ROBOT_KEY"]}
        receipt = send(Parameters(endpoint=endpoint), secrets, http, notification)
        running.send_signal(signal.SIGTERM)
        rest = running.stdout.read()
    assert receipt.outcome is SendOutcome.ACCEPTED
    assert notification.text in rest
    assert running.returncode == 0


@pytest.mark.parametrize("phone", ["13800000001", "13800000001=sings"])
def test_a_phone_without_a_habit_is_wrong_use(
    phone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--phone", phone]) == 2
    assert "simulators gateway:" in capsys.readouterr().err
