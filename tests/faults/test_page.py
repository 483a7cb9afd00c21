"""The table says no more than was run."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.faults.fault import ROWS, Fault, Trial, faults
from tests.faults.page import NOT_RUN, PAGE, into, parsed, table
from tests.faults.results import Results
from tests.faults.running import keep_folder, run_until, tried

ROW = Fault(
    name="power_cut",
    row="the power goes",
    full={"cuts": 4},
    bar="nothing is lost",
    small={"cuts": 2},
    trial=lambda seed, index, workdir: Trial({"cuts": 2}, (), {"s late": float(index)}),
)
EMPTY = "<!-- table -->\n<!-- end -->\n"


def after(*trials: Trial, folder: Path, commit: str = "1111111") -> tuple[str, str]:
    """What the page says of ROW, once more of it was run: (run, reached)."""
    results = Results(ROW.name, 3, commit, folder)
    for index, trial in enumerate(trials):
        results.add(index, trial, 1.0)
    line = table({ROW.name: ROW}, None, folder)[ROW.name]
    return line.run, line.reached


def test_each_row_of_the_issue_has_its_file_and_stands_on_the_page() -> None:
    assert tuple(faults()) == ROWS
    lines = {line.name: line for line in parsed(PAGE.read_text(encoding="utf-8"))}
    assert tuple(lines) == ROWS
    for name, line in table(faults(), None, Path("nothing was run")).items():
        assert lines[name].same_row(line), f"{name}: write the page again with --table"


def test_a_row_that_was_not_run_says_so(tmp_path: Path) -> None:
    line = table({ROW.name: ROW}, None, tmp_path)[ROW.name]
    assert (line.run, line.reached, line.commit) == (NOT_RUN, "", "")


def test_fewer_than_the_full_count_reach_no_bar(tmp_path: Path) -> None:
    said = after(Trial({"cuts": 3}), folder=tmp_path)
    assert said == ("3 of 4 cuts run", "none broken so far")


def test_the_full_count_holds_and_tells_the_worst_figure(tmp_path: Path) -> None:
    halves = (Trial({"cuts": 2}, (), {"s late": 1.5}), Trial({"cuts": 2}, (), {"s late": 0.5}))
    assert after(*halves, folder=tmp_path) == ("4 cuts", "held; at most 1.5 s late")


def test_one_violation_breaks_the_row_whatever_the_count(tmp_path: Path) -> None:
    run, reached = after(Trial({"cuts": 4}, ("a row | is gone",)), folder=tmp_path)
    assert (run, reached) == ("4 cuts", "**broken 1 times**: a row is gone")


def test_commits_are_not_added_up_and_a_few_later_trials_hide_no_full_run(tmp_path: Path) -> None:
    half = Trial({"cuts": 2})
    assert after(half, folder=tmp_path)[0] == "2 of 4 cuts run"
    assert after(half, folder=tmp_path, commit="2222222")[0] == "2 of 4 cuts run"
    assert after(half, half, folder=tmp_path, commit="3333333")[0] == "4 cuts"
    assert after(half, folder=tmp_path, commit="4444444")[0] == "4 cuts"


def test_a_line_that_was_cut_is_run_again(tmp_path: Path) -> None:
    results = Results(ROW.name, 3, "1111111", tmp_path)
    results.add(0, Trial({"cuts": 2}), 1.0)
    file = tmp_path / "1111111" / "power_cut-3.jsonl"
    file.write_text(file.read_text() + '{"index": 1, "cou')
    assert [result.index for result in results] == [0]


def test_the_page_keeps_what_an_earlier_machine_told_until_the_row_asks_for_more(
    tmp_path: Path,
) -> None:
    after(Trial({"cuts": 4}), folder=tmp_path)
    page = into(EMPTY, table({ROW.name: ROW}, None, tmp_path))
    nowhere = tmp_path / "nowhere"
    assert table({ROW.name: ROW}, page, nowhere)[ROW.name].reached == "held"
    more = replace(ROW, full={"cuts": 5})
    assert table({ROW.name: more}, page, nowhere)[ROW.name].run == NOT_RUN


def test_trials_are_run_until_the_count_is_reached(tmp_path: Path) -> None:
    assert len(run_until(ROW, {"cuts": 5}, 3, tmp_path)) == 3


def test_a_trial_that_raises_has_broken_the_bar_and_counts_nothing(tmp_path: Path) -> None:
    def breaks(seed: int, index: int, workdir: Path) -> Trial:
        raise RuntimeError("of itself")

    trial = tried(replace(ROW, trial=breaks), 3, 7, tmp_path)
    assert trial.counts == {}
    assert "trial 7 broke" in trial.violations[0]
    assert "of itself" in trial.violations[0]


def test_a_row_that_breaks_is_not_tried_for_ever(tmp_path: Path) -> None:
    always = replace(ROW, trial=lambda seed, index, workdir: Trial({}, ("again",)))
    assert len(run_until(always, {"cuts": 5}, 3, tmp_path)) == 1


def test_what_was_run_of_a_changed_tree_is_not_told(tmp_path: Path) -> None:
    assert after(Trial({"cuts": 4}), folder=tmp_path, commit="1111111+9f8e7d6c")[0] == NOT_RUN


def test_a_broken_trials_folder_is_kept_though_a_socket_lies_in_it(tmp_path: Path) -> None:
    workdir = tmp_path / "trial"
    workdir.mkdir()
    (workdir / "service.log").write_text("failed")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as one:
        one.bind(str(workdir / "notify"))
        kept = keep_folder(workdir, tmp_path / "left", "workers-3-24-")
    assert [file.name for file in kept.iterdir()] == ["service.log"]
