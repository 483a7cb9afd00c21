"""What a trial needs of the world: a township, a broker and a service in processes of their own."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import township
from benchmarks.township import sensor_id
from monitor.broker import HOST, free_port
from monitor.clock import SystemClock
from simulators.publication import Publication, body, native_topic
from simulators.publisher import Publisher

ROOT = Path(__file__).parents[2]
TOKEN = "Hb3x-Zq9-Lm2c-Vt8w-Rk5d-Np7s"
TOWNSHIP = "yunxi"
SERVE = "import sys; from monitor.cli import main; sys.exit(main())"
CALM, YELLOW, RED = 1.0, 3.2, 5.2
"""Metres, on the ladder of each gauge."""
TRUSTING = (
    "  level: { rate_suspect: null, spike_suspect: null, spike_fail: null,"
    " flat_suspect: null, flat_fail: null }\n"
)
"""Gauges that jump are believed: doubt is another trial's matter."""
GENEROUS = (
    ("window: 2 min", "window: 1 s"),
    ("per_minute: 1\n", "per_minute: 1000\n"),
    ("per_hour: 6\n", "per_hour: 10000\n"),
    ("per_day: 20\n", "per_day: 100000\n"),
    ("same_level: 1 h", "same_level: 1 s"),
)
"""Everybody may be called as often as something happens, for the same reason."""


@dataclass(frozen=True, slots=True)
class Town:
    """A configuration folder and what lies beside it."""

    folder: Path
    web_port: int

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def store(self) -> Path:
        return self.folder / "var" / "monitor.sqlite"


def town(
    folder: Path,
    gauges: int,
    *,
    broker: int,
    in_flight: int = 20,
    channels: Sequence[Mapping[str, Any]] = (),
) -> Town:
    """The example township with so many gauges more, listening to the broker at that port."""
    made = Town(folder, free_port())
    township.write(made.config, gauges, port=broker, in_flight=in_flight, channels=channels)
    service = made.config / "service.yaml"
    text = service.read_text(encoding="utf-8")
    for before, after in (
        ("port: 8080", f"port: {made.web_port}"),
        ("\nquality:\n", f"\nquality:\n{TRUSTING}"),
        *GENEROUS,
    ):
        assert text.count(before) == 1, f"service.yaml says {before!r} {text.count(before)} times"
        text = text.replace(before, after)
    service.write_text(text, encoding="utf-8")
    return made


@dataclass(slots=True)
class Run:
    """A process of ours, to be killed."""

    command: Sequence[str]
    log: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environ},
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        assert self.running is not None
        self.running.send_signal(number)

    def kill(self) -> None:
        """SIGKILL: nothing of it runs after that."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            self.running = None

    def stop(self) -> int:
        """As an operator stops it; the exit code."""
        assert self.running is not None
        self.running.terminate()
        try:
            return self.running.wait(20)
        finally:
            self.kill()

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@contextmanager
def service(town: Town, before: str = "", **environ: str) -> Any:
    """The service of that town, not started yet; killed at the end. `before`: Python that is run
    in its process first."""
    python = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
    surroundings = {"MONITOR_TOKEN": TOKEN, "PYTHONPATH": python, **environ}
    run = Run(
        [sys.executable, "-c", f"{before}\n{SERVE}", "run", str(town.config)],
        town.folder / "service.log",
        surroundings,
    )
    try:
        yield run
    finally:
        run.kill()


def mosquitto_lines(port: int, *settings: str) -> str:
    """A configuration that lets everybody in; the rest as shipped where it matters here."""
    return "\n".join(
        (
            f"listener {port} {HOST}",
            "allow_anonymous true",
            "set_tcp_nodelay true",
            "user root",  # started by root it would become a user who cannot write here
            "log_dest stderr",
            "log_type error",
            "max_queued_messages 0",
            *settings,
            "",
        )
    )


@contextmanager
def mosquitto(folder: Path, text: str) -> Any:
    """mosquitto with that configuration, not started yet; killed at the end."""
    (folder / "mosquitto.conf").write_text(text)
    run = Run([mosquitto_path(), "-c", str(folder / "mosquitto.conf")], folder / "mosquitto.log")
    try:
        yield run
    finally:
        run.kill()


def mosquitto_path() -> str:
    for place in [*os.environ["PATH"].split(os.pathsep), "/usr/sbin", "/usr/local/sbin"]:
        if (Path(place) / "mosquitto").is_file():
            return str(Path(place) / "mosquitto")
    raise FileNotFoundError("mosquitto is not installed (sudo apt-get install -y mosquitto)")


async def listening(port: int, within: float = 20.0) -> None:
    """Return once somebody accepts connections there."""

    clock = SystemClock()
    async with asyncio.timeout(within):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection(HOST, port)
                writer.close()
                return
            await clock.wait(0.02)


def preloaded(name: str, folder: Path) -> Path:
    """A library of ours for LD_PRELOAD, compiled into the folder."""
    source, library = Path(__file__).with_name(f"{name}.c"), folder / f"{name}.so"
    command = ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library


def ask(store: Path, question: str, *values: object) -> list[tuple[Any, ...]]:
    """What the file holds now, read beside the service; nothing before it is made."""
    if not store.exists():
        return []
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=10)) as beside:
        try:
            return beside.execute(question, values).fetchall()
        except sqlite3.OperationalError as fault:
            if "no such table" in str(fault):
                return []
            raise


def stored(store: Path) -> int:
    """How many readings it holds."""
    return sum(n for (n,) in ask(store, "SELECT count(*) FROM observations"))


def tell(publisher: Publisher, gauge: int, seq: int, level: float, at: Any) -> None:
    """One reading of a gauge, QoS 1."""
    said = {"value": level, "time": at.isoformat(), "boot": "1", "seq": seq}
    topic = native_topic(TOWNSHIP, sensor_id(gauge), "level")
    publisher.publish(Publication(at, topic, body(said)))
