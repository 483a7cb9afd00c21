"""值班台: the duty room's own screen. Its page shows the kept promise, so nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping

import requests

from monitor.notify.channel import ChannelKind, Medium, Notification, Receipt, SendOutcome
from monitor.reference.units import Frozen


class Parameters(Frozen):
    """Nothing to set."""


def send(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    return Receipt(SendOutcome.ACCEPTED, notification.id, "", blames_person=False)


CHANNEL = ChannelKind(
    name="desk", medium=Medium.DESK, parameters=Parameters, secret_names=(), send=send
)
