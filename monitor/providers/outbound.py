"""One bounded HTTP call to a provider, and what its failure means for the copy (invariant 3).

Nothing here quotes an exception: urllib3 puts the whole URL into its words, and the URL of a
WeCom robot is its secret.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, NamedTuple, Protocol

import requests
import urllib3.exceptions as wire
from pydantic import StringConstraints

from monitor.clock import SystemClock
from monitor.notify.channel import Receipt, SendOutcome
from monitor.reference.phones import mask_in

CONNECT_S, READ_S, WHOLE_S = 3.0, 5.0, 10.0
"""requests counts the read limit per read; WHOLE_S bounds a body that drips."""
LARGEST_ANSWER = 64 * 1024  # bytes; a provider's answer has a few hundred

Endpoint = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s#]*$")]
"""An absolute http or https URL."""


class Answer(NamedTuple):
    """What came back, of whatever status."""

    status: int
    body: bytes

    def fields(self) -> Mapping[str, Any] | None:
        """The JSON object in the body; None where it holds none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):  # the latter: nested without end
            return None
        return found if isinstance(found, dict) else None


def accepted(provider_id: str = "") -> Receipt:
    return Receipt(SendOutcome.ACCEPTED, provider_id, "", blames_person=False)


def refused(reason: str, *, blames_person: bool = False) -> Receipt:
    return Receipt(SendOutcome.REFUSED, "", reason, blames_person)


def busy(reason: str) -> Receipt:
    return Receipt(SendOutcome.BUSY, "", reason, blames_person=False)


def unsure(reason: str) -> Receipt:
    return Receipt(SendOutcome.UNSURE, "", reason, blames_person=False)


def exchange(
    http: requests.Session,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer | Receipt:
    """POST `body`, or GET where it is None. A Receipt tells why there is no answer."""
    clock = SystemClock()
    give_up = clock.elapsed() + WHOLE_S
    try:
        with http.request(
            "GET" if body is None else "POST",
            url,
            data=body,
            headers=dict(headers or {}),
            timeout=(CONNECT_S, READ_S),
            allow_redirects=False,
            stream=True,
        ) as response:
            read = bytearray()
            for part in response.iter_content(4096):
                read += part
                if len(read) > LARGEST_ANSWER or clock.elapsed() > give_up:
                    return unsure("the answer did not end")
            return Answer(response.status_code, bytes(read))
    except requests.RequestException as fault:
        return _without_answer(fault)


class _Reachable(Protocol):
    @property
    def endpoint(self) -> str: ...


def ping(parameters: _Reachable, secrets: Mapping[str, str], http: requests.Session) -> Receipt:
    """Whether the provider's door answers. Without a message and without a key: that it says no
    to this says that it lives."""
    answer = exchange(http, parameters.endpoint)
    if isinstance(answer, Receipt):
        return answer
    return accepted() if answer.status < 500 else busy(f"HTTP {answer.status}")


def settle(
    answer: Answer | Receipt, judge: Callable[[Mapping[str, Any]], Receipt | None]
) -> Receipt:
    """`judge` reads the provider's JSON; where it knows nothing (None) the status decides.

    A provider's own code outweighs the status: a 200 may hold a failure, a 400 its reason.
    """
    if isinstance(answer, Receipt):
        return answer
    fields = answer.fields()
    verdict = judge(fields) if fields is not None else None
    verdict = verdict or by_status(answer.status)
    return replace(verdict, reason=mask_in(verdict.reason))


def by_status(status: int) -> Receipt:
    """What an answer means whose body says nothing: a 200 that nobody understands is unsure."""
    reason = f"HTTP {status}"
    if status == 504:  # the provider's door passed it on and lost sight of it
        return unsure(reason)
    if status >= 500 or status in (408, 429):
        return busy(reason)
    if 200 <= status < 300:
        return unsure(f"{reason}, not understood")
    return refused(reason)


def _without_answer(fault: requests.RequestException) -> Receipt:
    if isinstance(fault, requests.ConnectTimeout):
        return busy("connect timeout")
    if isinstance(fault, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return refused("the URL is not usable")
    cause = fault.args[0] if fault.args else None
    if isinstance(cause, wire.MaxRetryError) and isinstance(
        cause.reason, wire.NewConnectionError | wire.ConnectTimeoutError | wire.ProxyError
    ):
        return busy("no connection")  # refused, no route, no name: nothing was sent
    if isinstance(cause, wire.MaxRetryError) and isinstance(cause.reason, wire.SSLError):
        if isinstance(_root(cause.reason), ssl.SSLCertVerificationError):
            return busy("certificate not trusted")  # the handshake failed: nothing was sent
        return unsure("TLS broke")
    if isinstance(fault, requests.ReadTimeout):
        return unsure("no answer in time")
    return unsure("the connection broke")


def _root(fault: BaseException) -> object:
    return fault.args[0] if fault.args else None
