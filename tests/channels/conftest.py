"""One notification to a placeholder number, and a session as a delivery thread has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from monitor.alerting.severity import Severity
from monitor.notify.channel import Notification
from monitor.scope import Scope, Status


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # a proxy of this machine has no business here
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
        text="【云溪镇政府】红级叫应：石桥站，3:12水位3.20米，收到回31。",
        code="31",
        severity=Severity.RED,
        step=0,
        round=0,
        created_at=at,
        due_at=at,
    )
