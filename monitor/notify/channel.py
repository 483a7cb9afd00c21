"""What is promised to one person, and what became of the promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from monitor.alerting.severity import Severity
from monitor.scope import Scope


class Medium(StrEnum):
    """How it reaches a person; a policy names media, a channel offers one."""

    SMS = "sms"
    VOICE = "voice"
    WECHAT = "wechat"  # to one person, through the township's WeCom
    GROUP = "group"  # a WeCom group: no person, no answer
    DESK = "desk"  # the duty room's own screen
    WEBHOOK = "webhook"


PERSONAL = (Medium.SMS, Medium.VOICE, Medium.WECHAT)
"""Those that reach one person, wherever they are."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A promise to tell one person by one channel (通知). Kept before it is sent."""

    id: str
    """From alert, person, channel, step, round: deciding twice promises once."""
    scope: Scope
    subject: str
    """The alert's or the finding bundle's id."""
    ladder: str | None
    """The ladder (escalation + duty) that waits for an answer; None: no answer is asked."""
    person: str
    duty: str
    channel: str
    """The channel's id in `config/channels.yaml`."""
    address: str
    """Phone, WeCom user or URL, as it was when promised (snapshot)."""
    use: str
    """The template's name in `monitor/notify/wording.py`."""
    variables: Mapping[str, str]
    text: str
    """What the phone shows, signature included."""
    code: str
    """The digits to answer with; "" where none is asked."""
    severity: Severity
    step: int
    round: int
    created_at: datetime
    due_at: datetime
    """Not before; later than `created_at` only outside a person's daytime."""
    if_standing: bool = False
    """True: when due it is sent only if the alert still stands at `severity`; else it lapses."""


class SendOutcome(StrEnum):
    """What became of one attempt (invariant 3)."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # no copy went out; permanent: the next channel is taken
    BUSY = "busy"  # no copy went out; try again later (rate limit, 5xx before acceptance)
    UNSURE = "unsure"  # a copy may have gone out
    UNKNOWN = "unknown"  # asked what became of one that is unsure, and not told: no copy by that


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's answer to one attempt. `reason` is in the provider's words, with its code."""

    outcome: SendOutcome
    provider_id: str
    reason: str
    blames_person: bool
    """True: unreachable number or user (关机/停机, invaliduser); False: 通道失败, ours."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote back (上行). Whose it is, and whether it counts, is not decided here."""

    phone: str
    """Digits without country code, as the provider says it."""
    text: str
    sent_at: datetime
    provider_id: str
    """"" where the provider gives none; the same reply may be posted twice."""
    notification: str = ""
    """The id of the one it answers: a pressed key belongs to its call. "": it only says who."""


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """回执: what the operator says became of one accepted copy."""

    phone: str
    delivered: bool
    reason: str
    """In the operator's words, with its code."""
    blames_person: bool
    """True: 关机/停机 or no such number; False when delivered, or when the fault is not theirs."""
    notification: str
    """The notification's id where the provider hands it back; else ""."""
    provider_id: str
    """That of the Receipt which accepted the copy."""
    at: datetime


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One file in `monitor/channels/` binds one as CHANNEL.

    `send(parameters, secrets, http, notification)` runs on a worker thread, opens nothing of its
    own, raises nothing that a provider can cause: every answer is a Receipt. `http` is a
    `requests.Session`; `secrets` the values that the settings took from environment or files.
    `ask(…)` → Receipt or None: what became of an unsure attempt; None where it cannot be asked.
    `replies` and `receipts` read what the provider posts to its hook (pure; Unreadable says why
    not); `thanks` is the body that it takes for "received", or it posts the same again.
    """

    name: str
    medium: Medium
    parameters: type[BaseModel]
    secret_names: tuple[str, ...]
    send: Callable[[Any, Mapping[str, str], Any, Notification], Receipt]
    ask: Callable[[Any, Mapping[str, str], Any, Notification], Receipt | None] | None = None
    replies: Callable[[bytes], tuple[Reply, ...]] | None = None
    receipts: Callable[[bytes], tuple[DeliveryReceipt, ...]] | None = None
    thanks: str = ""
    ping: Callable[[Any, Mapping[str, str], Any], Receipt] | None = None
    """`ping(parameters, secrets, http)`: whether the provider answers; it sends nothing to
    anybody. None: it cannot be asked, only tried."""
    prints_only: bool = False
    """It shows what would be sent, for trials: nobody's phone rings."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One entry of `channels:`, bound to its kind. Secrets never appear in its repr."""

    id: str
    kind: ChannelKind
    parameters: Any

    @property
    def medium(self) -> Medium:
        return self.kind.medium
