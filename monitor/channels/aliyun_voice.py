"""A call that speaks and waits for a key, through Aliyun (阿里云语音服务, IvrCall)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests

from monitor.notify.channel import (
    ChannelKind,
    DeliveryReceipt,
    Medium,
    Notification,
    Receipt,
    Reply,
)
from monitor.providers import aliyun, callback
from monitor.providers.outbound import Endpoint, ping, refused, settle
from monitor.reference.units import Frozen

_PICKED_UP = "200000"  # status_code
_HEARD, _HELP, _AGAIN = "1", "2", "3"  # the keys that the spoken words offer


class Parameters(Frozen):
    """`templates`: our use → the spoken template's code as filed, "TTS_…".

    `show_number`: the bought number that the phone displays. `goodbye`: the template spoken
    after key 1 or 2. The provider calls one number once a minute, 5 times an hour, 20 a day.
    """

    show_number: str
    templates: Mapping[str, str]
    goodbye: str
    endpoint: Endpoint = "https://dyvmsapi.aliyuncs.com/"


def send(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    """ACCEPTED: the call is being made. Whether it was picked up comes by the hook."""
    template = parameters.templates.get(notification.use)
    if template is None:
        return refused(f"no template is filed for {notification.use}")
    words = json.dumps(dict(notification.variables), ensure_ascii=False)
    action = {
        "Action": "IvrCall",
        "CalledShowNumber": parameters.show_number,
        "CalledNumber": notification.address,
        "StartCode": template,
        "StartTtsParams": words,
        "MenuKeyMap.1.Key": _HEARD,
        "MenuKeyMap.1.Code": parameters.goodbye,
        "MenuKeyMap.2.Key": _HELP,
        "MenuKeyMap.2.Code": parameters.goodbye,
        "MenuKeyMap.3.Key": _AGAIN,
        "MenuKeyMap.3.Code": template,
        "MenuKeyMap.3.TtsParams": words,
        "PlayTimes": "2",
        "OutId": notification.id,
    }
    answer = aliyun.call(parameters.endpoint, secrets, http, action)
    return settle(answer, lambda fields: aliyun.judge(fields, "CallId"))


def replies(body: bytes) -> tuple[Reply, ...]:
    """VoiceReport: the records in which a key was pressed; listening again is no answer."""
    return tuple(
        Reply(
            phone=callback.phone(row, "callee"),
            text=keys[-1],
            sent_at=callback.beijing_time(callback.text(row, "end_time")),
            provider_id=callback.text(row, "call_id"),
            notification=callback.text(row, "out_id"),
        )
        for row in _records(body)
        if (keys := callback.text(row, "dtmf").replace(_AGAIN, ""))
    )


def receipts(body: bytes) -> tuple[DeliveryReceipt, ...]:
    """VoiceReport: of every call, whether it was picked up."""
    return tuple(_receipt(row) for row in _records(body))


def _records(body: bytes) -> list[Mapping[str, Any]]:
    return callback.rows(body, "callee", "call_id", "status_code", "end_time")


def _receipt(row: Mapping[str, Any]) -> DeliveryReceipt:
    code, words = callback.text(row, "status_code"), callback.text(row, "status_msg")
    delivered = code == _PICKED_UP
    return DeliveryReceipt(
        phone=callback.phone(row, "callee"),
        delivered=delivered,
        reason=f"{code} {words}".strip(),
        blames_person=not delivered and callback.is_unreachable(words),
        notification=callback.text(row, "out_id"),
        provider_id=callback.text(row, "call_id"),
        at=callback.beijing_time(callback.text(row, "end_time")),
    )


CHANNEL = ChannelKind(
    name="aliyun_voice",
    medium=Medium.VOICE,
    parameters=Parameters,
    secret_names=aliyun.SECRETS,
    send=send,
    ping=ping,
    replies=replies,
    receipts=receipts,
    thanks='{"code": 0, "msg": "成功"}',
)
