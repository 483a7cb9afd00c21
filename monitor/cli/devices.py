"""The broker's door: a credential for each device, and what to enter on it."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from monitor.cli.command import Commands, command
from monitor.cli.here import settings_of
from monitor.errors import NotFound
from monitor.judging.memory import Knowledge
from monitor.settings import Settings

PROGRAMS: Mapping[str, str] = {
    "monitor-ingest": "(this service; put the password where service.yaml refers to)",
    "drill-desk": "exercise/<drill>/… and test/<name>/…",
    "frigate": "frigate/…",
    "chirpstack": "application/…",
}
"""Users of `config/mosquitto/acl` that are no sensor, and what they may publish."""

LETTERS = 18
"""Random bytes of a password: 24 characters that any device's form takes."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def add_to(commands: Commands) -> None:
    """`monitor devices add NAME`."""
    sub = command(commands, "devices", add)
    sub.add_argument("act", choices=("add",))
    sub.add_argument("name", help="a sensor's id, or one of: " + ", ".join(PROGRAMS))
    sub.add_argument("--again", action="store_true", help="a new password in place of its old one")
    sub.add_argument("--passwords", default="/etc/mosquitto/passwd", help="mosquitto's file")
    sub.add_argument("--host", help="the broker as the device sees it (default: service.yaml)")
    sub.add_argument("--port", type=int, help="8883 where TLS is on (default: service.yaml)")
    sub.add_argument("--config", default=os.environ.get("MONITOR_CONFIG", "config"))


def add(arguments: argparse.Namespace) -> int:
    """Give a device its credential at the broker, and print what to enter on it."""
    settings, file = settings_of(arguments), Path(arguments.passwords)
    topic = _topic(settings.knowledge, arguments.name)
    if not arguments.again and arguments.name in _users(file):
        print(f"{file}: {arguments.name} has a password. A new one: --again", file=sys.stderr)
        return 1
    password = secrets.token_urlsafe(LETTERS)
    hashed = _hashed(arguments.name, password)
    if hashed is not None:
        _keep(file, arguments.name, hashed)
    entered = _entered(settings, arguments, password, topic)
    if arguments.json:
        print(json.dumps({"kept": hashed is not None, **entered}, ensure_ascii=False))
    else:
        print("\n".join(_said(arguments, entered, kept=hashed is not None)))
    return 0 if hashed is not None else 1


def _topic(knowledge: Knowledge, name: str) -> str:
    """Raises NotFound."""
    if name in PROGRAMS:
        return PROGRAMS[name]
    if name not in knowledge.sensors:
        known = "、".join(sorted(knowledge.sensors))
        raise NotFound(f"places.yaml 里没有传感器“{name}”。已有：{known}")
    return f"risk/{knowledge.township}/{name}/{knowledge.sensors[name].quantity}"


def _users(file: Path) -> dict[str, str]:
    """User → line of mosquitto's password file; none where there is no file yet."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {line.partition(":")[0]: line for line in lines if ":" in line}


def _hashed(name: str, password: str) -> str | None:
    """The user's line as mosquitto keeps it; None where mosquitto_passwd is not installed.

    By a file of its own: on a command line every user of the machine could read the password.
    """
    if (tool := shutil.which("mosquitto_passwd")) is None:
        return None
    with NamedTemporaryFile("w", suffix=".passwd", encoding="utf-8") as plain:
        plain.write(f"{name}:{password}\n")
        plain.flush()
        done = subprocess.run([tool, "-U", plain.name], capture_output=True, text=True, check=False)
        line = Path(plain.name).read_text(encoding="utf-8").strip()
    if done.returncode or password in line:
        raise OSError(f"mosquitto_passwd did not hash the password: {done.stderr.strip()}")
    return line


def _keep(file: Path, name: str, line: str) -> None:
    """Put the line in place of the user's old one; the file changes as a whole or not at all."""
    users = {**_users(file), name: line}
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text("".join(f"{one}\n" for one in users.values()), encoding="utf-8")
    if file.exists():
        was = file.stat()
        part.chmod(was.st_mode & 0o777)
        if os.geteuid() == 0:
            os.chown(part, was.st_uid, was.st_gid)
    part.replace(file)


def _entered(
    settings: Settings, arguments: argparse.Namespace, password: str, topic: str
) -> dict[str, object]:
    """What stands in the device's form."""
    return {
        "host": arguments.host or settings.broker.host,
        "port": arguments.port or settings.broker.port,
        "user": arguments.name,
        "password": password,
        "client id": arguments.name,
        "topic": topic,
        "QoS": 1,
        "retain": False,
    }


def _said(
    arguments: argparse.Namespace, entered: Mapping[str, object], *, kept: bool
) -> Iterator[str]:
    if not kept:
        again = "" if Path(arguments.passwords).exists() else "-c "
        yield "mosquitto_passwd is not installed here; nothing was kept. Where mosquitto runs:"
        yield f"  sudo mosquitto_passwd {again}{arguments.passwords} {arguments.name}"
        yield "and give it the password below, twice. Then:"
    else:
        yield f"{arguments.passwords}: {arguments.name} is kept. mosquitto reads it after:"
    yield "  sudo systemctl reload mosquitto"
    yield "Enter on the device (the password is not shown again):"
    for name, value in entered.items():
        yield f"  {name:<10} {str(value).lower() if isinstance(value, bool) else value}"
    if entered["host"] in _LOOPBACK:
        yield "The host is this machine only. For a device on a network: --host NAME --port 8883"
