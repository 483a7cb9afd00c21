"""SMS through Aliyun: what its answers mean, and what it posts back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from pytest_httpserver import HTTPServer

from monitor.channels.aliyun_sms import CHANNEL, Parameters, receipts, replies
from monitor.errors import Unreadable
from monitor.notify.channel import Notification, Receipt, SendOutcome

SECRETS = {"access_key_id": "testId", "access_key_secret": "testSecret"}


def parameters(server: HTTPServer) -> Parameters:
    return Parameters(
        sign_name="云溪镇政府", templates={"red": "SMS_1"}, endpoint=server.url_for("/")
    )


def send(
    server: HTTPServer, http: requests.Session, notification: Notification, body: Any, status: int
) -> Receipt:
    server.expect_request("/", method="POST").respond_with_json(body, status)
    return CHANNEL.send(parameters(server), SECRETS, http, notification)


def test_the_recorded_answers_are_judged_as_recorded(
    httpserver: HTTPServer, http: requests.Session, notification: Notification, shared: Path
) -> None:
    recorded = json.loads((shared / "notify" / "provider_responses.json").read_text("utf-8"))
    for case in recorded["aliyun"]:
        receipt = send(httpserver, http, notification, case["body"], 200)
        assert (receipt.outcome is SendOutcome.ACCEPTED) is case["ok"]
        httpserver.clear()


@pytest.mark.parametrize(
    ("status", "code", "outcome", "blames_person"),
    [
        (200, "isv.MOBILE_NUMBER_ILLEGAL", SendOutcome.REFUSED, True),
        (200, "isv.BUSINESS_LIMIT_CONTROL", SendOutcome.BUSY, False),
        (200, "isv.OUT_OF_SERVICE", SendOutcome.REFUSED, False),
        (200, "isv.SMS_TEMPLATE_ILLEGAL", SendOutcome.REFUSED, False),
        (400, "SignatureDoesNotMatch", SendOutcome.REFUSED, False),
        (400, "Throttling.User", SendOutcome.BUSY, False),
        (200, "isp.SYSTEM_ERROR", SendOutcome.BUSY, False),
        (503, "ServiceUnavailable", SendOutcome.BUSY, False),
    ],
)
def test_the_code_decides_whose_fault_it_is(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    status: int,
    code: str,
    outcome: SendOutcome,
    blames_person: bool,
) -> None:
    body = {"Code": code, "Message": "words", "RequestId": "R"}
    receipt = send(httpserver, http, notification, body, status)
    assert (receipt.outcome, receipt.blames_person) == (outcome, blames_person)
    assert code in receipt.reason


def test_a_days_quota_hurries_to_the_next_channel(
    httpserver: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    body = {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发天级流控Permits:50"}
    receipt = send(httpserver, http, notification, body, 200)
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)


def test_the_request_names_template_variables_and_its_own_id(
    httpserver: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    body = {"Code": "OK", "Message": "OK", "BizId": "9006^0", "RequestId": "R"}
    receipt = send(httpserver, http, notification, body, 200)
    assert receipt.provider_id == "9006^0"
    sent = {k: v[0] for k, v in parse_qs(httpserver.log[0][0].get_data(as_text=True)).items()}
    assert sent["PhoneNumbers"] == notification.address
    assert sent["TemplateCode"] == "SMS_1"
    assert json.loads(sent["TemplateParam"]) == notification.variables
    assert sent["OutId"] == notification.id
    assert SECRETS["access_key_secret"] not in repr(sent)


def test_a_use_without_a_filed_template_is_our_fault(
    httpserver: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    unfiled = Parameters(sign_name="云溪镇政府", templates={}, endpoint=httpserver.url_for("/"))
    receipt = CHANNEL.send(unfiled, SECRETS, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)
    assert not httpserver.log


@pytest.mark.parametrize(
    ("rows", "outcome", "blames_person"),
    [
        ([{"OutId": "ID", "SendStatus": 3, "ErrCode": "DELIVERED"}], SendOutcome.ACCEPTED, False),
        ([{"OutId": "ID", "SendStatus": 1}], SendOutcome.ACCEPTED, False),
        (
            [{"OutId": "ID", "SendStatus": 2, "ErrCode": "MOBILE_NOT_ON_SERVICE"}],
            SendOutcome.REFUSED,
            True,
        ),
        ([{"OutId": "another", "SendStatus": 3}], SendOutcome.BUSY, False),
        ([], SendOutcome.BUSY, False),
    ],
)
def test_a_doubtful_copy_is_asked_for_by_its_id(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    rows: list[dict[str, Any]],
    outcome: SendOutcome,
    blames_person: bool,
) -> None:
    found = [{**row, "OutId": row["OutId"].replace("ID", notification.id)} for row in rows]
    body = {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}}
    httpserver.expect_request("/").respond_with_json(body)
    assert CHANNEL.ask is not None
    receipt = CHANNEL.ask(parameters(httpserver), SECRETS, http, notification)
    assert receipt is not None
    assert (receipt.outcome, receipt.blames_person) == (outcome, blames_person)


def test_a_provider_that_cannot_be_asked_leaves_it_unsure(
    httpserver: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    httpserver.expect_request("/").respond_with_data("", 502)
    assert CHANNEL.ask is not None
    receipt = CHANNEL.ask(parameters(httpserver), SECRETS, http, notification)
    assert receipt is not None and receipt.outcome is SendOutcome.UNSURE


def test_a_reply_is_read_with_its_time() -> None:
    body = """[{"phone_number": "+8613800000001", "content": "31", "sign_name": "云溪镇政府",
        "dest_code": "1", "send_time": "2026-06-01 11:14:00", "sequence_id": 1234567890}]"""
    (reply,) = replies(body.encode())
    assert (reply.phone, reply.text, reply.provider_id) == ("13800000001", "31", "1234567890")
    assert reply.sent_at == datetime(2026, 6, 1, 3, 14, tzinfo=UTC)


def test_a_receipt_says_whether_the_phone_got_it() -> None:
    row = {
        "phone_number": "13800000001",
        "send_time": "2026-06-01 11:12:00",
        "report_time": "2026-06-01 11:12:05",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": "9006^0",
        "out_id": "n-1",
    }
    off = {**row, "success": False, "err_code": "MOBILE_NOT_ON_SERVICE", "err_msg": "停机"}
    ours = {**row, "success": False, "err_code": "CONTENT_KEYWORD", "err_msg": "关键字屏蔽"}
    got = receipts(json.dumps([row, off, ours]).encode())
    assert [(r.delivered, r.blames_person) for r in got] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert {(r.notification, r.provider_id) for r in got} == {("n-1", "9006^0")}


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[" * 60000, b"[1]", b"3", b'[{"phone_number": "1"}]']
)
def test_a_callback_that_cannot_be_read_says_why(body: bytes) -> None:
    for read in (replies, receipts):
        with pytest.raises(Unreadable):
            read(body)
