"""Prints what the phone would show; stands where an SMS provider will stand."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TextIO

import requests

from monitor.notify.channel import ChannelKind, Medium, Notification, Receipt, SendOutcome
from monitor.reference.phones import mask
from monitor.reference.units import Frozen


class Parameters(Frozen):
    """Nothing to set."""


def send(
    parameters: Parameters,
    secrets: Mapping[str, str],
    http: requests.Session,
    notification: Notification,
) -> Receipt:
    return show(notification, sys.stdout)


def show(notification: Notification, out: TextIO) -> Receipt:
    """One write a message, so that lines of several threads do not mix; numbers masked."""
    address = mask(notification.address)
    out.write(f"→ {notification.person} {address} {notification.text}\n")
    out.flush()
    return Receipt(SendOutcome.ACCEPTED, notification.id, "", blames_person=False)


CHANNEL = ChannelKind(
    name="console",
    medium=Medium.SMS,
    parameters=Parameters,
    secret_names=(),
    send=send,
    prints_only=True,
)
