"""What the sensors would send, from a process of its own.

`python -m benchmarks.publisher PORT COUNT RATE SENSORS ALARM_EVERY`; says when it made each of the
readings that raise an alert, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from benchmarks.township import sensor_id

TOWNSHIP = "yunxi"
SENSORS = 1000
PAYLOAD_BYTES = 120
_WINDOW = 2000  # publications without a PUBACK at one time


class Reading(NamedTuple):
    gauge: int
    payload: bytes
    made: int
    """ms since 1970; the payload carries it."""
    alarms: bool


def readings(count: int, sensors: int, alarm_every: int) -> Iterator[Reading]:
    """Gauge by gauge a level below the ladder, that moves 1 cm every third turn. Of every
    `alarm_every` (0: never) one is the first word of a gauge kept for it, at yellow."""
    kept = count // alarm_every if alarm_every else 0
    for number in range(count):
        turn, gauge = divmod(number, sensors - kept)
        if alarms := bool(kept) and number % alarm_every == alarm_every - 1:
            gauge = sensors - 1 - number // alarm_every
        made = time.time_ns() // 1_000_000
        value = 3.2 if alarms else 1.0 + turn // 3 % 20 / 100
        yield Reading(gauge, _payload(value, made, number), made, alarms)


def _payload(value: float, made: int, number: int) -> bytes:
    text = json.dumps({"value": value, "time": made, "unit": "m", "boot": 1, "seq": number})
    return f'{text[:-1]}, "note": "{"x" * (PAYLOAD_BYTES - len(text) - 12)}"}}'.encode()


def send(
    port: int, count: int, rate: float, sensors: int, alarm_every: int
) -> list[tuple[int, int]]:
    """Publish at that rate a second (0: as fast as it goes) and wait for every PUBACK. The gauges
    that raised an alert, with the ms since 1970 of their reading."""
    client = Client(CallbackAPIVersion.VERSION2, "bench", protocol=MQTTProtocolVersion.MQTTv5)
    client.max_inflight_messages_set(_WINDOW)
    client.connect("127.0.0.1", port)
    client.loop_start()
    started = time.monotonic()
    last = None
    alarms = []
    for number, reading in enumerate(readings(count, sensors, alarm_every)):
        if rate and (early := started + number / rate - time.monotonic()) > 0:
            time.sleep(early)
        topic = f"risk/{TOWNSHIP}/{sensor_id(reading.gauge)}/level"
        last = client.publish(topic, reading.payload, qos=1)
        if reading.alarms:
            alarms.append((reading.gauge, reading.made))
        if number % _WINDOW == _WINDOW - 1 and not rate:
            last.wait_for_publish()
    if last is not None:
        last.wait_for_publish()
    client.disconnect()
    client.loop_stop()
    return alarms


if __name__ == "__main__":
    print(json.dumps(send(*map(int, sys.argv[1:6]))))
