"""The simulators' own door to the world: a real broker, and what arrives at the other end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from monitor.broker import embedded_broker
from simulators.__main__ import main


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with embedded_broker() as port:
        yield port


class Listener:
    """Everything published on a topic filter."""

    def __init__(self, port: int, topics: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._more = threading.Condition()
        ready = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.on_connect = lambda client, *_: client.subscribe(topics, qos=1)
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = self._hear
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert ready.wait(10)

    def _hear(self, _client: object, _user: object, message: object) -> None:
        with self._more:
            self.heard.append((message.topic, message.payload))  # type: ignore[attr-defined]  # paho
            self._more.notify()

    def waits_for(self, count: int) -> list[tuple[str, bytes]]:
        with self._more:
            assert self._more.wait_for(lambda: len(self.heard) >= count, 10), len(self.heard)
        return self.heard

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_a_replayed_file_arrives_whole_and_in_order(
    port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wave.csv"
    rows = "".join(f"2024-06-01T00:{n:02}:00Z,{n / 10}\n" for n in range(60))
    file.write_text("time,stage\n" + rows)
    with Listener(port, "risk/#") as listener:
        arguments = ["replay", str(file), "--value", "stage", "--map", "=town"]
        code = main([*arguments, "--port", str(port), "--speed", "1e6"])
        heard = listener.waits_for(60)
    assert code == 0
    assert capsys.readouterr().out == "published 60, not acknowledged 0\n"
    assert {topic for topic, _ in heard} == {"risk/yunxi/town/level"}
    assert [json.loads(payload)["value"] for _, payload in heard] == [n / 10 for n in range(60)]


def test_a_storm_arrives_from_every_gauge(port: int) -> None:
    with Listener(port, "risk/#") as listener:
        assert main(["gauges", "--hours", "1", "--port", str(port), "--speed", "1e6"]) == 0
        heard = listener.waits_for(7 * 12 + 4)
    assert len({topic for topic, _ in heard}) == 8


def test_a_file_that_is_not_there_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


def test_the_river_is_printed_as_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["river", "--hours", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 60
    assert {"minute", "rain-1", "upstream", "town", "ford", "reservoir"} <= set(
        json.loads(lines[0])
    )
