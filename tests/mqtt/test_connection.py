"""What a connection says and hears beyond messages: TLS, a will, refusals."""

from __future__ import annotations

import asyncio
import logging
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from monitor.broker import HOST, free_port
from monitor.mqtt import BrokerAddress, Will
from tests.mqtt.conftest import Starter, gauge, mosquitto, payloads, subscriber, wire


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key in the same file."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("openssl is not installed (sudo apt-get install -y openssl)")
    both, key = tmp_path / "both.pem", tmp_path / "key.pem"
    subject = ("-subj", "/CN=broker", "-addext", f"subjectAltName=IP:{HOST}")
    make = (openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject)
    subprocess.run((*make, "-out", both, "-keyout", key), check=True, capture_output=True)
    both.write_text(both.read_text() + key.read_text())
    return both


@pytest.mark.parametrize("room", [64, 2000])
async def test_over_tls_many_packets_in_one_record_all_arrive(
    broker: Starter, certificate: Path, room: int
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with broker(0) as port:
        async with wire(port, tls) as cable, gauge(port) as sender:
            secure = BrokerAddress(
                host=HOST, port=cable.port, client_id="s", tls=True, ca_file=str(certificate)
            )
            async with subscriber(port, address=secure) as service:
                await service.until_connected()
            wanted = [b"%d" % number for number in range(500)]
            await asyncio.gather(*(sender.publish("risk/a/b/level", each) for each in wanted))
            async with subscriber(port, address=secure, room=room) as service:
                assert await payloads(service, 500) == wanted


async def test_an_unknown_authority_is_not_trusted(certificate: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    async with wire(free_port(), tls) as cable:
        address = BrokerAddress(host=HOST, port=cable.port, client_id="township", tls=True)
        told = Told()
        async with subscriber(cable.port, address=address) as service:
            assert "certificate" in await told.first()
            assert not service.connected


async def test_the_will_is_published_when_the_line_is_cut(broker: Starter) -> None:
    will = Will("risk/yunxi/service/gone", b"gone")
    with broker(0) as port:
        async with wire(port) as cable, subscriber(port) as witness:
            await witness.until_connected()
            dying = BrokerAddress(host=HOST, port=cable.port, client_id="dying", will=will)
            async with subscriber(port, address=dying, filters=["nothing"]) as service:
                await service.until_connected()
                cable.cut()
                assert await payloads(witness, 1) == [b"gone"]


async def test_no_will_is_published_on_leaving(broker: Starter) -> None:
    will = Will("risk/yunxi/service/gone", b"gone")
    with broker(0) as port:
        async with subscriber(port) as witness, gauge(port) as sender:
            await witness.until_connected()
            leaving = BrokerAddress(host=HOST, port=port, client_id="leaving", will=will)
            async with subscriber(port, address=leaving, filters=["nothing"]) as service:
                await service.until_connected()
            await sender.publish("risk/yunxi/a/level", b"next")
            assert await payloads(witness, 1) == [b"next"]


async def test_a_refused_password_is_told_without_saying_it(tmp_path: Path) -> None:
    users = tmp_path / "users"
    users.write_text("")
    with mosquitto(
        tmp_path, free_port(), "allow_anonymous false", f"password_file {users}"
    ) as port:
        address = BrokerAddress(
            host=HOST, port=port, client_id="township", username="monitor", password="moon-gate"
        )
        told = Told()
        async with subscriber(port, address=address) as service:
            assert "Not authorized" in await told.first()
            assert not service.connected
        assert "moon-gate" not in "".join(told.lines) + repr(address)


class Told(logging.Handler):
    """What the subscriber's log says, awaited."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._some = asyncio.Event()
        logging.getLogger("monitor.mqtt").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        self._some.set()

    async def first(self) -> str:
        await self._some.wait()
        logging.getLogger("monitor.mqtt").removeHandler(self)
        return self.lines[0]
