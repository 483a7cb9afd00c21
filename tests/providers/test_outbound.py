"""What the wire does to a call, and what that means for the copy."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from monitor.notify.channel import Receipt, SendOutcome
from monitor.providers import outbound
from monitor.providers.outbound import Answer, accepted, exchange, settle

SECRET = "693axxx6-7aoc"


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/send?key={SECRET}"


def outcome(answer: Answer | Receipt) -> SendOutcome:
    assert isinstance(answer, Receipt)
    assert SECRET not in repr(answer)
    return answer.outcome


def test_nobody_listening_sent_no_copy(http: requests.Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        gone = url(server)
    assert outcome(exchange(http, gone, b"{}")) is SendOutcome.BUSY


def test_an_unknown_name_sent_no_copy(http: requests.Session) -> None:
    assert outcome(exchange(http, f"http://no.invalid/?key={SECRET}", b"{}")) is SendOutcome.BUSY


def test_a_connection_dropped_after_the_request_is_unsure(
    http: requests.Session, listener: socket.socket
) -> None:
    def drop() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)

    thread = threading.Thread(target=drop)
    thread.start()
    assert outcome(exchange(http, url(listener), b"{}")) is SendOutcome.UNSURE
    thread.join()


def test_no_answer_in_time_is_unsure(
    http: requests.Session, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "READ_S", 0.05)
    assert outcome(exchange(http, url(listener), b"{}")) is SendOutcome.UNSURE


def answering(listener: socket.socket, answer: bytes) -> threading.Thread:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_an_answer_without_end_is_cut_and_unsure(
    http: requests.Session, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "LARGEST_ANSWER", 100)
    thread = answering(listener, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500)
    assert outcome(exchange(http, url(listener), b"{}")) is SendOutcome.UNSURE
    thread.join()


def test_an_answer_cut_short_is_unsure(http: requests.Session, listener: socket.socket) -> None:
    thread = answering(listener, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    assert outcome(exchange(http, url(listener), b"{}")) is SendOutcome.UNSURE
    thread.join()


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"[" * 60000, b"\xff"])
def test_a_200_that_nobody_understands_is_unsure(body: bytes) -> None:
    receipt = settle(Answer(200, body), lambda fields: accepted())
    assert receipt.outcome is SendOutcome.UNSURE


def test_a_reason_never_quotes_a_number() -> None:
    answer = Answer(400, b'{"Message": "13800000001 is illegal"}')
    receipt = settle(answer, lambda fields: outbound.refused(fields["Message"]))
    assert receipt.reason == "138****0001 is illegal"
