"""The SMS channels against providers that check everything themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import requests

from monitor.channels import aliyun_sms, tencent_sms
from monitor.notify.channel import Notification, Receipt, SendOutcome
from monitor.providers import outbound
from simulators.gateways.gateway import Gateway, Trouble

SIGN = "云溪镇政府"
Send = Callable[..., Receipt]


@pytest.fixture(params=["aliyun", "tencent"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def send(provider: str, gateway: Gateway, http: requests.Session) -> Send:
    def aliyun(notification: Notification, *, secret: str = "secret", ask: bool = False) -> Receipt:
        parameters = aliyun_sms.Parameters(
            sign_name=SIGN, templates={"red": "SMS_1"}, endpoint=gateway.url("aliyun")
        )
        secrets = {"access_key_id": "id", "access_key_secret": secret}
        act = aliyun_sms.ask if ask else aliyun_sms.send
        return act(parameters, secrets, http, notification)

    def tencent(
        notification: Notification, *, secret: str = "secret", ask: bool = False
    ) -> Receipt:
        template = tencent_sms.Template(id="1001", variables=("site", "level", "code"))
        parameters = tencent_sms.Parameters(
            app_id="1400000001",
            sign_name=SIGN,
            templates={"red": template},
            endpoint=gateway.url("tencent"),
        )
        act = tencent_sms.ask if ask else tencent_sms.send
        return act(parameters, {"secret_id": "id", "secret_key": secret}, http, notification)

    return aliyun if provider == "aliyun" else tencent


def test_the_phone_shows_what_was_promised(
    gateway: Gateway, send: Send, notification: Notification
) -> None:
    receipt = send(notification)
    assert receipt.outcome is SendOutcome.ACCEPTED
    (taken,) = gateway.accepted
    assert taken.text == notification.text
    assert (taken.to, taken.reference) == (notification.address, notification.id)
    assert receipt.provider_id.endswith(taken.provider_id)


def test_a_wrong_secret_is_our_fault(
    gateway: Gateway, send: Send, notification: Notification
) -> None:
    receipt = send(notification, secret="another")
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)
    assert "Signature" in receipt.reason
    assert not gateway.accepted


def test_a_refused_number_is_that_persons(
    gateway: Gateway, send: Send, notification: Notification
) -> None:
    gateway.refuse(notification.address)
    receipt = send(notification)
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, True)


def test_a_landline_is_no_number_for_a_message(send: Send, notification: Notification) -> None:
    receipt = send(replace(notification, address="05967000001"))
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, True)


def test_a_missing_variable_is_our_fault(send: Send, notification: Notification) -> None:
    receipt = send(replace(notification, variables={"site": "石桥站"}))
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.HANG])
def test_a_copy_that_went_out_unanswered_can_be_asked_for(
    gateway: Gateway,
    provider: str,
    send: Send,
    notification: Notification,
    trouble: Trouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbound, "READ_S", 0.3)
    gateway.order(provider, trouble, times=1)
    assert send(notification).outcome is SendOutcome.UNSURE
    assert len(gateway.accepted) == 1
    assert send(notification, ask=True).outcome is SendOutcome.ACCEPTED


def test_a_copy_that_was_lost_is_never_taken_for_sent(
    gateway: Gateway, provider: str, send: Send, notification: Notification
) -> None:
    gateway.order(provider, Trouble.LOSE, times=1)
    assert send(notification).outcome is SendOutcome.UNSURE
    assert not gateway.accepted
    assert send(notification, ask=True).outcome is not SendOutcome.ACCEPTED
    assert send(notification).outcome is SendOutcome.ACCEPTED


def test_a_failing_provider_is_tried_again_later(
    gateway: Gateway, provider: str, send: Send, notification: Notification
) -> None:
    gateway.order(provider, Trouble.FAIL)
    assert send(notification).outcome is SendOutcome.BUSY
    gateway.order(provider, None)
    assert send(notification).outcome is SendOutcome.ACCEPTED


def test_a_slow_provider_is_waited_for(
    gateway: Gateway, provider: str, send: Send, notification: Notification
) -> None:
    gateway.order(provider, Trouble.SLOW, seconds=0.05)
    assert send(notification).outcome is SendOutcome.ACCEPTED


@pytest.mark.parametrize("provider", ["aliyun"], indirect=True)
def test_the_days_quota_of_one_template_hurries_to_the_next_channel(
    send: Send, notification: Notification
) -> None:
    outcomes = [send(notification).outcome for _ in range(3)]
    assert outcomes == [SendOutcome.ACCEPTED, SendOutcome.ACCEPTED, SendOutcome.REFUSED]
