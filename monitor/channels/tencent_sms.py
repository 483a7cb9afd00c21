"""SMS through Tencent Cloud (腾讯云短信), API version 2021-01-11, TC3 signature."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests

from monitor.clock import SystemClock
from monitor.errors import Unreadable
from monitor.notify.channel import (
    ChannelKind,
    DeliveryReceipt,
    Medium,
    Notification,
    Receipt,
    Reply,
)
from monitor.providers import callback
from monitor.providers.outbound import (
    Answer,
    Endpoint,
    accepted,
    busy,
    exchange,
    ping,
    refused,
    settle,
    unsure,
)
from monitor.providers.signatures import tencent_tc3
from monitor.reference.units import Frozen

_PERSON = {
    "FailedOperation.PhoneNumberInBlacklist",
    "InvalidParameterValue.IncorrectPhoneNumber",
}
_UNSURE = {"InternalError.Timeout", "InternalError.SendAndRecvFail"}
_BUSY = ("LimitExceeded", "RequestLimitExceeded", "InternalError")


class Template(Frozen):
    """`variables` in the order of the filed {1}, {2}, …"""

    id: str
    variables: tuple[str, ...] = ()


class Parameters(Frozen):
    """`templates`: our use → the template as filed."""

    app_id: str
    sign_name: str
    templates: Mapping[str, Template]
    endpoint: Endpoint = "https://sms.tencentcloudapi.com/"
    region: str = "ap-guangzhou"


def send(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    """SessionContext carries the notification's id, so that a doubtful copy can be asked for."""
    template = parameters.templates.get(notification.use)
    if template is None:
        return refused(f"no template is filed for {notification.use}")
    if missing := [name for name in template.variables if name not in notification.variables]:
        return refused(f"the template needs {', '.join(missing)}")
    body = {
        "PhoneNumberSet": [f"+86{notification.address}"],
        "SmsSdkAppId": parameters.app_id,
        "SignName": parameters.sign_name,
        "TemplateId": template.id,
        "TemplateParamSet": [notification.variables[name] for name in template.variables],
        "SessionContext": notification.id,
    }
    return settle(_call(parameters, secrets, http, "SendSms", body), _judge)


def ask(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    """PullSmsSendStatusByPhoneNumber tells only of receipts: no row leaves it unsure."""
    begin = SystemClock().now() - timedelta(hours=1)
    query = {
        "BeginTime": int(begin.timestamp()),
        "Offset": 0,
        "Limit": 100,
        "PhoneNumber": f"+86{notification.address}",
        "SmsSdkAppId": parameters.app_id,
    }
    answer = _call(parameters, secrets, http, "PullSmsSendStatusByPhoneNumber", query)
    response = _response(answer.fields() or {}) if isinstance(answer, Answer) else {}
    rows = response.get("PullSmsSendStatusSet")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("SessionContext") == notification.id:
            if row.get("ReportStatus") == "SUCCESS":
                return accepted(str(row.get("SerialNo", "")))
            words = str(row.get("Description", ""))
            return refused(words, blames_person=callback.is_unreachable(words))
    return unsure("the provider has no receipt of it yet")


def _call(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    action: str,
    fields: Mapping[str, Any],
) -> Answer | Receipt:
    """Signed with the wall clock, which the provider holds against its own; never a demo's."""
    now = SystemClock().now()
    payload = json.dumps(fields, ensure_ascii=False).encode()
    signed = {
        "Content-Type": "application/json; charset=utf-8",
        "Host": urlsplit(parameters.endpoint).netloc,
        "X-TC-Action": action,
    }
    authorization = tencent_tc3(
        secrets["secret_id"],
        secrets["secret_key"],
        service="sms",
        at=now,
        headers=signed,
        payload=payload,
    )
    headers = {
        **signed,
        "Authorization": authorization,
        "X-TC-Timestamp": str(int(now.timestamp())),
        "X-TC-Version": "2021-01-11",
        "X-TC-Region": parameters.region,
    }
    return exchange(http, parameters.endpoint, payload, headers)


def _response(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    response = fields.get("Response")
    return response if isinstance(response, dict) else {}


def _judge(fields: Mapping[str, Any]) -> Receipt | None:
    """A failure for this number stands inside a success for the call."""
    response = _response(fields)
    rows = response.get("SendStatusSet")
    row = rows[0] if isinstance(rows, list) and rows else response.get("Error")
    if not isinstance(row, dict) or not row.get("Code"):
        return None
    code = str(row["Code"])
    reason = f"{code} {row.get('Message', '')}".strip()
    if code == "Ok":
        return accepted(str(row.get("SerialNo", "")))
    if code in _UNSURE:
        return unsure(reason)
    if code.startswith(_BUSY) and "Daily" not in code:  # tomorrow is too late: next channel
        return busy(reason)
    return refused(reason, blames_person=code in _PERSON)


def replies(body: bytes) -> tuple[Reply, ...]:
    """短信回复 (上行); `time` in seconds since 1970."""
    return tuple(
        Reply(
            phone=callback.phone(row, "mobile"),
            text=callback.text(row, "text"),
            sent_at=_epoch(row["time"]),
            provider_id="",
        )
        for row in callback.rows(body, "mobile", "text", "time")
    )


def receipts(body: bytes) -> tuple[DeliveryReceipt, ...]:
    """短信下发状态; `sid` is the SerialNo of the answer to SendSms."""
    return tuple(
        _receipt(row)
        for row in callback.rows(body, "mobile", "report_status", "sid", "user_receive_time")
    )


def _receipt(row: Mapping[str, Any]) -> DeliveryReceipt:
    delivered = row["report_status"] == "SUCCESS"
    words = callback.text(row, "description")
    return DeliveryReceipt(
        phone=callback.phone(row, "mobile"),
        delivered=delivered,
        reason=f"{callback.text(row, 'errmsg')} {words}".strip(),
        blames_person=not delivered and callback.is_unreachable(words),
        notification="",
        provider_id=callback.text(row, "sid"),
        at=callback.beijing_time(callback.text(row, "user_receive_time")),
    )


def _epoch(value: object) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(value)), UTC)
    except (ValueError, OverflowError, OSError) as fault:
        raise Unreadable("callback has no usable time", str(value)) from fault


CHANNEL = ChannelKind(
    name="tencent_sms",
    medium=Medium.SMS,
    parameters=Parameters,
    secret_names=("secret_id", "secret_key"),
    send=send,
    ping=ping,
    ask=ask,
    replies=replies,
    receipts=receipts,
    thanks='{"result": 0, "errmsg": "OK"}',
)
