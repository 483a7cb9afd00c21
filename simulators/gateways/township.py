"""All stand-in providers for one township, and the `channels:` entries that lead to them.

with Gateway(providers(sign_name, templates), clock, ring=phones.ring) as gateway:
    entries = channels(gateway, sign_name, templates)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulators.gateways.aliyun import Aliyun
from simulators.gateways.aliyun_voice import AliyunVoice
from simulators.gateways.gateway import Gateway
from simulators.gateways.messages import Provider
from simulators.gateways.tencent import Tencent
from simulators.gateways.wecom import WecomApp, WecomRobot

ENVIRONMENT = {
    "DEMO_KEY_ID": "demo-key-id",
    "DEMO_KEY_SECRET": "demo-key-secret",
    "DEMO_CORP_SECRET": "demo-corp-secret",
    "DEMO_ROBOT_KEY": "demo-robot-key",
}
"""What the entries' `${ENV:…}` stand for; worth nothing outside this machine."""
_CORP = "ww-demo"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def providers(sign_name: str, templates: Mapping[str, str]) -> list[Provider]:
    """Every provider with these templates (use → text with ${variables}) filed, quotas off."""
    key, secret = ENVIRONMENT["DEMO_KEY_ID"], ENVIRONMENT["DEMO_KEY_SECRET"]
    spoken = {f"TTS_{use}": text for use, text in templates.items()}
    filed = {f"SMS_{use}": text for use, text in templates.items()}
    counted = {use: _positional(text) for use, text in templates.items()}
    return [
        Aliyun(key, secret, sign_name=sign_name, templates=filed, per_day=None),
        AliyunVoice(key, secret, templates=spoken),
        Tencent(key, secret, sign_name=sign_name, templates=counted),
        WecomApp(_CORP, ENVIRONMENT["DEMO_CORP_SECRET"]),
        WecomRobot(ENVIRONMENT["DEMO_ROBOT_KEY"], per_minute=None),
    ]


def channels(
    gateway: Gateway, sign_name: str, templates: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One entry of `channels:` a provider; the secrets are names in ENVIRONMENT."""
    aliyun = _secrets(access_key_id="DEMO_KEY_ID", access_key_secret="DEMO_KEY_SECRET")
    sms = {
        "sign_name": sign_name,
        "templates": {use: f"SMS_{use}" for use in templates},
        "endpoint": gateway.url("aliyun"),
    }
    second = {
        "app_id": "1400000001",
        "sign_name": sign_name,
        "templates": {
            use: {"id": use, "variables": _variables(text)} for use, text in templates.items()
        },
        "endpoint": gateway.url("tencent"),
    }
    voice = {
        "show_number": "4000000000",
        "templates": {use: f"TTS_{use}" for use in templates},
        "goodbye": "TTS_goodbye",
        "endpoint": gateway.url("aliyun_voice"),
    }
    wecom = {"corp_id": _CORP, "agent_id": 1000002, "endpoint": gateway.url("wecom_app")}
    keys = _secrets(secret_id="DEMO_KEY_ID", secret_key="DEMO_KEY_SECRET")
    corp, robot = _secrets(corp_secret="DEMO_CORP_SECRET"), _secrets(key="DEMO_ROBOT_KEY")
    group = {"endpoint": gateway.url("wecom_robot")}
    return [
        {"id": "sms", "kind": "aliyun_sms", **sms, "secrets": aliyun},
        {"id": "sms_second", "kind": "tencent_sms", **second, "secrets": keys},
        {"id": "voice", "kind": "aliyun_voice", **voice, "secrets": aliyun},
        {"id": "wecom", "kind": "wecom_app", **wecom, "secrets": corp},
        {"id": "group", "kind": "wecom_robot", **group, "secrets": robot},
    ]


def _secrets(**names: str) -> dict[str, str]:
    return {secret: f"${{ENV:{name}}}" for secret, name in names.items()}


def _variables(text: str) -> list[str]:
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def _positional(text: str) -> str:
    order = _variables(text)
    return _VARIABLE.sub(lambda found: f"{{{order.index(found[1]) + 1}}}", text)
