"""`make faults`: the rows of docs/reliability.md, tried in full counts."""

from __future__ import annotations

import argparse
import sys

from tests.faults.fault import Fault, absent, faults, missing, total
from tests.faults.page import PAGE, into, line, table, told
from tests.faults.results import Results, commit
from tests.faults.running import run_on

SEED = 3


def main() -> int:
    known = faults()
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("name", nargs="*", metavar="NAME", help="rows to run; without: all")
    options.add_argument("--count", type=int, help="trials of each row in this run, at most")
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--list", action="store_true", help="name the rows")
    options.add_argument("--table", action="store_true", help="write docs/reliability.md")
    given = options.parse_args()
    if unknown := set(given.name) - known.keys():
        options.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    if given.list:
        for fault in known.values():
            print(f"{fault.name:15} {told(fault).full:40} {fault.row}")
        return 0
    if given.table:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(into(page, table(known, page)), encoding="utf-8")
        return 0
    rows = [known[name] for name in given.name] or [f for f in known.values() if f.trial]
    held = [run(fault, given.seed, given.count) for fault in rows]
    return 0 if all(held) else 1


def run(fault: Fault, seed: int, most: int | None) -> bool:
    """Tell each trial that broke the bar as it comes, and the row at the end."""
    if fault.trial is None:
        print(f"{fault.name}: not written yet", flush=True)
        return True
    if lacks := absent(fault):
        print(f"{fault.name}: not run, for lack of {', '.join(lacks)}", flush=True)
        return False
    results = Results(fault.name, seed, commit())
    for trial in run_on(fault, results, seed, most):
        for violation in trial.violations:
            print(f"{fault.name}: BROKEN: {violation}", file=sys.stderr, flush=True)
    known = list(results)
    if not known:
        print(f"{fault.name}: not run", flush=True)
        return True
    told_now = line(fault, known)
    print(f"{fault.name}: {told_now.run}: {told_now.reached}", flush=True)
    short = missing(fault.full, total([result.trial for result in known]))
    return not any(result.trial.violations for result in known) and (most is not None or not short)


if __name__ == "__main__":
    sys.exit(main())
