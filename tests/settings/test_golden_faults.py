"""A folder of broken configurations, each with every fault line that it must give."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.settings import check

CASES = Path(__file__).parents[1] / "golden" / "config_faults"
ENVIRON = {
    "TOKEN": "mJ4tq0Xy7Rz2Lw9Kc5Vb8Ns1",
    "SHORT": "1234",
    "OTHER": "q8Zk2Vn6Xc0Tb4Rm7Yp1Wd5L",
}


def assembled(case: Path, into: Path) -> Path:
    """`base/` with the case's own files over it."""
    folder = into / "config"
    shutil.copytree(CASES / "base", folder)
    shutil.copytree(case, folder, dirs_exist_ok=True)
    for absent in folder.glob("*.absent"):
        absent.with_suffix("").unlink()
    return folder


def found(folder: Path) -> str:
    faults = (fault.removeprefix(f"{folder}/") for fault in check(folder, ENVIRON))
    return "".join(f"{fault}\n" for fault in faults)


def test_the_base_has_no_fault(tmp_path: Path) -> None:
    assert found(assembled(CASES / "base", tmp_path)) == ""


@pytest.mark.parametrize("name", sorted(p.parent.name for p in CASES.glob("*/expected.txt")))
def test_every_fault_is_told_with_its_line_and_what_to_do(name: str, tmp_path: Path) -> None:
    expected = (CASES / name / "expected.txt").read_text(encoding="utf-8")
    assert found(assembled(CASES / name, tmp_path)) == expected


def test_every_case_has_its_expected_lines() -> None:
    cases = {p.name for p in CASES.iterdir() if p.is_dir()} - {"base"}
    assert {p.parent.name for p in CASES.glob("*/expected.txt")} == cases
