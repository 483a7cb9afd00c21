"""Aliyun's SMS as it answers: signature, sign name, template, number, daily quota."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

from simulators.gateways.aliyun_door import Door, fill, refusal, request_id
from simulators.gateways.messages import (
    BEIJING,
    Answer,
    Refused,
    Report,
    Request,
    Response,
    Take,
)

_MOBILE = re.compile(r"1[3-9]\d{9}")


class _Sent(NamedTuple):
    phone: str
    reference: str
    template: str
    text: str


class Aliyun:
    """`templates`: filed code → text with ${variables}; None takes any code.

    `per_day`: messages with one template to one number in a Beijing day; None: no quota.
    """

    name = "aliyun"

    def __init__(
        self,
        key_id: str,
        secret: str,
        *,
        sign_name: str,
        templates: Mapping[str, str] | None = None,
        per_day: int | None = 50,
    ) -> None:
        self._door = Door(key_id, secret)
        self._sign_name = sign_name
        self._templates = templates
        self._per_day = per_day
        self._lock = Lock()
        self._sent: list[_Sent] = []
        self._today: Counter[tuple[str, str, str]] = Counter()

    def answer(self, request: Request, take: Take) -> Response:
        fields = self._door.enter(request)
        if isinstance(fields, Response):
            return fields
        match fields.get("Action"):
            case "SendSms":
                return self._send(fields, take, request.arrived_at)
            case "QuerySendDetails":
                return self._query(fields, request.arrived_at)
        return refusal("InvalidAction.NotFound", status=404)

    def _send(self, fields: Mapping[str, str], take: Take, at: datetime) -> Response:
        phone, code = fields.get("PhoneNumbers", ""), fields.get("TemplateCode", "")
        reference = fields.get("OutId", "")
        text, fault = self._judge(fields)
        if fault or not self._within_quota(phone, code, at):
            return refusal(fault or "isv.BUSINESS_LIMIT_CONTROL")
        try:
            biz_id = take(phone, text, reference)
        except Refused as refused:
            return refusal(refused.code or "isv.MOBILE_NUMBER_ILLEGAL")
        with self._lock:
            self._sent.append(_Sent(phone, reference, code, text))
        body = {"Message": "OK", "RequestId": request_id(biz_id), "Code": "OK"}
        return Response(200, {**body, "BizId": biz_id})

    def _judge(self, fields: Mapping[str, str]) -> tuple[str, str]:
        """The message as the phone shows it, and the code of what is wrong with it, or ""."""
        if fields.get("SignName") != self._sign_name:
            return "", "isv.SMS_SIGNATURE_ILLEGAL"
        if not _MOBILE.fullmatch(fields.get("PhoneNumbers", "")):
            return "", "isv.MOBILE_NUMBER_ILLEGAL"
        try:
            values = json.loads(fields.get("TemplateParam", "{}"))
        except ValueError:
            return "", "isv.INVALID_JSON_PARAM"
        text, fault = fill(self._templates, fields.get("TemplateCode", ""), values)
        return f"【{self._sign_name}】{text}", fault

    def _within_quota(self, phone: str, code: str, at: datetime) -> bool:
        key = (phone, code, at.astimezone(BEIJING).date().isoformat())
        with self._lock:
            self._today[key] += 1
            return self._per_day is None or self._today[key] <= self._per_day

    def _query(self, fields: Mapping[str, str], at: datetime) -> Response:
        """Details of messages to a number; all stand as arrived."""
        with self._lock:
            found = [sent for sent in self._sent if sent.phone == fields.get("PhoneNumber")]
        rows = [
            {
                "PhoneNum": sent.phone,
                "OutId": sent.reference,
                "TemplateCode": sent.template,
                "Content": sent.text,
                "SendStatus": 3,
                "ErrCode": "DELIVERED",
                "SendDate": _written(at),
                "ReceiveDate": _written(at),
            }
            for sent in found
        ]
        body = {"TotalCount": str(len(rows)), "Message": "OK", "Code": "OK"}
        return Response(200, {**body, "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}})

    def reply_body(self, answer: Answer) -> Any:
        """SmsUp."""
        digest = hashlib.sha1(repr(answer).encode()).hexdigest()
        return [
            {
                "phone_number": answer.message.to,
                "content": answer.text,
                "sign_name": self._sign_name,
                "dest_code": "1",
                "send_time": _written(answer.at),
                "sequence_id": int(digest[:12], 16),
            }
        ]

    def receipt_body(self, report: Report) -> Any:
        """SmsReport."""
        return [
            {
                "phone_number": report.message.to,
                "send_time": _written(report.message.at),
                "report_time": _written(report.at),
                "success": report.delivered,
                "err_code": "DELIVERED" if report.delivered else "MOBILE_NOT_ON_SERVICE",
                "err_msg": "用户接收成功" if report.delivered else "停机",
                "sms_size": "1",
                "biz_id": report.message.provider_id,
                "out_id": report.message.reference,
            }
        ]


def _written(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
