"""A message to one person through the township's own WeCom app (企业微信应用消息)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import requests
from pydantic import PrivateAttr

from monitor.notify.channel import ChannelKind, Medium, Notification, Receipt
from monitor.providers.outbound import (
    Answer,
    Endpoint,
    accepted,
    busy,
    exchange,
    ping,
    refused,
    settle,
)
from monitor.reference.units import Frozen

_BUSY = {-1, 45009, 45033}  # system busy; called too often; too many at once
_STALE = {40014, 41001, 42001}  # the access token is wrong, missing, expired
_NO_SUCH_USER = {40003, 60111, 81013}  # unknown user id; none of the receivers is valid


class Token:
    """The access token that all threads of one app share; WeCom wants it asked for seldom.

    Its seconds are not counted: WeCom may withdraw it early, so a refusal renews it anyway.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._value = ""

    def other_than(self, stale: str, fetch: Callable[[], str | Receipt]) -> str | Receipt:
        """The token, fetched if the one we have is `stale`; a Receipt tells why there is none."""
        with self._lock:
            if self._value == stale:
                fetched = fetch()
                if isinstance(fetched, Receipt):
                    return fetched
                self._value = fetched
            return self._value


class Parameters(Frozen):
    """`agent_id`: the app's own number in the township's WeCom."""

    corp_id: str
    agent_id: int
    endpoint: Endpoint = "https://qyapi.weixin.qq.com"
    _token: Token = PrivateAttr(default_factory=Token)

    @property
    def token(self) -> Token:
        return self._token


def send(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    """A refused token sent no copy, so it is renewed once and the message sent again."""
    base = f"{parameters.endpoint.rstrip('/')}/cgi-bin"
    body = {
        "touser": notification.address,
        "msgtype": "text",
        "agentid": parameters.agent_id,
        "text": {"content": notification.text},
    }
    payload = json.dumps(body, ensure_ascii=False).encode()
    credentials = {"corpid": parameters.corp_id, "corpsecret": secrets["corp_secret"]}
    stale = ""
    for _ in range(2):
        token = parameters.token.other_than(stale, lambda: _fetch(http, base, credentials))
        if isinstance(token, Receipt):
            return token
        url = f"{base}/message/send?{urlencode({'access_token': token})}"
        answer = exchange(http, url, payload, {"Content-Type": "application/json"})
        if not _is_stale(answer):
            break
        stale = token
    return settle(answer, lambda fields: _judge(fields, notification.address))


def _fetch(http: requests.Session, base: str, credentials: Mapping[str, str]) -> str | Receipt:
    answer = exchange(http, f"{base}/gettoken?{urlencode(credentials)}")
    fields = answer.fields() if isinstance(answer, Answer) else None
    if fields is None:
        return busy("no access token: WeCom does not answer")  # whatever broke, no copy is out
    code, token = fields.get("errcode"), fields.get("access_token")
    if code == 0 and isinstance(token, str) and token:
        return token
    reason = f"no access token: {code} {fields.get('errmsg', '')}".strip()
    return refused(reason) if isinstance(code, int) and code not in _BUSY else busy(reason)


def _is_stale(answer: Answer | Receipt) -> bool:
    return isinstance(answer, Answer) and (answer.fields() or {}).get("errcode") in _STALE


def _judge(fields: Mapping[str, Any], user: str) -> Receipt | None:
    """errcode 0 beside invaliduser or unlicenseduser: the person got nothing."""
    code = fields.get("errcode")
    if not isinstance(code, int):
        return None
    for lack in ("invaliduser", "unlicenseduser"):
        if user.casefold() in str(fields.get(lack) or "").casefold().split("|"):
            return refused(lack, blames_person=True)
    reason = f"{code} {fields.get('errmsg', '')}".strip()
    if code == 0:
        return accepted(str(fields.get("msgid", "")))
    if code in _BUSY:
        return busy(reason)
    return refused(reason, blames_person=code in _NO_SUCH_USER)


CHANNEL = ChannelKind(
    name="wecom_app",
    medium=Medium.WECHAT,
    parameters=Parameters,
    secret_names=("corp_secret",),
    send=send,
    ping=ping,
)
