"""How Aliyun checks a signed RPC request.

Written from Aliyun's public documents, apart from the service's own signer, so that the two
check each other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from string import Template
from threading import Lock
from urllib.parse import parse_qsl, quote

from simulators.gateways.messages import Request, Response

WORDS = {
    "isv.MOBILE_NUMBER_ILLEGAL": "非法手机号",
    "isv.SMS_SIGNATURE_ILLEGAL": "短信签名不合法",
    "isv.SMS_TEMPLATE_ILLEGAL": "短信模版不合法",
    "isv.TEMPLATE_MISSING_PARAMETERS": "模版缺少变量",
    "isv.INVALID_JSON_PARAM": "JSON参数不合法，只接受字符串值",
    "isv.BUSINESS_LIMIT_CONTROL": "触发天级流控Permits:50",
}


class Door:
    """Lets a request in when its signature, time and nonce are right. Thread-safe."""

    def __init__(self, key_id: str, secret: str) -> None:
        self._key_id = key_id
        self._secret = secret
        self._lock = Lock()
        self._nonces: set[str] = set()

    def enter(self, request: Request) -> dict[str, str] | Response:
        """The fields of the request, or the answer that turns it away."""
        fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        fields |= dict(request.query)
        fault = self._fault(request.method, fields, request.arrived_at)
        return refusal(fault, status=400) if fault else fields

    def _fault(self, method: str, fields: dict[str, str], at: datetime) -> str:
        if fields.get("AccessKeyId") != self._key_id:
            return "InvalidAccessKeyId.NotFound"
        given = fields.pop("Signature", "")
        joined = "&".join(f"{_escape(k)}={_escape(v)}" for k, v in sorted(fields.items()))
        text = f"{method}&%2F&{_escape(joined)}"
        mac = hmac.new(f"{self._secret}&".encode(), text.encode(), hashlib.sha1)
        if not hmac.compare_digest(base64.b64encode(mac.digest()).decode(), given):
            return "SignatureDoesNotMatch"
        try:
            stamp = datetime.strptime(fields["Timestamp"], "%Y-%m-%dT%H:%M:%S%z")
        except (KeyError, ValueError):
            return "InvalidTimeStamp.Format"
        if abs(stamp - at) > timedelta(minutes=15):
            return "InvalidTimeStamp.Expired"
        nonce = fields.get("SignatureNonce", "")
        with self._lock:
            if nonce in self._nonces:
                return "SignatureNonceUsed"
            self._nonces.add(nonce)
        return ""


def fill(templates: Mapping[str, str] | None, code: str, values: object) -> tuple[str, str]:
    """The body as it is shown or spoken, and the code of what is wrong with it, or ""."""
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        return "", "isv.INVALID_JSON_PARAM"
    if templates is None:
        return " ".join(values.values()), ""
    if code not in templates:
        return "", "isv.SMS_TEMPLATE_ILLEGAL"
    try:
        return Template(re.sub(r"^【[^】]*】", "", templates[code])).substitute(values), ""
    except KeyError:
        return "", "isv.TEMPLATE_MISSING_PARAMETERS"


def refusal(code: str, status: int = 200) -> Response:
    body = {"Message": WORDS.get(code, code), "RequestId": request_id(code), "Code": code}
    return Response(status, body)


def request_id(text: str) -> str:
    digest = hashlib.sha1(text.encode()).hexdigest().upper()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"


def _escape(text: str) -> str:
    return quote(text, safe="~")
