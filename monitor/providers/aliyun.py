"""Aliyun's RPC dialect, spoken by its SMS and its voice channel alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import requests

from monitor.clock import SystemClock
from monitor.notify.channel import Receipt
from monitor.providers.outbound import Answer, accepted, busy, exchange, refused
from monitor.providers.signatures import aliyun_rpc_query

SECRETS = ("access_key_id", "access_key_secret")
_PERSON = {"isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.MOBILE_IN_BLACK"}
_BUSY = {"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "InternalError", "ServiceUnavailable"}


def call(
    endpoint: str,
    secrets: Mapping[str, str],
    http: requests.Session,
    action: Mapping[str, str],
) -> Answer | Receipt:
    """One signed POST of the 2017-05-25 version, which both services have.

    Signed with the wall clock, which the provider holds against its own; never a demo's.
    """
    body = aliyun_rpc_query(
        {"Version": "2017-05-25", "RegionId": "cn-hangzhou", **action},
        *(secrets[name] for name in SECRETS),
        at=SystemClock().now(),
        nonce=str(uuid4()),
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return exchange(http, endpoint, body.encode(), headers)


def judge(fields: Mapping[str, Any], id_field: str) -> Receipt | None:
    """What `Code` means for the copy; None where there is no code.

    A day's quota is no reason to wait: tomorrow is too late, the next channel is not.
    """
    code = str(fields.get("Code", ""))
    reason = f"{code} {fields.get('Message', '')}".strip()
    if code == "OK":
        return accepted(str(fields.get(id_field, "")))
    if (code in _BUSY and "天级" not in reason) or code.startswith("Throttling"):
        return busy(reason)
    return refused(reason, blames_person=code in _PERSON) if code else None
