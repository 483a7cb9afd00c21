"""Stand-in providers in a process of their own: `python -m benchmarks.gateway`.

Says its `channels:` entries as one line of JSON; when its input ends, says when it took each
message about one of our gauges.
"""

from __future__ import annotations

import json
import re
import sys

from monitor.clock import SystemClock
from monitor.notify.templates import complete
from simulators.gateways.gateway import Gateway
from simulators.gateways.township import channels, providers

SIGN_NAME = "云溪镇政府"
_STATION = re.compile(r"站(\d+)")


def main() -> None:
    templates = complete()
    with Gateway(providers(SIGN_NAME, templates), SystemClock()) as gateway:
        print(json.dumps(channels(gateway, SIGN_NAME, templates)), flush=True)
        sys.stdin.read()
        taken = [
            (int(found[1]), message.at.timestamp() * 1000)
            for message in gateway.accepted
            if (found := _STATION.search(message.text))
        ]
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
