"""A call: what is asked of the provider, and what comes back by its hook."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
import requests
from pytest_httpserver import HTTPServer

from monitor.channels.aliyun_voice import CHANNEL, Parameters, receipts, replies
from monitor.notify.channel import Notification, SendOutcome

SECRETS = {"access_key_id": "testId", "access_key_secret": "testSecret"}
RECORD = {
    "call_id": "1000^1",
    "callee": "13800000001",
    "end_time": "2026-06-01 11:12:30",
    "status_code": "200000",
    "status_msg": "用户接听",
    "out_id": "n-1",
    "dtmf": "313",
}


def parameters(server: HTTPServer) -> Parameters:
    return Parameters(
        show_number="05967000001",
        templates={"voice_red": "TTS_1"},
        goodbye="TTS_2",
        endpoint=server.url_for("/"),
    )


@pytest.mark.parametrize(
    ("answer", "outcome", "blames_person"),
    [
        ({"Code": "OK", "CallId": "1000^1"}, SendOutcome.ACCEPTED, False),
        ({"Code": "isv.MOBILE_NUMBER_ILLEGAL"}, SendOutcome.REFUSED, True),
        ({"Code": "isv.OUT_OF_SERVICE"}, SendOutcome.REFUSED, False),
        ({"Code": "isv.BUSINESS_LIMIT_CONTROL"}, SendOutcome.BUSY, False),
        ({}, SendOutcome.UNSURE, False),
    ],
)
def test_the_code_decides(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    answer: dict[str, str],
    outcome: SendOutcome,
    blames_person: bool,
) -> None:
    httpserver.expect_request("/", method="POST").respond_with_json(answer)
    call = replace(notification, use="voice_red")
    receipt = CHANNEL.send(parameters(httpserver), SECRETS, http, call)
    assert (receipt.outcome, receipt.blames_person) == (outcome, blames_person)
    sent = {k: v[0] for k, v in parse_qs(httpserver.log[0][0].get_data(as_text=True)).items()}
    assert (sent["Action"], sent["CalledNumber"]) == ("IvrCall", notification.address)
    assert (sent["MenuKeyMap.3.Code"], sent["OutId"]) == ("TTS_1", notification.id)


def test_a_use_that_is_not_spoken_is_our_fault(
    httpserver: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    receipt = CHANNEL.send(parameters(httpserver), SECRETS, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)
    assert not httpserver.log


def test_a_pressed_key_answers_the_call_it_was_pressed_in() -> None:
    silent, again = {**RECORD, "dtmf": ""}, {**RECORD, "dtmf": "3"}
    (reply,) = replies(json.dumps([RECORD, silent, again]).encode())
    assert (reply.text, reply.notification) == ("1", "n-1")
    assert reply.sent_at == datetime(2026, 6, 1, 3, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "words", "delivered", "blames_person"),
    [
        ("200000", "用户接听", True, False),
        ("200010", "关机", False, True),
        ("200003", "无人接听", False, True),
        ("200100", "线路故障", False, False),
    ],
)
def test_a_call_that_nobody_took_says_why(
    code: str, words: str, delivered: bool, blames_person: bool
) -> None:
    record = {**RECORD, "status_code": code, "status_msg": words, "dtmf": None}
    (receipt,) = receipts(json.dumps([record]).encode())
    assert (receipt.delivered, receipt.blames_person) == (delivered, blames_person)
    assert receipt.notification == "n-1"
