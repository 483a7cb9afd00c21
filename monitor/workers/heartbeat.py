"""Tells somebody elsewhere that every worker gets on: a dead machine tells nobody itself.

Both beats stop when any worker makes no progress, and say why where they still can.
"""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import requests

from monitor.clock import Clock
from monitor.mqtt import PublishRefused, Subscriber, Will
from monitor.reference.phones import mask_in
from monitor.workers.supervise import TURN_S, Board

log = logging.getLogger(__name__)

LIMITS_S = (3.0, 5.0)
"""To connect, and between two bytes of an answer."""
STATUS_EVERY_S = 10.0
ANSWER_WITHIN_S = 10.0
"""The broker must have taken a status by then, or its connection is given up for a new one."""
LONGEST_ATTEMPT_S = 90.0
"""To connect, to be answered, and to wait before the next attempt."""
GOODBYE_S = 2.0
MQTT = "mqtt"


class Ping:
    """An HTTP request every while, as healthchecks.io and its like expect: POST to the URL while
    all is well, to URL/start at the start, and to URL/fail with the reasons when it is not."""

    def __init__(
        self, url: str, every: timedelta, clock: Clock, board: Board, *, signals: bool
    ) -> None:
        """`signals` False: only the URL itself, and silence when something is wrong."""
        self._url = url.rstrip("/")
        self._every = every
        self._clock = clock
        self._board = board
        self._signals = signals
        self._progress = board.of("ping", every.total_seconds() + TURN_S)
        self._thread = ThreadPoolExecutor(1, "ping")
        self._http = requests.Session()
        self._under_way: asyncio.Future[str] | None = None

    def close(self) -> None:
        """Nothing more is sent; what is under way is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def run(self) -> None:
        """Beat until cancelled."""
        if self._signals:
            await self._send("/start", "")
        while True:
            await self.beat()
            await self._clock.wait(self._every.total_seconds())

    async def beat(self) -> None:
        """One beat, or its reason not to."""
        self._progress.step(self._clock)
        whys = [one.why for one in self._board.standstills(self._clock.elapsed())]
        if not whys:
            await self._send("", "")
        elif self._signals:
            await self._send("/fail", mask_in("\n".join(whys)))

    async def _send(self, path: str, body: str) -> None:
        """Does not wait for longer than a beat: one that a server still holds is left to it."""
        if self._under_way is None or self._under_way.done():
            loop = asyncio.get_running_loop()
            self._under_way = loop.run_in_executor(self._thread, self._post, path, body)
        await asyncio.wait({self._under_way}, timeout=sum(LIMITS_S))
        fault = self._under_way.result() if self._under_way.done() else "no answer in time"
        if fault and fault != self._progress.last_failure:
            log.warning("the heartbeat did not arrive: %s", fault)
        self._progress.failures += bool(fault)
        self._progress.last_failure = fault

    def _post(self, path: str, body: str) -> str:
        """On the thread; what went wrong, "" for nothing. The URL is a secret and not in it."""
        try:
            with self._http.post(
                self._url + path,
                data=body.encode(),
                timeout=LIMITS_S,
                allow_redirects=False,
                stream=True,  # its body is nobody's concern
            ) as answer:
                return "" if answer.status_code // 100 == 2 else f"HTTP {answer.status_code}"
        except requests.RequestException as fault:
            return type(fault).__name__


def status_topic(township: str) -> str:
    return f"risk-out/{township}/status"


def last_will(township: str) -> Will:
    """What the broker says for us when we are gone without a word."""
    said = {"state": "offline", "time": None, "why": ["the connection was lost"]}
    return Will(status_topic(township), json.dumps(said).encode(), retain=True)


class Presence:
    """The retained status on the broker: online with the time, again and again; offline with the
    reasons. That the broker takes it shows that the session lives: a socket can be dead while
    both ends say connected."""

    def __init__(self, township: str, subscriber: Subscriber, clock: Clock, board: Board) -> None:
        self._topic = status_topic(township)
        self._subscriber = subscriber
        self._clock = clock
        self._board = board
        self._progress = board.of(MQTT, STATUS_EVERY_S + ANSWER_WITHIN_S + 10.0)

    async def run(self) -> None:
        """Say it until cancelled."""
        while True:
            await self.beat()
            await self._clock.wait(STATUS_EVERY_S)

    async def beat(self) -> None:
        """Say the status; without an answer, connect anew."""
        subscriber = self._subscriber
        if not subscriber.connected:
            if self._clock.elapsed() - subscriber.last_tried < LONGEST_ATTEMPT_S:
                self._progress.hold(self._clock, "the broker is not connected")
            return
        standing = self._board.standstills(self._clock.elapsed())
        whys = [mask_in(one.why) for one in standing if one.worker != MQTT]  # it is being tried
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self._say("offline" if whys else "online", whys)
        except TimeoutError:
            subscriber.give_up("no answer to our status")
            self._progress.hold(self._clock, "the broker does not answer")
        except PublishRefused as refused:
            self._progress.hold(self._clock, f"the broker refuses our status: {refused}")
        else:
            self._progress.step(self._clock)

    async def stopped(self) -> None:
        """Say that the service was ended on purpose, if the broker can still hear it."""
        if self._subscriber.connected:
            with suppress(TimeoutError, PublishRefused):
                async with asyncio.timeout(GOODBYE_S):
                    await self._say("offline", ["the service was stopped"])

    async def _say(self, state: str, whys: list[str]) -> None:
        now = self._clock.now().isoformat(timespec="seconds")
        said = json.dumps({"state": state, "time": now, "why": whys}, ensure_ascii=False)
        await self._subscriber.publish(self._topic, said.encode(), retain=True)
