"""Stand-in providers that take their time: `python -m benchmarks.providers [MIN MAX]` (ms).

Says its `channels:` entries as one line of JSON; when its input ends, what it took: provider,
number, reference, seconds since 1970.
"""

from __future__ import annotations

import json
import sys
import time
from random import Random
from typing import Any

from benchmarks.gateway import SIGN_NAME
from monitor.clock import SystemClock
from monitor.notify.templates import complete
from simulators.gateways.gateway import Gateway
from simulators.gateways.messages import Answer, Provider, Report, Request, Response, Take
from simulators.gateways.township import channels, providers

LATENCY_MS = (100, 300)


class Slow:
    """A provider that answers after a while; a message counts as taken when it answers."""

    def __init__(self, provider: Provider, within: tuple[int, int]) -> None:
        self._provider, self._within = provider, within
        self._dice = Random(provider.name)
        self.name = provider.name

    def answer(self, request: Request, take: Take) -> Response:
        time.sleep(self._dice.uniform(*self._within) / 1000)
        return self._provider.answer(request, take)

    def reply_body(self, answer: Answer) -> Any:
        return self._provider.reply_body(answer)

    def receipt_body(self, report: Report) -> Any:
        return self._provider.receipt_body(report)


def main(least: int, most: int) -> None:
    templates = complete()
    slow = [Slow(one, (least, most)) for one in providers(SIGN_NAME, templates)]
    with Gateway(slow, SystemClock()) as gateway:
        print(json.dumps(channels(gateway, SIGN_NAME, templates)), flush=True)
        sys.stdin.read()
        taken = [(m.provider, m.to, m.reference, m.at.timestamp()) for m in gateway.accepted]
    print(json.dumps(taken))


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:3]) if sys.argv[2:] else LATENCY_MS))
