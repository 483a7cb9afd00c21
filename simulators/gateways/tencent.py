"""Tencent Cloud's SMS as it answers: signature, sign name, template, number.

The signature check is written from Tencent's public documents, apart from the service's signer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from simulators.gateways.messages import (
    BEIJING,
    Answer,
    Refused,
    Report,
    Request,
    Response,
    Take,
)

_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<day>[\d-]+)/sms/tc3_request, "
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), Signature=(?P<mac>[0-9a-f]{64})"
)
_WORDS = {
    "InvalidParameterValue.IncorrectPhoneNumber": "incorrect phone number",
    "InvalidParameterValue.TemplateParameterFormatError": "template parameter format error",
    "FailedOperation.TemplateIncorrectOrUnapproved": "template is not approved or request content "
    "does not match the approved template content",
    "FailedOperation.SignatureIncorrectOrUnapproved": "signature is incorrect or unapproved",
}


class Tencent:
    """`templates`: filed id → text with {1}, {2}, …; None takes any id."""

    name = "tencent"

    def __init__(
        self,
        secret_id: str,
        secret: str,
        *,
        sign_name: str,
        templates: Mapping[str, str] | None = None,
    ) -> None:
        self._secret_id = secret_id
        self._secret = secret
        self._sign_name = sign_name
        self._templates = templates
        self._lock = Lock()
        self._reports: list[dict[str, Any]] = []

    def answer(self, request: Request, take: Take) -> Response:
        if fault := self._fault(request):
            return _error(*fault)
        fields = json.loads(request.body)
        match request.headers.get("x-tc-action"):
            case "SendSms":
                return self._send(fields, take)
            case "PullSmsSendStatusByPhoneNumber":
                return self._pull(fields)
        return _error("InvalidAction", "The request action is invalid.")

    def _fault(self, request: Request) -> tuple[str, str] | None:
        """Code and words of what is wrong with the signature."""
        given = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        stamp = request.headers.get("x-tc-timestamp", "")
        if given is None or not stamp.isdigit():
            return "AuthFailure.InvalidAuthorization", "The Authorization header is not valid."
        if given["id"] != self._secret_id:
            return "AuthFailure.SecretIdNotFound", "The SecretId is not found."
        at = datetime.fromtimestamp(int(stamp), UTC)
        if abs((at - request.arrived_at).total_seconds()) > 300:
            return "AuthFailure.SignatureExpire", "Signature expired."
        if not hmac.compare_digest(given["mac"], self._expected(request, given, stamp)):
            return (
                "AuthFailure.SignatureFailure",
                "The provided credentials could not be validated. Please check your signature "
                "is correct.",
            )
        return None

    def _expected(self, request: Request, given: re.Match[str], stamp: str) -> str:
        names = given["names"].split(";")
        head = "\n".join(f"{name}:{request.headers.get(name, '').lower()}" for name in names)
        body = hashlib.sha256(request.body).hexdigest()
        canonical = "\n".join(["POST", "/", "", head, "", given["names"], body])
        scope = f"{given['day']}/sms/tc3_request"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        key = ("TC3" + self._secret).encode()
        for word in scope.split("/"):
            key = hmac.digest(key, word.encode(), "sha256")
        text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
        return hmac.digest(key, text.encode(), "sha256").hex()

    def _send(self, fields: Mapping[str, Any], take: Take) -> Response:
        number = fields["PhoneNumberSet"][0]
        context = fields.get("SessionContext", "")
        text, code = self._judge(fields)
        serial = ""
        if not code:
            try:
                taken = take(number.removeprefix("+86"), text, context)
                serial = f"2028:{taken}"
            except Refused as refused:
                code = refused.code or "InvalidParameterValue.IncorrectPhoneNumber"
        row = {
            "SerialNo": serial,
            "PhoneNumber": number,
            "Fee": 0 if code else 1,
            "SessionContext": context,
            "Code": code or "Ok",
            "Message": _WORDS.get(code, code) if code else "send success",
            "IsoCode": "CN",
        }
        if not code:
            with self._lock:
                self._reports.append(row)
        return _response({"SendStatusSet": [row]})

    def _judge(self, fields: Mapping[str, Any]) -> tuple[str, str]:
        """The message as the phone shows it, and the code of what is wrong with it, or ""."""
        if fields.get("SignName") != self._sign_name:
            return "", "FailedOperation.SignatureIncorrectOrUnapproved"
        if not re.fullmatch(r"\+861[3-9]\d{9}", fields["PhoneNumberSet"][0]):
            return "", "InvalidParameterValue.IncorrectPhoneNumber"
        values = fields.get("TemplateParamSet", [])
        if self._templates is None:
            return f"【{self._sign_name}】{' '.join(values)}", ""
        if fields.get("TemplateId") not in self._templates:
            return "", "FailedOperation.TemplateIncorrectOrUnapproved"
        body = re.sub(r"^【[^】]*】", "", self._templates[fields["TemplateId"]])
        if sorted(set(re.findall(r"\{(\d+)\}", body)), key=int) != [
            str(n + 1) for n in range(len(values))
        ]:
            return "", "InvalidParameterValue.TemplateParameterFormatError"
        filled = re.sub(r"\{(\d+)\}", lambda found: values[int(found[1]) - 1], body)
        return f"【{self._sign_name}】{filled}", ""

    def _pull(self, fields: Mapping[str, Any]) -> Response:
        """Receipts of messages to a number; all arrived."""
        with self._lock:
            rows = [row for row in self._reports if row["PhoneNumber"] == fields["PhoneNumber"]]
        found = [
            {
                "PhoneNumber": row["PhoneNumber"],
                "SerialNo": row["SerialNo"],
                "SessionContext": row["SessionContext"],
                "ReportStatus": "SUCCESS",
                "Description": "DELIVRD",
            }
            for row in rows
        ]
        return _response({"PullSmsSendStatusSet": found})

    def reply_body(self, answer: Answer) -> Any:
        return {
            "extend": "0",
            "mobile": answer.message.to,
            "nationcode": "86",
            "sign": self._sign_name,
            "text": answer.text,
            "time": int(answer.at.timestamp()),
        }

    def receipt_body(self, report: Report) -> Any:
        return [
            {
                "user_receive_time": report.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
                "nationcode": "86",
                "mobile": report.message.to,
                "report_status": "SUCCESS" if report.delivered else "FAIL",
                "errmsg": "DELIVRD" if report.delivered else "MI:0013",
                "description": "用户短信送达成功" if report.delivered else "用户停机",
                "sid": f"2028:{report.message.provider_id}",
            }
        ]


def _response(fields: Mapping[str, Any]) -> Response:
    digest = hashlib.sha1(repr(fields).encode()).hexdigest()
    return Response(200, {"Response": {**fields, "RequestId": digest[:32]}})


def _error(code: str, words: str) -> Response:
    return _response({"Error": {"Code": code, "Message": words}})
