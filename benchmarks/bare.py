"""The measure of all: a paho client that does nothing but acknowledge each message.

`python -m benchmarks.bare PORT COUNT SESSION`; a count of 0 only opens the session, its own or
the service's, for a backlog to gather in.
"""

from __future__ import annotations

import sys
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from benchmarks.figures import Stopwatch, ready, tell


def main(port: int, count: int, name: str) -> None:
    client = Client(
        CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True
    )
    session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho's omission
    session.SessionExpiryInterval = 3600
    subscribed, received = False, 0

    def on_subscribe(*_: Any) -> None:
        nonlocal subscribed
        subscribed = True

    def on_message(_: Client, __: Any, message: MQTTMessage) -> None:
        nonlocal received
        received += 1
        client.ack(message.mid, 1)

    client.on_subscribe, client.on_message = on_subscribe, on_message
    client.connect("127.0.0.1", port, clean_start=False, properties=session)
    while not client.is_connected():
        client.loop()
    if count:
        ready()
        watch = Stopwatch()
        while received < count:
            client.loop()
        tell(watch.figures(count))
    else:
        client.subscribe("risk/+/+/+", qos=1)
        while not subscribed:
            client.loop()
    client.disconnect()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
