"""One loopback server for all stand-in providers: takes, logs, posts back, and fails on order.

with Gateway([Aliyun(...), WecomApp(...)], clock, ring=phones.ring) as gateway:
    endpoint = gateway.url("aliyun")
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit

import requests

from monitor.clock import Clock, SystemClock
from simulators.gateways.messages import Accepted, Answer, Provider, Refused, Report, Request


class Trouble(StrEnum):
    """What a provider is told to do wrong."""

    FAIL = "fail"  # HTTP 500, nothing taken
    BUSY = "busy"  # HTTP 503, nothing taken
    LOSE = "lose"  # drops the connection, nothing taken
    DROP = "drop"  # takes the message, then drops the connection
    HANG = "hang"  # takes the message and never answers
    SLOW = "slow"  # answers after some seconds


class Order(NamedTuple):
    """One trouble, so often; `times` None: until told otherwise."""

    trouble: Trouble
    times: int | None
    seconds: float


class Hooks(NamedTuple):
    """Where a provider posts; "" for nowhere."""

    replies: str = ""
    receipts: str = ""


class Gateway:
    """Thread-safe. `ring` is called on a server thread for every message taken."""

    def __init__(
        self,
        providers: Sequence[Provider],
        clock: Clock,
        *,
        ring: Callable[[Accepted], None] | None = None,
        port: int = 0,
    ) -> None:
        self._providers = {provider.name: provider for provider in providers}
        self._clock = clock
        self._ring = ring
        self._lock = Lock()
        self._accepted: list[Accepted] = []
        self._orders: dict[str, Order] = {}
        self._refused: dict[str, str] = {}
        self._hooks: Mapping[str, Hooks] = {}
        self.closing = Event()
        self._server = _Server(self, port)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="gateway")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def url(self, provider: str) -> str:
        """The endpoint to set in `channels:` for this provider."""
        return f"http://127.0.0.1:{self._server.server_port}/{self._providers[provider].name}"

    @property
    def providers(self) -> Mapping[str, Provider]:
        """By name."""
        return self._providers

    @property
    def accepted(self) -> tuple[Accepted, ...]:
        """All messages taken so far, in order."""
        with self._lock:
            return tuple(self._accepted)

    def order(
        self,
        provider: str,
        trouble: Trouble | None,
        *,
        times: int | None = None,
        seconds: float = 1,
    ) -> None:
        """From now on, for so many requests (None: until told otherwise). None: all is well."""
        with self._lock:
            if trouble is None:
                self._orders.pop(provider, None)
            else:
                self._orders[provider] = Order(trouble, times, seconds)

    def refuse(self, to: str, code: str = "") -> None:
        """This number or user fails inside a successful call, with the provider's `code`."""
        with self._lock:
            self._refused[to] = code

    def post_to(self, hooks: Mapping[str, Hooks]) -> None:
        """Where each provider posts replies and receipts."""
        self._hooks = dict(hooks)

    def post(self, event: Answer | Report) -> bool:
        """Post to the provider's hook, on the calling thread; whether it was taken with 200."""
        provider = self._providers[event.message.provider]
        hooks = self._hooks.get(provider.name, Hooks())
        if isinstance(event, Answer):
            url, body = hooks.replies, provider.reply_body(event)
        else:
            url, body = hooks.receipts, provider.receipt_body(event)
        if not url or body is None:
            return False
        with requests.Session() as http:
            http.trust_env = False
            try:
                return http.post(url, json=body, timeout=5).status_code == 200
            except requests.RequestException:
                return False

    def take(self, provider: str, to: str, text: str, reference: str) -> str:
        """Write down one accepted message and let its phone ring; raises Refused."""
        with self._lock:
            if to in self._refused:
                raise Refused(self._refused[to])
            provider_id = f"{len(self._accepted) + 1:012d}^0"
            message = Accepted(provider, to, text, reference, provider_id, self._clock.now())
            self._accepted.append(message)
        if self._ring is not None:
            self._ring(message)
        return provider_id

    def next_order(self, provider: str) -> Order | None:
        """What goes wrong with the request that has just come in; None: nothing."""
        with self._lock:
            order = self._orders.get(provider)
            if order is not None and order.times is not None:
                if order.times <= 0:
                    return None
                self._orders[provider] = order._replace(times=order.times - 1)
            return order

    def provider(self, name: str) -> Provider | None:
        return self._providers.get(name)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # all threads end with the gateway
    request_queue_size = 128

    def __init__(self, gateway: Gateway, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.gateway = gateway
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # the caller may hang up when it likes
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End kept-alive connections, whose threads would wait for the next request."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # gone already


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a query string may hold a secret."""

    def _answer(self) -> None:
        gateway = self.server.gateway
        url = urlsplit(self.path)
        _, name, rest = f"{url.path}/".split("/", 2)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        provider = gateway.provider(name)
        if provider is None:
            return self._send(404, {"message": "no such provider"})
        order = gateway.next_order(name)
        trouble = order.trouble if order else None
        if trouble is Trouble.FAIL:
            return self._send(500, {"message": "told to fail"})
        if trouble is Trouble.BUSY:
            return self._send(503, {"message": "told to be busy"})
        if trouble is Trouble.LOSE:
            return self._drop()
        request = Request(
            method=self.command,
            path=f"/{rest.rstrip('/')}",
            query=dict(parse_qsl(url.query)),
            headers={key.lower(): value for key, value in self.headers.items()},
            body=body,
            arrived_at=SystemClock().now(),
        )
        response = provider.answer(request, lambda *message: gateway.take(name, *message))
        if trouble in (Trouble.HANG, Trouble.DROP):
            gateway.closing.wait(None if trouble is Trouble.HANG else 0)
            return self._drop()
        if order and trouble is Trouble.SLOW:
            gateway.closing.wait(order.seconds)
        return self._send(*response)

    def _send(self, status: int, body: Any) -> None:
        payload = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()

    def _drop(self) -> None:
        self.close_connection = True
