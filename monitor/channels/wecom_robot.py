"""A WeCom group's robot (企业微信群机器人). A group is told; nobody in it is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

import requests

from monitor.notify.channel import ChannelKind, Medium, Notification, Receipt
from monitor.notify.templates import GROUP_END
from monitor.providers.outbound import Endpoint, accepted, busy, exchange, refused, settle
from monitor.reference.units import Frozen
from monitor.scope import Status

LONGEST = {"text": 2048, "markdown": 4096}  # bytes of UTF-8
_CUT = "……（全文见值班台）"
_BUSY = {-1, 45009, 45033}  # system busy; 20 a minute; too many at once


class Parameters(Frozen):
    """`form` "markdown" is not shown by ordinary WeChat, "text" everywhere."""

    form: Literal["text", "markdown"] = "text"
    endpoint: Endpoint = "https://qyapi.weixin.qq.com"


def content(notification: Notification, longest: int) -> str:
    """The text with its closing line, cut by whole characters to `longest` bytes, and said so.

    A drill's message ends as a drill's, after the closing line.
    """
    closing = "" if GROUP_END in notification.text else f"\n{GROUP_END}"
    if notification.scope.status is Status.EXERCISE:
        closing += "\n以上为演练"
    room = longest - len(closing.encode())
    text = notification.text
    if len(text.encode()) > room:
        kept = text.encode()[: room - len(_CUT.encode())]
        text = kept.decode(errors="ignore") + _CUT
    return text + closing


def send(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    """The key is the secret, and part of the URL: no answer and no reason may quote it."""
    url = f"{parameters.endpoint.rstrip('/')}/cgi-bin/webhook/send?key={secrets['key']}"
    text = content(notification, LONGEST[parameters.form])
    body = {"msgtype": parameters.form, parameters.form: {"content": text}}
    payload = json.dumps(body, ensure_ascii=False).encode()
    return settle(exchange(http, url, payload, {"Content-Type": "application/json"}), _judge)


def _judge(fields: Mapping[str, Any]) -> Receipt | None:
    code = fields.get("errcode")
    if not isinstance(code, int):
        return None
    reason = f"{code} {fields.get('errmsg', '')}".strip()
    if code == 0:
        return accepted()
    return busy(reason) if code in _BUSY else refused(reason)


CHANNEL = ChannelKind(
    name="wecom_robot",
    medium=Medium.GROUP,
    parameters=Parameters,
    secret_names=("key",),
    send=send,
)
