"""The systemd unit as shipped: systemd takes it, and its watchdog fits what the service does."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.workers.systemd import EVERY_S

UNIT = Path(__file__).parents[2] / "config" / "systemd" / "risk-monitor.service"


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed (apt-get install systemd)")
    copies = []
    for unit in sorted(UNIT.parent.iterdir()):
        text = unit.read_text(encoding="utf-8")
        copies.append(tmp_path / unit.name)  # this machine has nothing in /opt
        copies[-1].write_text(re.sub("^ExecStart=.*$", "ExecStart=/bin/true", text, flags=re.M))
    said = subprocess.run([analyze, "verify", *copies], capture_output=True, text=True, timeout=30)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_the_watchdog_is_fed_several_times_before_it_bites() -> None:
    text = UNIT.read_text(encoding="utf-8")
    found = re.search(r"^WatchdogSec=(\d+)$", text, re.M)
    assert found is not None and int(found[1]) >= 4 * EVERY_S
    assert "\nType=notify\n" in text
