"""WeCom as it answers: the app that writes to one person, and the robot of a group."""

from __future__ import annotations

import json
from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from simulators.gateways.messages import Answer, Refused, Report, Request, Response, Take

LONGEST = {"text": 2048, "markdown": 4096}  # bytes


class _Silent:
    """WeCom posts no receipts, and its replies are encrypted XML, which is not built."""

    def reply_body(self, answer: Answer) -> Any:
        return None

    def receipt_body(self, report: Report) -> Any:
        return None


class WecomApp(_Silent):
    """`unlicensed`: users whose licence has run out; they get nothing inside an errcode 0."""

    name = "wecom_app"

    def __init__(
        self, corp_id: str, corp_secret: str, *, unlicensed: frozenset[str] = frozenset()
    ) -> None:
        self._credentials = (corp_id, corp_secret)
        self._unlicensed = unlicensed
        self._lock = Lock()
        self._tokens = 0
        self._withdrawn = 0

    def withdraw_token(self) -> None:
        """All tokens handed out so far count as expired."""
        with self._lock:
            self._withdrawn = self._tokens

    def answer(self, request: Request, take: Take) -> Response:
        if request.path == "/cgi-bin/gettoken":
            return self._hand_out(request)
        if request.path != "/cgi-bin/message/send":
            return _said(40066, "invalid url")
        token = request.query.get("access_token", "").removeprefix("token-")
        if not token.isdigit() or int(token) > self._tokens:
            return _said(40014, "invalid access_token")
        if int(token) <= self._withdrawn:
            return _said(42001, "access_token expired")
        fields = json.loads(request.body)
        user, text = fields.get("touser", ""), fields.get("text", {}).get("content", "")
        if user in self._unlicensed:
            return _said(0, "ok", unlicenseduser=user, msgid="")
        try:
            msgid = take(user, text, "")
        except Refused as refused:
            if refused.code:
                return _said(int(refused.code), "refused")
            return _said(0, "ok", invaliduser=user, msgid="")
        return _said(0, "ok", msgid=msgid)

    def _hand_out(self, request: Request) -> Response:
        if (request.query.get("corpid"), request.query.get("corpsecret")) != self._credentials:
            return _said(40001, "invalid credential")
        with self._lock:
            if self._tokens == self._withdrawn:
                self._tokens += 1
            return _said(0, "ok", access_token=f"token-{self._tokens}", expires_in=7200)


class WecomRobot(_Silent):
    """`per_minute`: beyond it errcode 45009, by the wall clock; None: no limit."""

    name = "wecom_robot"

    def __init__(self, key: str, *, per_minute: int | None = 20) -> None:
        self._key = key
        self._per_minute = per_minute
        self._lock = Lock()
        self._recent: deque[datetime] = deque()

    def answer(self, request: Request, take: Take) -> Response:
        if request.path != "/cgi-bin/webhook/send" or request.query.get("key") != self._key:
            return _said(93000, "invalid webhook url")
        fields = json.loads(request.body)
        form = fields.get("msgtype")
        if form not in LONGEST:
            return _said(40008, "invalid message type")
        text = fields[form]["content"]
        if len(text.encode()) > LONGEST[form]:
            return _said(40058, f"{form}.content exceed max length {LONGEST[form]}")
        if not self._within_rate(request.arrived_at):
            return _said(45009, "api freq out of limit")
        try:
            take("group", text, "")
        except Refused as refused:
            return _said(int(refused.code or 93000), "refused")
        return _said(0, "ok")

    def _within_rate(self, at: datetime) -> bool:
        with self._lock:
            while self._recent and at - self._recent[0] >= timedelta(minutes=1):
                self._recent.popleft()
            if self._per_minute is not None and len(self._recent) >= self._per_minute:
                return False
            self._recent.append(at)
            return True


def _said(code: int, words: str, **more: Any) -> Response:
    return Response(200, {"errcode": code, "errmsg": words, **more})
