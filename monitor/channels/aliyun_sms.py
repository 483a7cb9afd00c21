"""SMS through Aliyun (阿里云短信), API version 2017-05-25, RPC signature."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import requests

from monitor.clock import SystemClock
from monitor.notify.channel import (
    ChannelKind,
    DeliveryReceipt,
    Medium,
    Notification,
    Receipt,
    Reply,
)
from monitor.providers import aliyun, callback
from monitor.providers.outbound import (
    Answer,
    Endpoint,
    accepted,
    busy,
    ping,
    refused,
    settle,
    unsure,
)
from monitor.reference.units import Frozen

_FAILED = 2  # SendStatus; 1 waits for the operator's receipt, 3 arrived
_UNREACHABLE = ("MOBILE_", "NO_ROUTE", "UNDELIV", "EXPIRED", "ABSENT", "SHUTDOWN")


class Parameters(Frozen):
    """`templates`: our use → the template's code as filed, "SMS_…"."""

    sign_name: str
    templates: Mapping[str, str]
    endpoint: Endpoint = "https://dysmsapi.aliyuncs.com/"


def send(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    """OutId carries the notification's id, so that a doubtful copy can be asked for."""
    template = parameters.templates.get(notification.use)
    if template is None:
        return refused(f"no template is filed for {notification.use}")
    answer = aliyun.call(
        parameters.endpoint,
        secrets,
        http,
        {
            "Action": "SendSms",
            "PhoneNumbers": notification.address,
            "SignName": parameters.sign_name,
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(notification.variables), ensure_ascii=False),
            "OutId": notification.id,
        },
    )
    return settle(answer, lambda fields: aliyun.judge(fields, "BizId"))


def ask(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    """QuerySendDetails, by phone and Beijing day; shortly after midnight of both days."""
    now = SystemClock().now().astimezone(callback.BEIJING)
    for day in sorted({now.date(), (now - timedelta(minutes=30)).date()}):
        query = {
            "Action": "QuerySendDetails",
            "PhoneNumber": notification.address,
            "SendDate": day.strftime("%Y%m%d"),
            "PageSize": "50",
            "CurrentPage": "1",
        }
        answer = aliyun.call(parameters.endpoint, secrets, http, query)
        found = answer.fields() if isinstance(answer, Answer) else None
        if found is None or found.get("Code") != "OK":
            return unsure("the provider could not be asked")
        for detail in _details(found):
            if detail.get("OutId") == notification.id:
                return _detail(detail)
    return busy("the provider has no such message")


def _details(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = found.get("SmsSendDetailDTOs")
    rows = inner.get("SmsSendDetailDTO") if isinstance(inner, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _detail(detail: Mapping[str, Any]) -> Receipt:
    code = str(detail.get("ErrCode", ""))
    if detail.get("SendStatus") == _FAILED:
        return refused(code, blames_person=_is_unreachable(code))
    return accepted()


def _is_unreachable(code: str) -> bool:
    return code.upper().startswith(_UNREACHABLE)


def replies(body: bytes) -> tuple[Reply, ...]:
    """SmsUp (上行短信)."""
    return tuple(
        Reply(
            phone=callback.phone(row, "phone_number"),
            text=callback.text(row, "content"),
            sent_at=callback.beijing_time(callback.text(row, "send_time")),
            provider_id=callback.text(row, "sequence_id"),
        )
        for row in callback.rows(body, "phone_number", "content", "send_time")
    )


def receipts(body: bytes) -> tuple[DeliveryReceipt, ...]:
    """SmsReport (短信状态报告)."""
    return tuple(
        _receipt(row) for row in callback.rows(body, "phone_number", "success", "report_time")
    )


def _receipt(row: Mapping[str, Any]) -> DeliveryReceipt:
    code = callback.text(row, "err_code")
    delivered = row["success"] is True
    return DeliveryReceipt(
        phone=callback.phone(row, "phone_number"),
        delivered=delivered,
        reason=f"{code} {callback.text(row, 'err_msg')}".strip(),
        blames_person=not delivered and _is_unreachable(code),
        notification=callback.text(row, "out_id"),
        provider_id=callback.text(row, "biz_id"),
        at=callback.beijing_time(callback.text(row, "report_time")),
    )


CHANNEL = ChannelKind(
    name="aliyun_sms",
    medium=Medium.SMS,
    parameters=Parameters,
    secret_names=aliyun.SECRETS,
    send=send,
    ping=ping,
    ask=ask,
    replies=replies,
    receipts=receipts,
    thanks='{"code": 0, "msg": "成功"}',
)
