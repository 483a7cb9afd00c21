"""What a device that keeps a buffer is told: which of its readings are kept here.

On `risk-out/<township>/committed/<sensor>`: `{"boot": "17", "seq": [4711, 4712]}`. It names each
reading and no range: what came before one of them may have died with a broker.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator

from monitor.ingest.reading import Reading
from monitor.scope import Status


def committed(readings: Iterable[Reading], buffered: Container[str]) -> Iterator[tuple[str, bytes]]:
    """(topic, payload) for each `buffered` sensor and boot of these readings, repeats included:
    the word may have been lost the first time. Of drills nothing: no device waits for them."""
    named: dict[tuple[str, str, str], list[int]] = {}
    for reading in readings:
        if reading.sensor in buffered and reading.scope.status is Status.ACTUAL:
            boot, _, seq = reading.key.rpartition(":")
            if boot and seq.isdecimal():
                key = (reading.scope.township, reading.sensor, boot)
                named.setdefault(key, []).append(int(seq))
    for (township, sensor, boot), seqs in named.items():
        payload = json.dumps({"boot": boot, "seq": seqs}, ensure_ascii=False)
        yield f"risk-out/{township}/committed/{sensor}", payload.encode()
