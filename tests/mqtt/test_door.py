"""The broker's door: a real mosquitto with the shipped configuration, and credentials that
`monitor devices add` gave. Another's place is taken neither by word nor by session."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from monitor.broker import HOST, free_port
from monitor.cli import main
from monitor.mqtt import BrokerAddress, PublishRefused, Will
from tests.mqtt.conftest import payloads, started, subscriber, wire
from tests.stories.harness import CONFIG, ENVIRON

SHIPPED = CONFIG / "mosquitto"
DEVICE, OTHER = "shiqiao-level", "shangyou-level"
OWN = f"risk/yunxi/{DEVICE}/level"


class Door(NamedTuple):
    """A broker as shipped, with TLS switched on beside the plain listener."""

    plain: int
    tls: int
    passwords: dict[str, str]
    authority: Path

    def address(self, user: str, client_id: str = "", *, tls: bool = False) -> BrokerAddress:
        return BrokerAddress(
            host=HOST,
            port=self.tls if tls else self.plain,
            client_id=client_id or user,
            username=user,
            password=self.passwords[user],
            tls=tls,
            ca_file=str(self.authority) if tls else None,
        )


def credential(name: str, file: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """What the command prints for the device's form."""
    at = ["--config", str(CONFIG), "--passwords", str(file), "--json"]
    assert main(["devices", "add", name, *at, *more]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["kept"] and said["user"] == said["client id"] == name
    return str(said["password"])


def certified(folder: Path) -> Path:
    """A certificate for 127.0.0.1 where the shipped file says."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("openssl is not installed (sudo apt-get install -y openssl)")
    (folder / "certs").mkdir()
    certificate, key = folder / "certs" / "server.crt", folder / "certs" / "server.key"
    subject = ("-subj", "/CN=broker", "-addext", f"subjectAltName=IP:{HOST}")
    make = (openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject)
    subprocess.run((*make, "-out", certificate, "-keyout", key), check=True, capture_output=True)
    return certificate


def shipped(folder: Path, plain: int, tls: int) -> Path:
    """The shipped file on free ports and with its files in `folder`; nothing else is changed."""
    text = (SHIPPED / "mosquitto.conf").read_text(encoding="utf-8")
    lines = [line.removeprefix("#") if _is_setting(line) else line for line in text.splitlines()]
    text = "\n".join(lines).replace("/etc/mosquitto/", f"{folder}/")
    for old, new in (
        ("listener 1883 127.0.0.1", f"listener {plain} {HOST}"),
        ("listener 8883 0.0.0.0", f"listener {tls} {HOST}"),
    ):
        assert text.count(f"\n{old}\n") == 1
        text = text.replace(old, new)
    shutil.copy(SHIPPED / "acl", folder / "acl")
    # Started by root it would become its own user, who cannot read a test's files.
    ours = (f"persistence_location {folder}/", "user root", "log_dest stderr")
    config = folder / "shipped.conf"
    config.write_text("\n".join((text, *ours, "log_type information", "")), encoding="utf-8")
    return config


def _is_setting(line: str) -> bool:
    """Of the TLS listener: commented out without a blank."""
    return line.startswith("#") and not line.startswith("# ")


@pytest.fixture
def door(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Door]:
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto is not installed (sudo apt-get install -y mosquitto)")
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "passwd"
    users = ("monitor-ingest", "drill-desk", DEVICE, OTHER)
    passwords = {user: credential(user, file, capsys) for user in users}
    plain, tls = free_port(), free_port()
    authority = certified(tmp_path)
    with started(shipped(tmp_path, plain, tls)):
        yield Door(plain, tls, passwords, authority)


FORBIDDEN = (
    f"risk/yunxi/{OTHER}/level",
    f"exercise/autumn-drill/{OWN}",
    f"test/try/{OWN}",
    "risk-out/yunxi/alerts/shiqiao",
    "exercise/autumn-drill/risk-out/yunxi/alerts/shiqiao",
    f"risk-out/yunxi/committed/{DEVICE}",
    "frigate/events",
    "application/1/device/70b3d57ed0000001/event/up",
)


async def test_a_device_says_what_is_its_own_and_nothing_else(door: Door) -> None:
    everything = ["risk/#", "exercise/#", "test/#", "frigate/#", "application/#"]
    service = subscriber(0, address=door.address("monitor-ingest"), filters=everything)
    device = subscriber(0, address=door.address(DEVICE, tls=True), filters=["#"])
    async with service, device:
        await service.until_connected()
        for topic in FORBIDDEN:
            for retain in (False, True):
                with pytest.raises(PublishRefused, match="Not authorized"):
                    await device.publish(topic, b"forged", retain=retain)
        await device.publish(OWN, b"its own")
        assert await payloads(service, 1) == [b"its own"]
        await service.publish(f"risk-out/yunxi/committed/{OTHER}", b"not its own")
        await service.publish(f"risk-out/yunxi/committed/{DEVICE}", b"committed")
        assert await payloads(device, 1) == [b"committed"], "it hears its own receipts only"
        for prefix in ("", "exercise/autumn-drill/", "test/try/"):
            topic = f"{prefix}risk-out/yunxi/alerts/shiqiao"
            await service.publish(topic, b"state", retain=True)


async def test_a_device_cannot_take_the_services_session(door: Door) -> None:
    """By any listener: what waits in the session comes to the service alone."""
    service = door.address("monitor-ingest")
    async with subscriber(0, address=service) as first:
        await first.until_connected()
        for tls in (False, True):
            thief = door.address(DEVICE, "monitor-ingest", tls=tls)
            async with subscriber(0, address=thief, filters=["risk/#"]) as taker:
                await taker.until_connected()
                await taker.publish(OWN, b"while it tries")
                assert first.connected and await payloads(first, 1) == [b"while it tries"]
    async with subscriber(0, address=door.address(OTHER), filters=["nothing"]) as other:
        await other.publish(f"risk/yunxi/{OTHER}/level", b"kept for the service")
    async with subscriber(0, address=door.address(DEVICE, "monitor-ingest")) as taker:
        await taker.until_connected()
        assert taker.waiting == 0
    async with subscriber(0, address=service) as again:
        assert await payloads(again, 1) == [b"kept for the service"]


async def dies(door: Door, user: str, will: Will) -> None:
    """A device with that will is cut off."""
    async with wire(door.plain) as cable:
        address = replace(door.address(user), port=cable.port, will=will)
        async with subscriber(0, address=address, filters=["nothing"]) as device:
            await device.until_connected()
            cable.cut()


async def test_a_will_cannot_say_what_its_device_may_not(door: Door) -> None:
    heard = ["risk-out/#", "risk/#"]
    async with subscriber(0, address=door.address("monitor-ingest"), filters=heard) as service:
        await service.until_connected()
        await dies(door, DEVICE, Will("risk-out/yunxi/alerts/shiqiao", b"forged", retain=True))
        await dies(door, DEVICE, Will(f"risk/yunxi/{OTHER}/level", b"forged"))
        await dies(door, OTHER, Will(f"risk/yunxi/{OTHER}/level", b"its own"))
        assert await payloads(service, 1) == [b"its own"]


async def test_who_holds_exercises_says_nothing_real(door: Door) -> None:
    drills = ["exercise/#", "risk/#"]
    desk = subscriber(0, address=door.address("drill-desk"), filters=["nothing"])
    async with subscriber(0, address=door.address("monitor-ingest"), filters=drills) as service:
        await service.until_connected()
        async with desk:
            with pytest.raises(PublishRefused):
                await desk.publish(OWN, b"not a drill")
            await desk.publish(f"exercise/autumn-drill/{OWN}", b"a drill")
        assert await payloads(service, 1) == [b"a drill"]


def test_a_password_is_kept_hashed_given_once_and_replaced_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto is not installed (sudo apt-get install -y mosquitto)")
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "passwd"
    first, other = credential(DEVICE, file, capsys), credential(OTHER, file, capsys)
    kept = file.read_text()
    assert first not in kept and other not in kept and stat.S_IMODE(file.stat().st_mode) == 0o600
    again = ["devices", "add", DEVICE, "--config", str(CONFIG), "--passwords", str(file)]
    assert main(again) == 1 and file.read_text() == kept
    assert "--again" in capsys.readouterr().err
    assert credential(DEVICE, file, capsys, "--again") != first
    changed = file.read_text().splitlines()
    assert len(changed) == 2 and changed[1] == kept.splitlines()[1] and changed != kept.splitlines()
    assert main([*again, "--again", "--host", "broker.example", "--port", "8883"]) == 0
    said = capsys.readouterr().out
    for line in ("host       broker.example", "port       8883", f"client id  {DEVICE}"):
        assert line in said
    assert f"topic      {OWN}" in said and "this machine only" not in said
    assert main(["devices", "add", "no-sensor", *again[3:]]) == 1
    assert "no-sensor" in capsys.readouterr().err


def test_without_mosquitto_the_command_says_what_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", str(tmp_path))
    file = tmp_path / "passwd"
    add = ["devices", "add", DEVICE, "--config", str(CONFIG), "--passwords", str(file)]
    assert main(add) == 1
    said = capsys.readouterr().out
    assert f"sudo mosquitto_passwd -c {file} {DEVICE}" in said and OWN in said
    assert not file.exists()
