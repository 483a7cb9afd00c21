"""The example township of `config/`, changed as little as the demo needs, in a folder of its own.

Its phones end at the stand-in providers, its store lies in the folder, its ports are free ones,
its token and its hooks' addresses are made for this one run.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from monitor.notify.templates import complete
from monitor.settings import Settings, load
from simulators.gateways.gateway import Gateway
from simulators.gateways.messages import Provider
from simulators.gateways.township import ENVIRONMENT, channels, providers

CONFIG = Path(__file__).parents[2] / "config"
SIGN_NAME = "云溪镇政府"
TEMPLATES = complete()

NIGHT = date(2026, 8, 16)
"""A Sunday in flood season, and the last day on which nobody need say that the quarter's drill
is missing (45 days before its end)."""
DUTY = {"leader": "area-east", "officers": ["desk-1", "desk-2"]}
"""Who stands on the roster that night and the day after."""
EXPIRED = "landslide-2024"
"""The plan whose last day is that Sunday."""
HOOKS = {"sms": "aliyun", "voice": "aliyun_voice", "sms_second": "tencent"}
"""Channel → the stand-in provider that posts to its hook."""


def stand_ins() -> list[Provider]:
    """Every provider, with the shipped templates filed."""
    return providers(SIGN_NAME, TEMPLATES)


def settle_in(folder: Path, gateway: Gateway, ring_at_minute: int) -> Settings:
    """Copy `config/` there and load what it has become.

    `ring_at_minute`: of the real hour, when the hourly sweep would ring; the story has a clock of
    its own and sweeps by itself. Raises SettingsRefused where the example itself has a fault.
    """
    shutil.copytree(CONFIG, folder, dirs_exist_ok=True)
    environ = {**ENVIRONMENT, "MONITOR_TOKEN": secrets.token_urlsafe(24)}
    hooks = []
    for channel in HOOKS:
        name = f"DEMO_HOOK_{channel.upper()}"
        environ[name] = secrets.token_urlsafe(24)
        hooks.append({"channel": channel, "path": f"${{ENV:{name}}}"})
    entries = [{"id": "desk", "kind": "desk"}, *channels(gateway, SIGN_NAME, TEMPLATES)]
    (folder / "channels.yaml").unlink()
    _better(folder / "channels.yaml", lambda whole: whole.update(channels=entries))
    _better(folder / "service.yaml", lambda whole: _service(whole, hooks, ring_at_minute))
    _better(folder / "people.yaml", _roster)
    _better(folder / "plans" / "other.yaml", _plan)
    return load(folder, environ)


def _better(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    yaml = YAML()
    whole = yaml.load(file) if file.exists() else {}
    change(whole)
    yaml.dump(whole, file)


def _service(whole: dict[str, Any], hooks: Sequence[Mapping[str, str]], minute: int) -> None:
    whole["store"] = "demo.sqlite"
    whole["broker"] = {"embedded": True, "host": "127.0.0.1", "port": 0}
    whole["web"] |= {"port": 0, "hooks": list(hooks)}
    whole["calendar"]["sweep_minute"] = minute
    whole["checks"] = [
        *whole["checks"][1:],
        {"kind": "quarter_drill", "scope": "township", "owner": "emergency-office"},
    ]


def _roster(whole: dict[str, Any]) -> None:
    nights = (NIGHT, NIGHT.replace(day=NIGHT.day + 1))
    whole["roster"]["shifts"] = [{"day": night, **DUTY} for night in nights]


def _plan(whole: dict[str, Any]) -> None:
    for plan in whole["plans"]:
        if plan["id"] == EXPIRED:
            plan["expires"] = NIGHT
