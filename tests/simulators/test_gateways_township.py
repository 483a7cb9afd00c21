"""Every channel that the demo sets up reaches its provider with the words that were filed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import Template

import pytest
import requests
from pytest_httpserver import HTTPServer

from monitor.channels import aliyun_sms, aliyun_voice, tencent_sms, wecom_app, wecom_robot
from monitor.clock import FastClock, SystemClock
from monitor.notify.channel import Notification, SendOutcome
from monitor.notify.templates import SHIPPED
from simulators.gateways.gateway import Gateway, Hooks
from simulators.gateways.messages import Accepted, Answer, Report
from simulators.gateways.township import ENVIRONMENT, channels, providers
from simulators.phones import Phone, Phones

SIGN = "云溪镇政府"
KINDS = {
    kind.name: kind
    for kind in (
        aliyun_sms.CHANNEL,
        aliyun_voice.CHANNEL,
        tencent_sms.CHANNEL,
        wecom_app.CHANNEL,
        wecom_robot.CHANNEL,
    )
}


def send(
    gateway: Gateway, http: requests.Session, kind: str, notification: Notification
) -> SendOutcome:
    entry = next(e for e in channels(gateway, SIGN, SHIPPED) if e["kind"] == kind)
    own = {key: entry[key] for key in entry.keys() - {"id", "kind", "secrets"}}
    parameters = KINDS[kind].parameters.model_validate_json(json.dumps(own))
    secrets = {
        name: Template(text.replace("ENV:", "")).substitute(ENVIRONMENT)
        for name, text in entry["secrets"].items()
    }
    return KINDS[kind].send(parameters, secrets, http, notification).outcome


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_shipped_template_reaches_the_phone_as_worded(
    kind: str, http: requests.Session, notification: Notification
) -> None:
    with Gateway(providers(SIGN, SHIPPED), SystemClock()) as gateway:
        for use, template in SHIPPED.items():
            names = Template(template).get_identifiers()
            variables = {name: f"<{name}>" for name in names}
            body = Template(template).substitute(variables)
            worded = replace(notification, use=use, variables=variables, text=body)
            assert send(gateway, http, kind, worded) is SendOutcome.ACCEPTED
            assert body in gateway.accepted[-1].text


async def test_a_message_rings_a_phone_whose_answer_comes_back_by_the_hook(
    httpserver: HTTPServer, http: requests.Session, notification: Notification
) -> None:
    clock = FastClock(datetime(2026, 6, 1, 3, 12, tzinfo=UTC), 6000)
    kind = aliyun_sms.CHANNEL
    httpserver.expect_request("/receipts").respond_with_data(kind.thanks)
    httpserver.expect_request("/replies").respond_with_data(kind.thanks)
    answered, loop = asyncio.Event(), asyncio.get_running_loop()
    hooks = Hooks(httpserver.url_for("/replies"), httpserver.url_for("/receipts"))

    def ring(message: Accepted) -> None:
        phones.ring(message)

    with Gateway(providers(SIGN, SHIPPED), clock, ring=ring) as gateway:
        gateway.post_to({"aliyun": hooks})

        def post(event: Answer | Report) -> None:
            assert gateway.post(event)
            if isinstance(event, Answer):
                loop.call_soon_threadsafe(answered.set)

        slow = Phone(notification.address, after=timedelta(minutes=3), spread=timedelta())
        phones = Phones([slow], seed=7, clock=clock, post=post)
        task = asyncio.create_task(phones.run(), name="phones")
        variables = {"site": "石桥站", "time": "3:12", "level": "3.20", "area": "河西组"}
        red = replace(notification, variables={**variables, "code": "312"})
        outcome = await asyncio.to_thread(send, gateway, http, "aliyun_sms", red)
        assert outcome is SendOutcome.ACCEPTED
        async with asyncio.timeout(10):
            await answered.wait()
        task.cancel()
    bodies = {request.path: request.get_data() for request, _ in httpserver.log}
    assert kind.replies is not None and kind.receipts is not None
    (reply,) = kind.replies(bodies["/replies"])
    (receipt,) = kind.receipts(bodies["/receipts"])
    assert (reply.phone, reply.text) == (notification.address, "312")
    assert (receipt.delivered, receipt.notification) == (True, notification.id)
    assert reply.sent_at - receipt.at > timedelta(minutes=2)
