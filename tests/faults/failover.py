"""How long it takes from a promise to its arrival by the second channel: the bound is 30 s.

`python -m tests.faults.failover` runs the real service, with its own time limits, against a gateway
that takes a connection and never answers, and against a port where nobody listens. Red is called
by hand; the slowest phone counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from monitor.notify.templates import complete
from simulators.gateways.gateway import Gateway, Trouble
from simulators.gateways.township import ENVIRONMENT, channels, providers
from tests.faults.world import TOKEN, ask, listening, service, town

BOUND_S = 30.0
SIGN = "云溪镇政府"
CALL = {"level": "red", "place": "shiqiao", "because": "试验", "source": "值班室"}

_PROMISED = (
    "SELECT count(DISTINCT person) FROM notifications WHERE channel IN ('sms', 'sms_second')"
)


async def main() -> int:
    """Print both; 1 where the bound is not kept."""
    worst = 0.0
    for gateway in ("hangs", "refuses"):
        with TemporaryDirectory(prefix="failover-", dir="/var/tmp") as folder:
            first, last, phones = await measured(gateway, Path(folder))
        told = f"the first of {phones} phones after {first:.1f} s, the last after {last:.1f} s"
        print(f"a gateway that {gateway}: {told}", flush=True)
        worst = max(worst, last)
    return 0 if worst <= BOUND_S else 1


async def measured(how: str, folder: Path) -> tuple[float, float, int]:
    """Seconds to the first and the last phone that the second channel reached, and how many."""
    clock = SystemClock()
    with _gateway(how) as (gateway, entries):
        place = town(folder, 0, broker=free_port(), channels=entries)
        with service(place, **ENVIRONMENT) as running:
            running.start()
            await listening(place.web_port, within=60)
            began = clock.now()
            await asyncio.to_thread(_call, place.web_port)
            while (clock.now() - began).total_seconds() < BOUND_S + 10:
                await clock.wait(0.2)
            running.stop()
        ((promised,),) = ask(place.store, _PROMISED)
        arrived: dict[str, float] = {}
        for one in gateway.accepted:
            if one.provider == "tencent":
                arrived.setdefault(one.to, (one.at - began).total_seconds())
    assert len(arrived) == promised, f"{len(arrived)} of {promised} phones within the time"
    return min(arrived.values()), max(arrived.values()), len(arrived)


@contextmanager
def _gateway(how: str) -> Iterator[tuple[Gateway, list[dict[str, Any]]]]:
    """The stand-ins, and the entries of the two channels."""
    templates = complete()
    with Gateway(providers(SIGN, templates), SystemClock()) as gateway:
        known = {entry["id"]: entry for entry in channels(gateway, SIGN, templates)}
        first = known["sms"]
        if how == "hangs":
            gateway.order("aliyun", Trouble.HANG)
        else:
            first = {**first, "endpoint": f"http://{HOST}:{free_port()}/aliyun"}
        yield gateway, [first, known["sms_second"]]


def _call(port: int) -> None:
    http = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.post(
        f"http://{HOST}:{port}/api/v1/calls", json=CALL, headers=http, timeout=20
    )
    answer.raise_for_status()


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
