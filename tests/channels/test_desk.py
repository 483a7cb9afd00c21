from __future__ import annotations

import requests

from monitor.channels.desk import CHANNEL, Parameters
from monitor.notify.channel import Notification, SendOutcome


def test_what_is_kept_has_reached_the_desk(
    notification: Notification, http: requests.Session
) -> None:
    receipt = CHANNEL.send(Parameters(), {}, http, notification)
    assert receipt.outcome is SendOutcome.ACCEPTED
