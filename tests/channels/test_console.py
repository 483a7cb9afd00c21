from __future__ import annotations

from io import StringIO

import pytest
import requests

from monitor.channels.console import CHANNEL, Parameters, show
from monitor.notify.channel import Notification, SendOutcome


def test_the_console_shows_the_text_and_masks_the_number(notification: Notification) -> None:
    out = StringIO()
    assert show(notification, out).outcome is SendOutcome.ACCEPTED
    assert notification.text in out.getvalue()
    assert "138****0001" in out.getvalue()
    assert notification.address not in out.getvalue()


def test_a_message_is_one_line(
    notification: Notification, http: requests.Session, capsys: pytest.CaptureFixture[str]
) -> None:
    CHANNEL.send(Parameters(), {}, http, notification)
    assert capsys.readouterr().out.count("\n") == 1
