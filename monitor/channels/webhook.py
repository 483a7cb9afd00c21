"""POSTs a notification as JSON to a neighbour system; 2xx means taken."""

from __future__ import annotations

import json
from collections.abc import Mapping

import requests

from monitor.notify.channel import ChannelKind, Medium, Notification, Receipt
from monitor.providers.outbound import Endpoint, accepted, by_status, exchange
from monitor.providers.signatures import body_hmac
from monitor.reference.units import Frozen

SIGNATURE = "X-Monitor-Signature"


class Parameters(Frozen):
    """Where the neighbour listens."""

    url: Endpoint


def body_of(notification: Notification) -> bytes:
    """Canonical JSON. No phone number: the receiver is told what is said, not to whom."""
    fields = {
        "id": notification.id,
        "township": notification.scope.township,
        "status": notification.scope.status.value,
        "drill_id": notification.scope.drill_id,
        "subject": notification.subject,
        "use": notification.use,
        "severity": notification.severity.name,
        "duty": notification.duty,
        "text": notification.text,
        "created_at": notification.created_at.isoformat(),
    }
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()


def send(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    """The id goes out as the idempotency key, so that a second copy can be told as one."""
    body = body_of(notification)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": notification.id,
        SIGNATURE: f"sha256={body_hmac(body, secrets['signing_key'])}",
    }
    answer = exchange(http, parameters.url, body, headers)
    if isinstance(answer, Receipt):
        return answer
    return accepted(notification.id) if answer.status // 100 == 2 else by_status(answer.status)


CHANNEL = ChannelKind(
    name="webhook",
    medium=Medium.WEBHOOK,
    parameters=Parameters,
    secret_names=("signing_key",),
    send=send,
)
