"""What the sensors would send, from a process of its own: `python -m benchmarks.publisher
PORT COUNT RATE SENSORS`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from benchmarks.township import sensor_id

TOWNSHIP = "yunxi"
SENSORS = 1000
PAYLOAD_BYTES = 120
_WINDOW = 2000  # publications without a PUBACK at one time


def readings(count: int, sensors: int) -> Iterator[tuple[str, bytes]]:
    """Topic and payload, sensor by sensor; each payload carries when it was made."""
    for number in range(count):
        topic = f"risk/{TOWNSHIP}/{sensor_id(number % sensors)}/level"
        yield topic, _payload(number // sensors, number)


def _payload(turn: int, number: int) -> bytes:
    """A native reading: a level that stays below the ladder and moves 1 cm every third turn."""
    value = 1.0 + turn // 3 % 20 / 100
    made = time.time_ns() // 1_000_000
    text = json.dumps({"value": value, "time": made, "unit": "m", "boot": 1, "seq": number})
    return f'{text[:-1]}, "note": "{"x" * (PAYLOAD_BYTES - len(text) - 12)}"}}'.encode()


def send(port: int, count: int, rate: float, sensors: int) -> None:
    """Publish at that rate a second (0: as fast as it goes) and wait for every PUBACK."""
    client = Client(CallbackAPIVersion.VERSION2, "bench", protocol=MQTTProtocolVersion.MQTTv5)
    client.max_inflight_messages_set(_WINDOW)
    client.connect("127.0.0.1", port)
    client.loop_start()
    started = time.monotonic()
    last = None
    for number, (topic, payload) in enumerate(readings(count, sensors)):
        if rate and (early := started + number / rate - time.monotonic()) > 0:
            time.sleep(early)
        last = client.publish(topic, payload, qos=1)
        if number % _WINDOW == _WINDOW - 1 and not rate:
            last.wait_for_publish()
    if last is not None:
        last.wait_for_publish()
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    port, count, rate, sensors = map(int, sys.argv[1:5])
    send(port, count, rate, sensors)
