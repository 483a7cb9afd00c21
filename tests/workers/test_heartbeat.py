"""Both beats stop when one worker does, and say why where they still can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from monitor.broker import embedded_broker
from monitor.clock import SystemClock
from monitor.mqtt import BrokerAddress, Subscriber
from monitor.workers import heartbeat
from monitor.workers.heartbeat import Ping, Presence, last_will, status_topic
from monitor.workers.supervise import HELD_S, TURN_S, Board
from tests.clocks import HandClock
from tests.mqtt.conftest import subscriber, wire

EVERY = timedelta(seconds=15)
TOPIC = status_topic("yunxi")


@contextmanager
def pinging(
    httpserver: HTTPServer, board: Board, clock: HandClock, *, signals: bool = True
) -> Iterator[Ping]:
    ping = Ping(httpserver.url_for("/secret"), EVERY, clock, board, signals=signals)
    try:
        yield ping
    finally:
        ping.close()


def asked(httpserver: HTTPServer) -> list[tuple[str, str]]:
    return [(request.path, request.get_data(as_text=True)) for request, _ in httpserver.log]


async def test_a_beat_goes_out_while_all_get_on_and_a_reason_when_one_does_not(
    httpserver: HTTPServer,
) -> None:
    for path in ("/secret", "/secret/fail"):
        httpserver.expect_request(path, method="POST").respond_with_data("OK")
    clock, board = HandClock(), Board()
    clock.seconds = 100.0
    board.of("deliver sms").step(clock)
    with pinging(httpserver, board, clock) as ping:
        await ping.beat()
        clock.seconds += TURN_S + 1
        await ping.beat()
        board.of("deliver sms").step(clock)
        await ping.beat()
    assert asked(httpserver) == [
        ("/secret", ""),
        ("/secret/fail", "worker deliver sms has made no progress for 21 s"),
        ("/secret", ""),
    ]
    assert board.of("ping").failures == 0


async def test_without_signals_it_falls_silent(httpserver: HTTPServer) -> None:
    clock, board = HandClock(), Board()
    board.of("web").down = True
    with pinging(httpserver, board, clock, signals=False) as ping:
        await ping.beat()
    assert asked(httpserver) == []


async def test_a_store_that_takes_nothing_stops_it_after_half_a_minute(
    httpserver: HTTPServer,
) -> None:
    httpserver.expect_request("/secret").respond_with_data("OK")
    clock, board = HandClock(), Board()
    clock.seconds = 100.0
    with pinging(httpserver, board, clock, signals=False) as ping:
        board.of("ingest").hold(clock, "the store takes nothing")
        await ping.beat()
        clock.seconds += HELD_S + 1
        board.of("ingest").hold(clock, "the store takes nothing")
        await ping.beat()
    assert len(asked(httpserver)) == 1


@pytest.mark.parametrize("status", [404, 302, 500])
async def test_a_beat_that_nobody_takes_is_counted_and_the_address_not_told(
    httpserver: HTTPServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    httpserver.expect_request("/secret").respond_with_data("", status)
    board = Board()
    with pinging(httpserver, board, HandClock()) as ping:
        await ping.beat()
        await ping.beat()
    assert board.of("ping").failures == 2 and board.of("ping").last_failure == f"HTTP {status}"
    ours = [line.getMessage() for line in caplog.records if line.name.startswith("monitor")]
    assert ours == [f"the heartbeat did not arrive: HTTP {status}"]


async def test_a_number_in_a_reason_leaves_masked(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/secret/fail").respond_with_data("OK")
    board = Board()
    board.of("web").down, board.of("web").last_failure = True, "KeyError: '13800000001'"
    with pinging(httpserver, board, HandClock()) as ping:
        await ping.beat()
    assert "13800000001" not in asked(httpserver)[0][1]


async def status(listener: Subscriber) -> dict[str, Any]:
    """The newest that was said."""
    said: dict[str, Any] = json.loads((await listener.batch()).messages[-1].payload)
    return said


async def test_the_broker_says_online_and_offline_and_offline_for_who_is_gone() -> None:
    with embedded_broker(0) as port:
        async with wire(port) as cable, subscriber(port, "other", filters=[TOPIC]) as listener:
            await listener.until_connected()
            address = BrokerAddress(
                host="127.0.0.1", port=cable.port, client_id="us", will=last_will("yunxi")
            )
            async with subscriber(0, address=address) as us:
                await us.until_connected()
                clock, board = SystemClock(), Board()
                presence = Presence("yunxi", us, clock, board)
                await presence.beat()
                said = await status(listener)
                assert said["state"] == "online" and said["time"] and said["why"] == []
                board.of("web").down = True
                await presence.beat()
                assert (await status(listener))["why"] == ["worker web is down: "]
                await presence.stopped()
                assert (await status(listener))["why"] == ["the service was stopped"]
                cable.cut()
                assert await status(listener) == {
                    "state": "offline",
                    "time": None,
                    "why": ["the connection was lost"],
                }


async def test_a_connection_that_is_dead_while_both_ends_say_connected_is_taken_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heartbeat, "ANSWER_WITHIN_S", 0.05)
    with embedded_broker(0) as port:
        async with wire(port) as cable, subscriber(cable.port) as us:
            await us.until_connected()
            board = Board()
            presence = Presence("yunxi", us, SystemClock(), board)
            await presence.beat()
            assert not board.of("mqtt").held
            cable.goes_dead()
            assert us.connected
            await presence.beat()
            assert board.of("mqtt").held == "the broker does not answer"
            while us.epoch == 0:
                await SystemClock().wait(0)
            await us.until_connected()
            monkeypatch.setattr(heartbeat, "ANSWER_WITHIN_S", 10.0)
            await presence.beat()
            assert not board.of("mqtt").held


async def test_a_broker_that_is_away_is_told_and_a_connecting_that_hangs_is_a_hang() -> None:
    clock, board = HandClock(), Board()
    clock.seconds = 100.0
    away = Subscriber(BrokerAddress(host="127.0.0.1", port=1, client_id="t"), [], clock)
    presence = Presence("yunxi", away, clock, board)
    for _ in range(20):
        await presence.beat()
        clock.seconds += heartbeat.STATUS_EVERY_S
    (standstill,) = board.standstills(clock.elapsed())
    assert standstill.hung and "mqtt" in standstill.why
    away.last_tried = clock.elapsed()
    await presence.beat()
    (standstill,) = board.standstills(clock.elapsed())
    assert not standstill.hung and "the broker is not connected" in standstill.why
