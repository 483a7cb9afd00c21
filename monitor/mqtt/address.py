"""Where the broker is and who we are there."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, QoS 1, when this client goes away without saying so."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerAddress:
    """A broker and the session this service holds there."""

    host: str
    port: int = 1883
    client_id: str
    """Names the session: two running services must not share it, a restart must keep it."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: str | None = None
    """PEM; None trusts what the machine trusts."""
    cert_file: str | None = None
    """PEM with the client's certificate and key; None presents none."""
    session_expiry: timedelta = timedelta(days=7)
    """How long the broker keeps our messages while we are away."""
    keepalive: timedelta = timedelta(seconds=30)
    in_flight: int = 20
    """Messages the broker sends before it waits for PUBACKs (mosquitto sends 20 unless set).
    Too high and each batch waits out the linger; too low and batches end a little early."""
    will: Will | None = None

    def tls_context(self) -> ssl.SSLContext:
        """Verifies the broker's name and certificate. Raises OSError for an unreadable file."""
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.cert_file is not None:
            context.load_cert_chain(self.cert_file)
        return context
