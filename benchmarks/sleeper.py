"""How late the machine wakes a process that sleeps 20 ms and does nothing: what no service on it
can be quicker than. `python -m benchmarks.sleeper`; ends with its input."""

from __future__ import annotations

import json
import select
import sys
import time

from benchmarks.figures import ready

_SLEEP_S = 0.02


def main() -> None:
    late: list[float] = []
    ready()
    while True:
        due = time.perf_counter() + _SLEEP_S
        ended, _, _ = select.select([sys.stdin], [], [], _SLEEP_S)
        if ended:
            break
        late.append((time.perf_counter() - due) * 1000)
    print(json.dumps(sorted(late)))


if __name__ == "__main__":
    main()
