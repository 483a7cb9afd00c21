"""The broker the figures go through: a real mosquitto where installed, else the embedded one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from monitor.broker import HOST, IN_FLIGHT, embedded_broker, free_port

_MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")


class Running(NamedTuple):
    name: str
    port: int
    in_flight: int


@contextmanager
def broker() -> Iterator[Running]:
    if _MOSQUITTO is None:
        with embedded_broker() as port:
            yield Running("iotcore (embedded)", port, IN_FLIGHT)
        return
    with TemporaryDirectory() as folder:
        config = Path(folder) / "mosquitto.conf"
        config.write_text(
            f"listener {(port := free_port())} {HOST}\n"
            "allow_anonymous true\nset_tcp_nodelay true\n"
            "max_queued_messages 0\nmax_inflight_messages 500\n"
            "log_dest stderr\nlog_type information\nconnection_messages false\n"
        )
        running = subprocess.Popen([_MOSQUITTO, "-c", str(config)], stderr=subprocess.PIPE)
        assert running.stderr is not None
        try:
            while not (line := running.stderr.readline()).rstrip().endswith(b" running"):
                assert line, "mosquitto did not start"
            yield Running("mosquitto", port, 500)
        finally:
            running.terminate()
            running.wait(5)
            running.stderr.close()
