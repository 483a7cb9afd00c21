"""SMS through Tencent: what its answers mean, and what it posts back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer

from monitor.channels.tencent_sms import CHANNEL, Parameters, Template, receipts, replies
from monitor.errors import Unreadable
from monitor.notify.channel import Notification, Receipt, SendOutcome

SECRETS = {"secret_id": "AKIDEXAMPLE", "secret_key": "KEYEXAMPLE"}


def parameters(server: HTTPServer) -> Parameters:
    template = Template(id="1001", variables=("level", "site"))
    return Parameters(
        app_id="1400000001",
        sign_name="云溪镇政府",
        templates={"red": template},
        endpoint=server.url_for("/"),
    )


def send(
    server: HTTPServer, http: requests.Session, notification: Notification, body: Any
) -> Receipt:
    server.expect_request("/", method="POST").respond_with_json(body)
    return CHANNEL.send(parameters(server), SECRETS, http, notification)


def test_the_recorded_answers_are_judged_as_recorded(
    httpserver: HTTPServer, http: requests.Session, notification: Notification, shared: Path
) -> None:
    recorded = json.loads((shared / "notify" / "provider_responses.json").read_text("utf-8"))
    outcomes = []
    for case in recorded["tencent"]:
        receipt = send(httpserver, http, notification, case["body"])
        assert (receipt.outcome is SendOutcome.ACCEPTED) is case["ok"]
        outcomes.append((receipt.outcome, receipt.blames_person))
        httpserver.clear()
    assert outcomes[1:] == [(SendOutcome.REFUSED, False)] * 2


@pytest.mark.parametrize(
    ("code", "outcome", "blames_person"),
    [
        ("InvalidParameterValue.IncorrectPhoneNumber", SendOutcome.REFUSED, True),
        ("FailedOperation.PhoneNumberInBlacklist", SendOutcome.REFUSED, True),
        ("FailedOperation.InsufficientBalanceInSmsPackage", SendOutcome.REFUSED, False),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", SendOutcome.BUSY, False),
        ("LimitExceeded.PhoneNumberDailyLimit", SendOutcome.REFUSED, False),
        ("RequestLimitExceeded", SendOutcome.BUSY, False),
        ("InternalError.Timeout", SendOutcome.UNSURE, False),
        ("InternalError.OtherError", SendOutcome.BUSY, False),
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_the_code_decides_wherever_it_stands(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    code: str,
    outcome: SendOutcome,
    blames_person: bool,
    inside: bool,
) -> None:
    row = {"Code": code, "Message": "words"}
    body = {"Response": {"SendStatusSet": [row]} if inside else {"Error": row}}
    receipt = send(httpserver, http, notification, body)
    assert (receipt.outcome, receipt.blames_person) == (outcome, blames_person)


@pytest.mark.parametrize(
    "body", [{}, {"Response": []}, {"Response": {"SendStatusSet": []}}, {"Response": {"Error": 1}}]
)
def test_an_answer_without_a_verdict_is_unsure(
    httpserver: HTTPServer, http: requests.Session, notification: Notification, body: Any
) -> None:
    assert send(httpserver, http, notification, body).outcome is SendOutcome.UNSURE


def test_variables_go_out_in_the_filed_order(
    httpserver: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    body = {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "2028:1"}]}}
    assert send(httpserver, http, notification, body).provider_id == "2028:1"
    request, _ = httpserver.log[0]
    sent = json.loads(request.get_data())
    assert sent["TemplateParamSet"] == ["3.20", "石桥站"]
    assert sent["PhoneNumberSet"] == ["+8613800000001"]
    assert sent["SessionContext"] == notification.id
    assert request.headers["X-TC-Action"] == "SendSms"


@pytest.mark.parametrize("templates", [{}, {"red": Template(id="1", variables=("absent",))}])
def test_a_template_that_does_not_fit_is_our_fault(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    templates: dict[str, Template],
) -> None:
    unfit = parameters(httpserver).model_copy(update={"templates": templates})
    receipt = CHANNEL.send(unfit, SECRETS, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)
    assert not httpserver.log


@pytest.mark.parametrize(
    ("status", "words", "outcome", "blames_person"),
    [
        ("SUCCESS", "用户短信送达成功", SendOutcome.ACCEPTED, False),
        ("FAIL", "号码为空号", SendOutcome.REFUSED, True),
        ("FAIL", "内容被拦截", SendOutcome.REFUSED, False),
        (None, "", SendOutcome.UNSURE, False),
    ],
)
def test_a_doubtful_copy_is_asked_for_by_its_id(
    httpserver: HTTPServer,
    http: requests.Session,
    notification: Notification,
    status: str | None,
    words: str,
    outcome: SendOutcome,
    blames_person: bool,
) -> None:
    row = {"SessionContext": notification.id, "ReportStatus": status, "Description": words}
    body = {"Response": {"PullSmsSendStatusSet": [row] if status else []}}
    httpserver.expect_request("/").respond_with_json(body)
    assert CHANNEL.ask is not None
    receipt = CHANNEL.ask(parameters(httpserver), SECRETS, http, notification)
    assert receipt is not None
    assert (receipt.outcome, receipt.blames_person) == (outcome, blames_person)


def test_a_reply_is_one_object() -> None:
    body = b"""{"extend": "0", "mobile": "13800000001", "nationcode": "86",
        "sign": "x", "text": "\xe6\x94\xb6\xe5\x88\xb0", "time": 1780283640}"""
    (reply,) = replies(body)
    assert (reply.phone, reply.text) == ("13800000001", "收到")
    assert reply.sent_at == datetime(2026, 6, 1, 3, 14, tzinfo=UTC)


def test_receipts_come_in_an_array() -> None:
    row = {
        "user_receive_time": "2026-06-01 11:12:05",
        "nationcode": "86",
        "mobile": "13800000001",
        "report_status": "SUCCESS",
        "errmsg": "DELIVRD",
        "description": "用户短信送达成功",
        "sid": "2028:1",
    }
    off = {**row, "report_status": "FAIL", "errmsg": "MI:0013", "description": "用户关机"}
    got = receipts(json.dumps([row, off]).encode())
    assert [(r.delivered, r.blames_person) for r in got] == [(True, False), (False, True)]
    assert got[0].provider_id == "2028:1"
    assert got[0].at == datetime(2026, 6, 1, 3, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize("time", ['"x"', "99999999999999999999", "null", "true"])
def test_a_reply_without_a_time_says_why(time: str) -> None:
    with pytest.raises(Unreadable):
        replies(f'{{"mobile": "13800000001", "text": "1", "time": {time}}}'.encode())
