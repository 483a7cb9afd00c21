"""What a stand-in provider posts is what its channel reads."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from threading import Thread

import pytest
from pytest_httpserver import HTTPServer

from monitor.channels import aliyun_sms, aliyun_voice, tencent_sms
from monitor.notify.channel import ChannelKind
from simulators.gateways.gateway import Gateway, Hooks, Trouble
from simulators.gateways.messages import Accepted, Answer, Report

AT = datetime(2026, 6, 1, 3, 14, tzinfo=UTC)
KINDS = {
    "aliyun": aliyun_sms.CHANNEL,
    "aliyun_voice": aliyun_voice.CHANNEL,
    "tencent": tencent_sms.CHANNEL,
}


@pytest.fixture(params=sorted(KINDS))
def message(request: pytest.FixtureRequest) -> Accepted:
    return Accepted(request.param, "13800000001", "收到回31。", "n-1", "000000000001^0", AT)


@pytest.fixture
def hooked(gateway: Gateway, httpserver: HTTPServer, message: Accepted) -> Iterator[ChannelKind]:
    urls = Hooks(httpserver.url_for("/replies"), httpserver.url_for("/receipts"))
    gateway.post_to({message.provider: urls})
    kind = KINDS[message.provider]
    httpserver.expect_request("/replies").respond_with_data(kind.thanks)
    httpserver.expect_request("/receipts").respond_with_data(kind.thanks)
    yield kind


def test_a_reply_reaches_the_hook_as_its_channel_reads_it(
    gateway: Gateway, httpserver: HTTPServer, hooked: ChannelKind, message: Accepted
) -> None:
    assert gateway.post(Answer(AT, message, "1"))
    assert hooked.replies is not None
    (reply,) = hooked.replies(httpserver.log[0][0].get_data())
    assert (reply.phone, reply.text, reply.sent_at) == ("13800000001", "1", AT)


@pytest.mark.parametrize("delivered", [True, False])
def test_a_receipt_reaches_the_hook_as_its_channel_reads_it(
    gateway: Gateway,
    httpserver: HTTPServer,
    hooked: ChannelKind,
    message: Accepted,
    delivered: bool,
) -> None:
    assert gateway.post(Report(AT, message, delivered))
    assert hooked.receipts is not None
    (receipt,) = hooked.receipts(httpserver.log[0][0].get_data())
    assert (receipt.delivered, receipt.blames_person) == (delivered, not delivered)
    assert receipt.notification == "n-1" or receipt.provider_id == "2028:000000000001^0"


def test_without_a_hook_nothing_is_posted(gateway: Gateway, message: Accepted) -> None:
    assert not gateway.post(Answer(AT, message, "31"))


def test_a_gateway_closes_while_a_caller_hangs(gateway: Gateway) -> None:
    gateway.order("wecom_robot", Trouble.HANG)
    address = ("127.0.0.1", int(gateway.url("wecom_robot").split(":")[2].split("/")[0]))
    with socket.create_connection(address) as idle, socket.create_connection(address) as hanging:
        hanging.sendall(b"GET /wecom_robot/ HTTP/1.1\r\nHost: x\r\n\r\n")
        closer = Thread(target=gateway.__exit__, args=(None, None, None))
        closer.start()
        closer.join(10)
        assert not closer.is_alive()
        with suppress(ConnectionResetError):  # closed before the server had accepted it
            assert idle.recv(1) == b""
