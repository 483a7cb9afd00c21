"""A channel's calls under way: on threads, side by side, none waited for longer than ATTEMPT_S."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import requests

from monitor.clock import Clock
from monitor.notify.channel import Channel, Receipt, SendOutcome
from monitor.store.outbox import Claim
from monitor.store.tries import LEASE_RAN_OUT
from monitor.workers.bell import Bell

C = TypeVar("C", Claim, None)

log = logging.getLogger(__name__)

ATTEMPT_S = 12.0
"""An attempt connects for 3 s and reads for 5; one that drips, or hangs in the name service, is
given up after so many seconds and counts as unsure."""
AT_ONCE = 24
"""Calls a channel makes side by side."""
_LATE = Receipt(SendOutcome.UNSURE, "", LEASE_RAN_OUT, blames_person=False)


class Result(NamedTuple):
    """What came of an attempt; without a claim, whether the provider answers at all."""

    claim: Claim | None
    receipt: Receipt
    was_asked: bool = False
    """Whether the provider was asked about an earlier attempt and nothing was sent."""


class Sending:
    """The threads of one channel."""

    def __init__(self, channel: Channel, secrets: Mapping[str, str], clock: Clock) -> None:
        self._channel = channel
        self._secrets = secrets
        self._clock = clock
        self._threads = ThreadPoolExecutor(AT_ONCE + 1, f"send-{channel.id}")
        self._sessions = threading.local()
        self._begun: dict[asyncio.Future[Result], tuple[float, Claim | None]] = {}
        """Those under way, with the second of the loop's clock at which each is given up."""
        self._given_up: set[asyncio.Future[Result]] = set()

    def close(self) -> None:
        """Begin no further call. One that a provider still holds is not waited for: its lease
        is released at the next start, and it is asked about before it is sent again."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @property
    def room(self) -> int:
        """How many more calls may begin; one that was given up still holds its thread."""
        sends = sum(claim is not None for _, claim in self._begun.values())
        return max(0, AT_ONCE - sends - len(self._given_up))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is waited for."""
        return not self._begun

    def begin(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            self._start(self._attempt, claim)

    def ask(self) -> None:
        """Ask the provider whether it answers; its kind has a ping."""
        self._start(self._ping, None)

    def _start(self, call: Callable[[C], Result], claim: C) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.run_in_executor(self._threads, self._sound, call, claim)
        self._begun[begun] = (loop.time() + ATTEMPT_S, claim if isinstance(claim, Claim) else None)

    async def some(self, bell: Bell | None = None) -> list[Result]:
        """Wait until one call ends, is given up, or the bell is rung; what has come by then."""
        loop = asyncio.get_running_loop()
        soonest = min((until for until, _ in self._begun.values()), default=loop.time())
        rung = asyncio.ensure_future(bell.rung()) if bell else None
        waited: set[asyncio.Future[Any]] = {*self._begun, *((rung,) if rung else ())}
        try:
            await asyncio.wait(
                waited,
                timeout=max(0.0, soonest - loop.time()),
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            if rung:
                rung.cancel()
        return self.come()

    def come(self) -> list[Result]:
        """What has come back, also of those given up before; and those given up now."""
        at = asyncio.get_running_loop().time()
        come = [one for one in (*self._begun, *self._given_up) if one.done()]
        results = [one.result() for one in come]
        for one in come:
            self._begun.pop(one, None)
            self._given_up.discard(one)
        for one, (until, claim) in list(self._begun.items()):
            if until <= at:
                del self._begun[one]
                self._given_up.add(one)
                results.append(Result(claim, _LATE))
        return results

    def _attempt(self, claim: Claim) -> Result:
        """An unsure attempt is asked about before anything is sent again."""
        kind, parameters, http = self._channel.kind, self._channel.parameters, self._session()
        if claim.asks_first and kind.ask is not None:
            known = kind.ask(parameters, self._secrets, http, claim.notification)
            if known is not None:
                unsure = known.outcome is SendOutcome.UNSURE
                told = replace(known, outcome=SendOutcome.UNKNOWN) if unsure else known
                return Result(claim, told, was_asked=True)
        return Result(claim, kind.send(parameters, self._secrets, http, claim.notification))

    def _ping(self, claim: None) -> Result:
        assert self._channel.kind.ping is not None
        ping = self._channel.kind.ping
        return Result(None, ping(self._channel.parameters, self._secrets, self._session()))

    def _sound(self, call: Callable[[C], Result], claim: C) -> Result:
        """On a thread."""
        try:
            return call(claim)
        except Exception as fault:
            log.exception("channel %s has a defect", self._channel.id)
            defect = f"defect: {type(fault).__name__}"
            given = claim if isinstance(claim, Claim) else None
            return Result(given, Receipt(SendOutcome.UNSURE, "", defect, blames_person=False))

    def _session(self) -> requests.Session:
        if not hasattr(self._sessions, "http"):
            self._sessions.http = requests.Session()
        session: requests.Session = self._sessions.http
        return session
