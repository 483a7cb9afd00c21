"""The embedded broker: on loopback only, and gone when it is left."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from monitor.broker import HOST, embedded_broker, free_port


def children() -> set[int]:
    mine = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(pid) for pid in mine.read_text().split()}


def test_it_listens_on_loopback_only() -> None:
    with embedded_broker() as port:
        socket.create_connection((HOST, port), 5).close()
        with pytest.raises(OSError):
            socket.create_connection((_outward_address(), port), 5)


def _outward_address() -> str:
    """An address of this machine that others may reach; else another one of loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return "127.0.0.2"
        address: str = probe.getsockname()[0]
        return address if not address.startswith("127.0.0.1") else "127.0.0.2"


def test_leaving_it_frees_the_port_and_leaves_no_child() -> None:
    before = children()
    with embedded_broker() as port:
        pass
    assert children() - before == set()
    with embedded_broker(port) as again:
        assert again == port


def test_a_taken_port_is_refused_with_what_to_do() -> None:
    with socket.socket() as taken:
        port = free_port()
        taken.bind((HOST, port))
        taken.listen()
        with pytest.raises(OSError, match="name another broker port"), embedded_broker(port):
            pass
