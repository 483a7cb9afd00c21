"""One TCP connection to the broker: paho on the event loop, from CONNECT to its loss.

Each connection has a client of its own, so nothing of a lost one can reach the next.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from monitor.clock import Clock
from monitor.ingest.message import Message
from monitor.mqtt.address import BrokerAddress
from monitor.mqtt.inbox import Inbox

_Answer = TypeVar("_Answer")

ANSWER_WITHIN = 10.0
"""Seconds the broker may take for CONNACK and SUBACK."""
GOODBYE_WITHIN = 2.0
"""Seconds queued PUBACKs and the DISCONNECT may take on leaving."""
_BURST = 64  # packets read before the loop may do something else: about 2 ms
_OK = MQTTErrorCode.MQTT_ERR_SUCCESS


class PublishRefused(Exception):
    """The broker took the message and refused it; sending it again will not help."""


@asynccontextmanager
async def connect(address: BrokerAddress, inbox: Inbox, clock: Clock) -> AsyncIterator[Connection]:
    """A connection whose CONNECT packet is sent; leaving it says goodbye.

    Raises OSError where there is none to be had.
    """
    client = _client(address)
    # Half of the room: answers to our own packets must always find a way in.
    send = partial(_send_connect, client, address, receive_maximum=inbox.room // 2)
    # Until this returns the loop does not know the socket, so no callback runs on that thread.
    await asyncio.get_running_loop().run_in_executor(None, send)
    connection = Connection(client, inbox, clock)
    try:
        yield connection
    finally:
        await connection.close()


def _client(address: BrokerAddress) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        address.client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
        manual_ack=True,
        reconnect_on_failure=False,
    )
    if address.username is not None:
        client.username_pw_set(address.username, address.password)
    if address.tls:
        client.tls_set_context(address.tls_context())
    if (will := address.will) is not None:
        client.will_set(will.topic, will.payload, qos=1, retain=will.retain)
    return client


def _send_connect(client: Client, address: BrokerAddress, receive_maximum: int) -> None:
    """Open the socket, shake hands for TLS, and send the CONNECT packet; blocks."""
    session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho's omission
    session.ReceiveMaximum = min(receive_maximum, 65535)
    session.SessionExpiryInterval = round(address.session_expiry.total_seconds())
    client.connect(
        address.host,
        address.port,
        round(address.keepalive.total_seconds()),
        clean_start=False,
        properties=session,
    )


class Connection:
    """Reads into the inbox, sends PUBACKs and publishes, until `lost`."""

    def __init__(self, client: Client, inbox: Inbox, clock: Clock) -> None:
        opened = client.socket()
        if not isinstance(opened, socket.socket):
            raise ConnectionError("the broker closed the connection at once")
        self._client = client
        self._socket = opened
        self._inbox = inbox
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._received_at = clock.now()
        self._connack: asyncio.Future[None] = self._loop.create_future()
        self._suback: asyncio.Future[list[ReasonCode]] = self._loop.create_future()
        self._pubacks: dict[int, asyncio.Future[ReasonCode]] = {}
        self.lost: asyncio.Future[str] = self._loop.create_future()
        """Done with the reason once the connection is over."""
        self.last_heard = clock.elapsed()
        """When the broker last sent anything, in `clock.elapsed`."""
        # Small packets must not wait for the previous one's TCP acknowledgement.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = self._on_want_write
        client.on_socket_unregister_write = self._on_written
        inbox.on_room = self._read_on
        self._loop.add_reader(opened, self._on_readable)
        if client.want_write():
            self._on_want_write()

    async def subscribe(self, filters: Sequence[str]) -> None:
        """Wait for the session, then subscribe at QoS 1.

        Raises OSError (TimeoutError and ConnectionError are such) where the broker will not.
        """
        async with asyncio.timeout(ANSWER_WITHIN):
            await self._unless_lost(self._connack)
            codes = await self._subscribe(filters)
        for topic_filter, code in zip(filters, codes, strict=True):
            if code.is_failure:
                raise ConnectionError(f"the broker refused to subscribe {topic_filter}: {code}")

    async def _subscribe(self, filters: Sequence[str]) -> list[ReasonCode]:
        # What a broker kept from before is not news: retained messages are not asked for. Those
        # that come all the same are flagged, while a live message sent with the flag is not.
        options = SubscribeOptions(qos=1, retainAsPublished=False, retainHandling=2)
        self._client.subscribe([(each, options) for each in filters])
        return await self._unless_lost(self._suback)

    async def publish(self, topic: str, payload: bytes, qos: int, retain: bool) -> None:
        """Return when the broker has it (QoS 0: when it is queued here).

        Raises ConnectionError when the connection went away first, PublishRefused.
        """
        sent = self._client.publish(topic, payload, qos, retain)
        if sent.rc not in (_OK, MQTTErrorCode.MQTT_ERR_NO_CONN):
            raise PublishRefused(f"{topic}: {sent.rc}")
        if qos == 0:
            return
        answer = self._pubacks[sent.mid] = self._loop.create_future()
        try:
            code = await self._unless_lost(answer)
        finally:
            del self._pubacks[sent.mid]
        if code.is_failure:
            raise PublishRefused(f"{topic}: {code}")

    def tell(self, topic: str, payload: bytes) -> None:
        """Queue it at QoS 0; returns at once, and nobody learns whether it arrived."""
        self._client.publish(topic, payload, qos=0)

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        for packet_id in packet_ids:
            self._client.ack(packet_id, 1)

    async def until_lost(self) -> str:
        """Keep the connection alive; return the reason once it is over."""
        while not self.lost.done():
            self._client.loop_misc()
            await asyncio.wait({self.lost}, timeout=1.0)
        return self.lost.result()

    async def close(self) -> None:
        """Send what is queued and a DISCONNECT; the broker keeps the session."""
        if not self.lost.done():
            self._client.disconnect()
            await asyncio.wait({self.lost}, timeout=GOODBYE_WITHIN)
        self.give_up("closed here")
        self._inbox.on_room = None

    async def _unless_lost(self, answer: asyncio.Future[_Answer]) -> _Answer:
        either: set[asyncio.Future[Any]] = {answer, self.lost}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ConnectionError(self.lost.result())
        return answer.result()

    # -- called by paho, always on the loop ------------------------------------------------

    def _on_connect(
        self, client: Client, userdata: Any, flags: Any, code: ReasonCode, properties: Any
    ) -> None:
        if code.is_failure:
            self._connack.set_exception(ConnectionRefusedError(str(code)))
        else:
            self._connack.set_result(None)

    def _on_subscribe(
        self, client: Client, userdata: Any, mid: int, codes: list[ReasonCode], properties: Any
    ) -> None:
        self._suback.set_result(codes)

    def _on_publish(
        self, client: Client, userdata: Any, mid: int, code: ReasonCode, properties: Any
    ) -> None:
        answer = self._pubacks.get(mid)
        if answer is not None and not answer.done():
            answer.set_result(code)

    def _on_message(self, client: Client, userdata: Any, packet: MQTTMessage) -> None:
        try:
            topic = packet.topic
        except UnicodeDecodeError:
            topic = ""  # forbidden by the protocol; no format knows it, so it is quarantined
        payload, came = bytes(packet.payload), self._received_at
        message = Message(topic, payload, came, packet.retain, packet.dup)
        self._inbox.put(message, packet.mid if packet.qos else 0)

    def _on_disconnect(
        self, client: Client, userdata: Any, flags: Any, code: ReasonCode, properties: Any
    ) -> None:
        if not self.lost.done():
            self.lost.set_result(str(code))

    def _on_socket_close(self, client: Client, userdata: Any, closing: Any) -> None:
        self._loop.remove_reader(closing)
        self._loop.remove_writer(closing)

    def _on_want_write(self, *_: Any) -> None:
        self._loop.add_writer(self._socket, self._on_writable)

    def _on_written(self, *_: Any) -> None:
        self._loop.remove_writer(self._socket)

    # -- called by the loop ----------------------------------------------------------------

    def _on_readable(self) -> None:
        if self.lost.done():
            return
        inbox = self._inbox
        self.last_heard = self._clock.elapsed()
        self._received_at = self._clock.now()
        try:
            for _ in range(_BURST):
                before = inbox.received
                if self._client.loop_read() != _OK:
                    break
                if inbox.full or inbox.received == before:
                    break
        except Exception as error:  # noqa: BLE001 - paho's parser raises whatever it stumbles on
            self.give_up(f"unreadable packet: {error!r}")
        inbox.arrived()
        if self.lost.done():
            return
        if inbox.full:
            self._loop.remove_reader(self._socket)
        elif self._deciphered():
            self._loop.call_soon(self._on_readable)

    def _deciphered(self) -> int:
        """Bytes TLS has taken off the wire already, of which the loop cannot tell us."""
        return self._socket.pending() if isinstance(self._socket, ssl.SSLSocket) else 0

    def _on_writable(self) -> None:
        self._client.loop_write()

    def _read_on(self) -> None:
        if not self.lost.done():
            self._loop.add_reader(self._socket, self._on_readable)
            self._on_readable()

    def give_up(self, reason: str) -> None:
        """Close without a word, if it is not closed yet."""
        if self._socket.fileno() != -1:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._client.on_socket_close = self._client.on_socket_unregister_write = None
            self._socket.close()
        if not self.lost.done():
            self.lost.set_result(reason)
