"""systemd is fed by those who get on, and not by a thread that is merely alive."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.workers.supervise import TURN_S, Board
from monitor.workers.systemd import Watchdog
from tests.clocks import HandClock


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def watchdog(systemd: socket.socket, clock: HandClock, board: Board) -> Watchdog:
    made = Watchdog.asked_for({"NOTIFY_SOCKET": systemd.getsockname()}, clock, board)
    assert made is not None
    return made


def heard(systemd: socket.socket) -> list[str]:
    return systemd.recv(4096).decode().splitlines()


def test_it_is_told_once_that_the_service_is_ready_and_then_that_it_gets_on(
    systemd: socket.socket,
) -> None:
    clock, board = HandClock(), Board()
    clock.seconds = 100.0
    board.of("tick").step(clock)
    fed = watchdog(systemd, clock, board)
    fed.feed()
    assert heard(systemd) == ["READY=1", "WATCHDOG=1", "STATUS=all well"]
    clock.seconds += TURN_S
    fed.feed()
    assert heard(systemd) == ["WATCHDOG=1", "STATUS=all well"]
    fed.stopping()
    assert heard(systemd) == ["STOPPING=1"]


def test_one_worker_that_hangs_starves_it_and_its_name_is_said(systemd: socket.socket) -> None:
    clock, board = HandClock(), Board()
    clock.seconds = 100.0
    board.of("tick").step(clock)
    fed = watchdog(systemd, clock, board)
    fed.feed()
    heard(systemd)
    clock.seconds += TURN_S + 1
    fed.feed()
    assert heard(systemd) == ["STATUS=worker tick has made no progress for 21 s"]
    board.of("tick").step(clock)
    fed.feed()
    assert heard(systemd) == ["WATCHDOG=1", "STATUS=all well"]


def test_what_a_restart_would_not_mend_restarts_nothing(systemd: socket.socket) -> None:
    clock, board = HandClock(), Board()
    clock.seconds = 100.0
    fed = watchdog(systemd, clock, board)
    for _ in range(9):
        board.of("ingest").hold(clock, "the store takes nothing: disk is full")
        clock.seconds += 5.0
    board.of("web").down = True
    fed.feed()
    _, said, status = heard(systemd)
    assert said == "WATCHDOG=1" and "45 s: the store takes nothing" in status


def test_without_systemd_nobody_is_fed() -> None:
    assert Watchdog.asked_for({}, HandClock(), Board()) is None


def test_a_name_in_the_abstract_space_is_heard_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0monitor-test-notify")
        listening.setblocking(False)
        Watchdog("@monitor-test-notify", HandClock(), Board()).feed()
        assert "READY=1" in heard(listening)
