from __future__ import annotations

import json
from dataclasses import replace

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from monitor.channels.wecom_robot import CHANNEL, Parameters, content
from monitor.notify.channel import Notification, SendOutcome
from monitor.notify.templates import GROUP_END
from monitor.scope import Scope, Status

SECRETS = {"key": "693axxx6-7aoc"}


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (0, SendOutcome.ACCEPTED),
        (-1, SendOutcome.BUSY),
        (45009, SendOutcome.BUSY),
        (93000, SendOutcome.REFUSED),
        ("?", SendOutcome.UNSURE),
    ],
)
def test_the_errcode_decides_and_blames_nobody(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    code: object,
    outcome: SendOutcome,
) -> None:
    httpserver.expect_request(
        "/cgi-bin/webhook/send", query_string={"key": SECRETS["key"]}
    ).respond_with_json({"errcode": code, "errmsg": "words"})
    parameters = Parameters(endpoint=httpserver.url_for("/"))
    receipt = CHANNEL.send(parameters, SECRETS, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (outcome, False)
    assert SECRETS["key"] not in receipt.reason
    sent = json.loads(httpserver.log[0][0].get_data())
    assert sent["text"]["content"] == f"{notification.text}\n{GROUP_END}"


def test_a_drill_ends_as_a_drill(notification: Notification) -> None:
    drill = replace(notification, scope=Scope("yunxi", Status.EXERCISE, "spring"))
    assert content(drill, 2048).endswith("演练")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ascii_first=st.integers(0, 3), characters=st.integers(0, 900))
def test_no_message_is_longer_than_the_robot_takes_or_cut_unsaid(
    notification: Notification, ascii_first: int, characters: int
) -> None:
    text = "a" * ascii_first + "水" * characters
    drill = replace(notification, scope=Scope("yunxi", Status.EXERCISE, "spring"), text=text)
    whole = content(drill, 2048)
    assert len(whole.encode()) <= 2048
    assert text in whole or "全文见值班台" in whole
    assert "\ufffd" not in whole
    assert GROUP_END in whole
