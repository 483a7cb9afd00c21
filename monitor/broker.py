"""The embedded broker: for demos, tests and trials. It keeps everything in memory, so whatever
it has not delivered dies with it; a township in service runs mosquitto."""

from __future__ import annotations

import atexit
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from iotcore import Broker

from monitor.ingest.message import MAX_PAYLOAD

HOST = "127.0.0.1"
IN_FLIGHT = 100
"""Messages it sends to one client before it waits for their PUBACKs; fixed in the broker."""

# The packet limit leaves room beyond MAX_PAYLOAD, so that an oversized message still reaches the
# door and is quarantined with a reason instead of costing the sensor its connection.
# A filter's log holds 64 segments of 1 MiB: a subscriber further behind than that loses the oldest.
_TOML = """\
id = 0

[router]
id = 0
max_connections = 1010
max_outgoing_packet_count = 1000
max_segment_size = 1048576
max_segment_count = 64

[v5.1]
name = "v5"
listen = "{host}:{port}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 5000
max_payload_size = {payload}
max_inflight_count = {in_flight}
"""


@contextmanager
def embedded_broker(port: int = 0) -> Iterator[int]:
    """Run a broker on loopback in a child process; yields its port (0 asks for a free one).

    The child ends with the block, and by itself when this process dies.
    Raises OSError where the port is taken.
    """
    port = port or free_port()
    with TemporaryDirectory(prefix="monitor-broker-") as folder:
        config = Path(folder) / "broker.toml"
        config.write_text(
            _TOML.format(host=HOST, port=port, payload=4 * MAX_PAYLOAD, in_flight=IN_FLIGHT)
        )
        broker = Broker(config_path=str(config))
        try:
            _start(broker)
            yield port
        finally:
            broker.stop()
            atexit.unregister(broker.stop)


def _start(broker: Broker) -> None:
    """Raises OSError with what to do: a mosquitto that was just installed takes 1883 by itself."""
    try:
        broker.start()
    except OSError as error:
        advice = "name another broker port in service.yaml, or set broker.embedded to false"
        raise OSError(f"{error}; {advice} and use the broker that listens there") from error


def free_port() -> int:
    """A port nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
