"""Aliyun's voice service as it answers: a call that speaks a template and waits for a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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


class AliyunVoice:
    """`templates`: filed code → text with ${variables}; None takes any code."""

    name = "aliyun_voice"

    def __init__(
        self, key_id: str, secret: str, *, templates: Mapping[str, str] | None = None
    ) -> None:
        self._door = Door(key_id, secret)
        self._templates = templates

    def answer(self, request: Request, take: Take) -> Response:
        fields = self._door.enter(request)
        if isinstance(fields, Response):
            return fields
        if fields.get("Action") != "IvrCall":
            return refusal("InvalidAction.NotFound", status=404)
        try:
            values = json.loads(fields.get("StartTtsParams", "{}"))
        except ValueError:
            return refusal("isv.INVALID_JSON_PARAM")
        text, fault = fill(self._templates, fields.get("StartCode", ""), values)
        if fault:
            return refusal(fault)
        try:
            call_id = take(fields.get("CalledNumber", ""), text, fields.get("OutId", ""))
        except Refused as refused:
            return refusal(refused.code or "isv.MOBILE_NUMBER_ILLEGAL")
        body = {"Message": "OK", "RequestId": request_id(call_id), "Code": "OK"}
        return Response(200, {**body, "CallId": call_id})

    def reply_body(self, answer: Answer) -> Any:
        """A pressed key comes in the same record as the call itself."""
        return [_record(answer, answered=True, dtmf=answer.text)]

    def receipt_body(self, report: Report) -> Any:
        return [_record(report, answered=report.delivered, dtmf="")]


def _record(event: Answer | Report, *, answered: bool, dtmf: str) -> dict[str, Any]:
    written = event.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "call_id": event.message.provider_id,
        "callee": event.message.to,
        "originate_time": written,
        "start_time": written if answered else "",
        "end_time": written,
        "duration": "16" if answered else "0",
        "status_code": "200000" if answered else "200010",
        "status_msg": "用户接听" if answered else "关机",
        "out_id": event.message.reference,
        "dtmf": dtmf,
        "voice_type": "voice",
    }
