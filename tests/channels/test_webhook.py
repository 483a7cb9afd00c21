from __future__ import annotations

import hashlib
import hmac
import json

import pytest
import requests
from pytest_httpserver import HTTPServer

from monitor.channels.webhook import CHANNEL, SIGNATURE, Parameters
from monitor.notify.channel import Notification, Receipt, SendOutcome

KEY = "a webhook's key"


def send(server: HTTPServer, http: requests.Session, notification: Notification) -> Receipt:
    parameters = Parameters(url=server.url_for("/hook"))
    return CHANNEL.send(parameters, {"signing_key": KEY}, http, notification)


def test_the_body_is_signed_and_carries_the_status_but_no_number(
    httpserver: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("", 204)
    assert send(httpserver, http, notification).outcome is SendOutcome.ACCEPTED
    request, _ = httpserver.log[0]
    body = request.get_data()
    expected = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    assert request.headers[SIGNATURE] == f"sha256={expected}"
    assert json.loads(body)["status"] == "ACTUAL"
    assert notification.address.encode() not in body


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, SendOutcome.ACCEPTED),
        (302, SendOutcome.REFUSED),
        (404, SendOutcome.REFUSED),
        (429, SendOutcome.BUSY),
        (503, SendOutcome.BUSY),
        (504, SendOutcome.UNSURE),
    ],
)
def test_the_status_decides(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    status: int,
    outcome: SendOutcome,
) -> None:
    headers = {"Location": httpserver.url_for("/elsewhere")}
    httpserver.expect_request("/hook").respond_with_data("", status, headers)
    receipt = send(httpserver, http, notification)
    assert receipt.outcome is outcome
    assert len(httpserver.log) == 1  # a redirect is not followed
    assert not receipt.blames_person
