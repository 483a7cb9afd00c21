"""Good gauges, and hostile devices beside them every other while, from a process of its own.

`python -m tests.faults.feed PORT SEED WHILES SECONDS GAUGES HOSTILE`; says as JSON when the
hostile ones spoke, how much of each, and how many good readings there were.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from random import Random
from time import sleep
from typing import Any

from monitor.broker import HOST
from monitor.clock import SystemClock
from simulators.publication import Publication
from simulators.publisher import connected
from tests.faults.grammar import Said, invalid_served
from tests.faults.world import CALM, tell

GOOD_A_SECOND = 50


def main(
    port: int, seed: int, whiles: int, seconds: int, gauges: int, hostile: int
) -> dict[str, Any]:
    """`whiles` pairs of a quiet and a hostile while of so many seconds each; `hostile` messages in
    each of the latter."""
    dice, clock = Random(seed), SystemClock()
    sent: Counter[str] = Counter()
    known: set[Said] = set()
    spoke, good, number = [], 0, seconds * GOOD_A_SECOND
    with connected(HOST, port) as publisher:
        for turn in range(2 * whiles):
            crowd = hostile if turn % 2 else 0
            began, began_at = clock.elapsed(), datetime.now(UTC)  # noqa: TID251 - the wall's
            said = 0
            for n in range(number):
                while said * number < n * crowd:
                    one = invalid_served(dice)
                    if one in known:  # said twice in one moment it is kept once
                        continue
                    known.add(one)
                    publisher.publish(Publication(began_at, one.topic, one.payload))
                    sent[one.reason] += 1
                    said += 1
                sleep(max(0.0, began + n / GOOD_A_SECOND - clock.elapsed()))
                tell(publisher, good % gauges, good, CALM, datetime.now(UTC))  # noqa: TID251 - so
                good += 1
            if crowd:
                spoke.append((began_at.timestamp(), datetime.now(UTC).timestamp()))  # noqa: TID251
        missing = publisher.settle(within=30)
    return {"sent": sent, "spoke": spoke, "good": good, "missing": missing}


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:7]))))
