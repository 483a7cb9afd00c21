"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("township", deadline=None)  # no test asserts on the clock
settings.register_profile("ci", deadline=None, derandomize=True)  # a green run stays green
settings.load_profile("ci" if os.environ.get("CI") else "township")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real inputs; tests that need it skip with a word where it is missing."""
    default = Path(__file__).parents[1] / ".." / "shared" / "data"
    folder = Path(os.environ.get("MONITOR_TEST_DATA") or default).resolve()
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the real inputs are missing: {folder}")
        pytest.skip(f"the real inputs are not here: {folder} (set MONITOR_TEST_DATA)")
    return folder
