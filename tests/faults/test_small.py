"""Every row of the fault table in a small count, through what `make faults` runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.__main__ import SEED
from tests.faults.fault import Fault, absent, faults
from tests.faults.running import run_until

WRITTEN = [fault for fault in faults().values() if fault.trial]


@pytest.mark.parametrize("fault", WRITTEN, ids=lambda fault: fault.name)
def test_a_small_count_of_the_row_holds_its_bar(fault: Fault, tmp_path: Path) -> None:
    if lacks := absent(fault):
        pytest.skip(f"not installed: {', '.join(lacks)} (sudo apt-get install -y mosquitto gcc)")
    trials = run_until(fault, fault.small, SEED, tmp_path)
    assert [violation for trial in trials for violation in trial.violations] == []
