"""All stand-in providers on one gateway, and a notification to send to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from monitor.alerting.severity import Severity
from monitor.clock import SystemClock
from monitor.notify.channel import Notification
from monitor.scope import Scope, Status
from simulators.gateways.aliyun import Aliyun
from simulators.gateways.aliyun_voice import AliyunVoice
from simulators.gateways.gateway import Gateway
from simulators.gateways.tencent import Tencent
from simulators.gateways.wecom import WecomApp, WecomRobot

SIGN = "云溪镇政府"
FILED = f"【{SIGN}】红级叫应：${{site}}，水位${{level}}米，收到回${{code}}。"


@pytest.fixture
def wecom() -> WecomApp:
    return WecomApp("wwtest", "app secret", unlicensed=frozenset({"visitor"}))


@pytest.fixture
def gateway(wecom: WecomApp) -> Iterator[Gateway]:
    positional = FILED.replace("${site}", "{1}").replace("${level}", "{2}")
    providers = [
        Aliyun("id", "secret", sign_name=SIGN, templates={"SMS_1": FILED}, per_day=2),
        AliyunVoice("id", "secret", templates={"TTS_1": "云溪镇防指叫应。${site}。听清按1"}),
        Tencent(
            "id",
            "secret",
            sign_name=SIGN,
            templates={"1001": positional.replace("${code}", "{3}")},
        ),
        wecom,
        WecomRobot("robot key", per_minute=2),
    ]
    with Gateway(providers, SystemClock()) as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def notification() -> Notification:
    at = datetime(2026, 6, 1, 3, 12, tzinfo=UTC)
    return Notification(
        id="9d3ab0f2-5f8b-5f2f-8d0d-2f6a3f3c1b11",
        scope=Scope("yunxi", Status.ACTUAL, ""),
        subject="alert-1",
        ladder=None,
        person="bridge_post_a",
        duty="bridge_a",
        channel="sms",
        address="13800000001",
        use="red",
        variables={"site": "石桥站", "level": "3.20", "code": "31"},
        text=f"【{SIGN}】红级叫应：石桥站，水位3.20米，收到回31。",
        code="31",
        severity=Severity.RED,
        step=0,
        round=0,
        created_at=at,
        due_at=at,
    )
