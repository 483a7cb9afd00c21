"""What a person sent back → the call it answers. Nothing is dropped: what does not fit goes to
the duty desk with the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from monitor.alerting.severity import Severity
from monitor.notify.channel import Reply
from monitor.reference.phones import normalise

_HEARD = ("1", "收到")
_DIGITS = re.compile(r"[0-9]+")

FOR_EVER = datetime.min.replace(tzinfo=UTC)
CLOCKS_APART = timedelta(minutes=2)
"""A provider's clock may be so far behind ours."""

Verdict = Literal["heard", "real", "false"]
"""What was said: I have heard it; it is real (属实); it is a false alarm (误报)."""


class OpenCall(NamedTuple):
    """A message with digits to answer with, whose matter is still open."""

    phone: str
    """As it was promised; digits without country code."""
    person: str
    alert: str
    cause: str
    """The escalation's id; a report's, a stand-down's: what one answer answers."""
    code: str
    severity: Severity
    no_code: str = ""
    """The digits for 误报, where the question is yes or no; "" elsewhere."""
    kind: str = ""
    """What an answer to it is kept as, where not as having heard the call: see `kind_of`."""
    called_at: datetime = FOR_EVER
    """When the person was first called for it."""
    notifications: frozenset[str] = frozenset()
    """The ids of those calls: a pressed key names its own."""
    told_by: str = ""
    """The message that told it together with others: one answer to that answers them all."""


REPORTED, ENDED = "reported", "ended"


def kind_of(use: str) -> str:
    """REPORTED where the county was to be told, ENDED where it was stood down, else ""."""
    if use.startswith("report"):
        return REPORTED
    return ENDED if use.startswith("stand_down") else ""


class Answered(NamedTuple):
    calls: tuple[OpenCall, ...]
    """One; several where one message told them together."""
    verdict: Verdict


class PastCall(NamedTuple):
    """A message that this number was sent of late, whether anything still waits for it or not."""

    notification: str
    codes: frozenset[str]
    """The digits it gave; empty where it asked nothing."""
    is_answered: bool


class Needless(NamedTuple):
    """Heard once more, or where nothing was asked: kept, and the desk is spared."""

    reason: str = "nothing waits for it"


class ForDesk(NamedTuple):
    """Shown to the duty desk as it came, beside the reason."""

    reason: str


def meaning(
    said: Reply, open_calls: Collection[OpenCall], past: Collection[PastCall]
) -> Answered | Needless | ForDesk:
    """What a phone sent back: a pressed key belongs to its own call, a text is matched.

    `open_calls`, `past`: those of that number.
    """
    if any(said.notification == call.notification for call in past):
        return key(
            said.text,
            [call for call in open_calls if said.notification in call.notifications],
        )
    found = match(said.text, said.phone, open_calls, said.sent_at)
    if isinstance(found, ForDesk) and _adds_nothing(said.text, bool(open_calls), past):
        return Needless()
    return found


def _adds_nothing(text: str, is_awaited: bool, past: Iterable[PastCall]) -> bool:
    """Whether only 收到, or the digits of what is answered, is said again. While anything waits
    for that number, the desk must see what does not fit it."""
    settled = [call for call in past if call.is_answered or not is_awaited]
    known = {code for call in settled for code in call.codes}
    known |= set(_HEARD) if settled and not is_awaited else set()
    words = plain(text).split()
    return bool(words) and known.issuperset(words)


def match(
    text: str, sender_phone: str, open_calls: Iterable[OpenCall], sent_at: datetime
) -> Answered | ForDesk:
    """Which open call of that number a reply answers. Digits are the code, of a call before that
    of a report or stand-down that nobody answered; 1 or 收到 counts where the number has exactly
    one open call that is not a yes-or-no question, or all of them were told in one message; a
    stand-down, the newest, where no call is open. A 收到 that was sent before a call was made is
    none to it, however late the provider hands it on. `open_calls`: newest first.
    """
    sender = _number(sender_phone)
    own = [call for call in open_calls if call.phone == sender]
    if not own:
        return ForDesk("no open call to this number")
    said = plain(text)
    named = [
        Answered((call,), _verdict(call, digits))
        for digits in _DIGITS.findall(said)
        for call in own
        if digits and digits in (call.code, call.no_code)
    ]
    if named:
        named = [one for one in named if not one.calls[0].kind] or _with_first(named)
        return _only(named, "the digits answer more than one open call")
    if said not in _HEARD:
        return ForDesk("no digits of an open call")
    own = [call for call in own if call.called_at <= sent_at + CLOCKS_APART]
    if any(call.no_code for call in own):
        return ForDesk("the question was yes or no")
    calls = [call for call in own if not call.kind] or [c for c in own if c.kind == ENDED][:1]
    if not own:
        return ForDesk("sent before the call was made")
    if not calls:
        return ForDesk("a report to the county is answered by its digits")
    newest = {(call.alert, call.kind): call for call in reversed(calls)}
    heard = [Answered((call,), "heard") for call in newest.values()]
    return _only(heard, "more than one open call")


def _with_first(named: Sequence[Answered]) -> list[Answered]:
    """The newest, and what one message told together with it."""
    message = named[0].calls[0].told_by
    return [named[0], *(one for one in named[1:] if message and one.calls[0].told_by == message)]


def key(digit: str, calls: Sequence[OpenCall]) -> Answered | Needless | ForDesk:
    """A key pressed while a voice call rings: 1 is heard; 2 asks for support; 3 only repeats.

    Support wanted is shown to the desk: it holds no ladder, because nobody has taken it on.
    `calls` empty: nothing waits for an answer to it.
    """
    if digit == "1":
        return Answered(tuple(calls), "heard") if calls else Needless()
    if digit in ("", "3"):
        return Needless("listened again")
    return ForDesk("asks for support" if digit == "2" else f"pressed {digit}")


def plain(text: str) -> str:
    """Full-width digits to ASCII; spaces, punctuation and symbols taken out."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c if c.isalnum() else " " for c in folded).strip()


def _number(phone: str) -> str:
    """As it is kept in the list; what is no Chinese number is compared as it came."""
    try:
        return normalise(phone)
    except ValueError:
        return phone.strip()


def _verdict(call: OpenCall, digits: str) -> Verdict:
    if not call.no_code:
        return "heard"
    return "false" if digits == call.no_code else "real"


def _only(found: list[Answered], else_reason: str) -> Answered | ForDesk:
    """The one answer; the same call told by two channels is one call, and what one message told
    together is answered together."""
    distinct = {
        (call.cause, call.alert, a.verdict): (call, a.verdict) for a in found for call in a.calls
    }
    calls = tuple(call for call, _ in distinct.values())
    messages, verdicts = {call.told_by for call in calls}, {word for _, word in distinct.values()}
    if len(calls) == 1 or (len(messages) == len(verdicts) == 1 and "" not in messages):
        return Answered(calls, verdicts.pop())
    return ForDesk(else_reason)
