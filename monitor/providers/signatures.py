"""How providers want a request signed. Pure: the time and the nonce are arguments."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote


def _hmac(key: bytes, text: str, algorithm: str) -> bytes:
    return hmac.new(key, text.encode(), algorithm).digest()


def percent_encode(text: str) -> str:
    """RFC 3986: all but letters, digits and -_.~ is escaped, a blank as %20."""
    return quote(text, safe="-_.~")


def canonical_query(params: Mapping[str, str]) -> str:
    """Sorted by name, both sides escaped."""
    return "&".join(
        f"{percent_encode(name)}={percent_encode(value)}" for name, value in sorted(params.items())
    )


def aliyun_rpc_string(method: str, params: Mapping[str, str]) -> str:
    """What Aliyun's RPC style signs: the query escaped twice."""
    return f"{method}&{percent_encode('/')}&{percent_encode(canonical_query(params))}"


def aliyun_rpc(method: str, params: Mapping[str, str], secret: str) -> str:
    """Aliyun RPC, HMAC-SHA1, base64. Source: Aliyun, "RPC 机制签名" (signature version 1.0)."""
    text = aliyun_rpc_string(method, params)
    return base64.b64encode(_hmac(f"{secret}&".encode(), text, "sha1")).decode()


def aliyun_rpc_query(
    params: Mapping[str, str], key_id: str, secret: str, *, at: datetime, nonce: str
) -> str:
    """The signed form body of one POST; `params` holds Action, Version and the action's own."""
    signed = {
        "AccessKeyId": key_id,
        "Format": "JSON",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": nonce,
        "SignatureVersion": "1.0",
        "Timestamp": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **params,
    }
    return canonical_query({**signed, "Signature": aliyun_rpc("POST", signed, secret)})


def tencent_tc3(
    secret_id: str,
    secret: str,
    *,
    service: str,
    at: datetime,
    headers: Mapping[str, str],
    payload: bytes,
) -> str:
    """The Authorization header of a POST to "/". `headers`: those signed, content-type among them.

    Source: Tencent Cloud, "签名方法 v3" (TC3-HMAC-SHA256).
    """
    lowered = {name.lower(): value.strip().lower() for name, value in headers.items()}
    names = ";".join(sorted(lowered))
    lines = "".join(f"{name}:{lowered[name]}\n" for name in sorted(lowered))
    digest = hashlib.sha256(payload).hexdigest()
    request = f"POST\n/\n\n{lines}\n{names}\n{digest}"
    day = at.astimezone(UTC).date().isoformat()
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{int(at.timestamp())}\n{day}/{service}/tc3_request\n{hashed}"
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = _hmac(key, part, "sha256")
    return (
        f"TC3-HMAC-SHA256 Credential={secret_id}/{day}/{service}/tc3_request, "
        f"SignedHeaders={names}, Signature={_hmac(key, text, 'sha256').hex()}"
    )


def body_hmac(body: bytes, secret: str) -> str:
    """Hex HMAC-SHA256 of a body, as a webhook's receiver checks it."""
    return hmac.new(secret.encode(), body, "sha256").hexdigest()
