from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from monitor.channels.wecom_app import CHANNEL, Parameters, Token
from monitor.notify.channel import Notification, Receipt, SendOutcome

SECRETS = {"corp_secret": "the app's secret"}


@pytest.fixture
def wecom(httpserver: HTTPServer) -> HTTPServer:
    """Hands out token-1, token-2, … and takes only the newest."""
    state = {"handed": 0, "valid": 0}

    def gettoken(request: Request) -> Response:
        state["handed"] += 1
        state["valid"] = state["handed"]
        return _json({"errcode": 0, "errmsg": "ok", "access_token": f"token-{state['handed']}"})

    httpserver.expect_request("/cgi-bin/gettoken").respond_with_handler(gettoken)
    return httpserver


def _json(fields: dict[str, Any]) -> Response:
    return Response(json.dumps(fields), mimetype="application/json")


def app(server: HTTPServer) -> Parameters:
    return Parameters(corp_id="wwtest", agent_id=1000002, endpoint=server.url_for("/"))


@pytest.mark.parametrize(
    ("answer", "outcome", "blames_person"),
    [
        ({"errcode": 0, "msgid": "m"}, SendOutcome.ACCEPTED, False),
        ({"errcode": 0, "invaliduser": "x|13800000001"}, SendOutcome.REFUSED, True),
        ({"errcode": 0, "unlicenseduser": "13800000001"}, SendOutcome.REFUSED, True),
        ({"errcode": 0, "invaliduser": "", "msgid": "m"}, SendOutcome.ACCEPTED, False),
        ({"errcode": 81013}, SendOutcome.REFUSED, True),
        ({"errcode": 60020}, SendOutcome.REFUSED, False),
        ({"errcode": 45009}, SendOutcome.BUSY, False),
        ({"errcode": -1}, SendOutcome.BUSY, False),
        ({"ok": True}, SendOutcome.UNSURE, False),
    ],
)
def test_errcode_0_may_still_have_reached_nobody(
    wecom: HTTPServer,
    http: requests.Session,
    notification: Notification,
    answer: dict[str, Any],
    outcome: SendOutcome,
    blames_person: bool,
) -> None:
    wecom.expect_request("/cgi-bin/message/send").respond_with_json(answer)
    receipt = CHANNEL.send(app(wecom), SECRETS, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (outcome, blames_person)


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_stale_token_is_renewed_once(
    wecom: HTTPServer, http: requests.Session, notification: Notification, code: int
) -> None:
    def answer(request: Request) -> Response:
        stale = request.args["access_token"] == "token-1"
        return _json({"errcode": code if stale else 0, "msgid": "m"})

    wecom.expect_request("/cgi-bin/message/send").respond_with_handler(answer)
    receipt = CHANNEL.send(app(wecom), SECRETS, http, notification)
    assert receipt.outcome is SendOutcome.ACCEPTED


def test_a_token_that_stays_stale_ends_the_attempt(
    wecom: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    wecom.expect_request("/cgi-bin/message/send").respond_with_json({"errcode": 42001})
    receipt = CHANNEL.send(app(wecom), SECRETS, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)
    assert len(wecom.log) == 4  # twice a token, twice the message


def test_threads_share_one_token(wecom: HTTPServer, notification: Notification) -> None:
    wecom.expect_request("/cgi-bin/message/send").respond_with_json({"errcode": 0})
    shared = app(wecom)

    def call(_: int) -> Receipt:
        with requests.Session() as http:
            http.trust_env = False
            return CHANNEL.send(shared, SECRETS, http, notification)

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(call, range(16)))
    assert {receipt.outcome for receipt in receipts} == {SendOutcome.ACCEPTED}
    assert sum(request.path.endswith("gettoken") for request, _ in wecom.log) == 1


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (200, {"errcode": 40001, "errmsg": "invalid credential"}, SendOutcome.REFUSED),
        (200, {"errcode": -1}, SendOutcome.BUSY),
        (500, {}, SendOutcome.BUSY),
    ],
)
def test_without_a_token_no_copy_is_out(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    status: int,
    answer: dict[str, Any],
    outcome: SendOutcome,
) -> None:
    httpserver.expect_request("/cgi-bin/gettoken").respond_with_json(answer, status)
    receipt = CHANNEL.send(app(httpserver), SECRETS, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (outcome, False)
    assert SECRETS["corp_secret"] not in receipt.reason


def test_a_token_is_fetched_only_when_the_one_we_have_is_stale() -> None:
    token = Token()
    assert token.other_than("", lambda: "first") == "first"
    assert token.other_than("", lambda: "second") == "first"
    assert token.other_than("first", lambda: "second") == "second"
    assert token.other_than("first", lambda: "third") == "second"
