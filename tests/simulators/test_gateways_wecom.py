"""The WeCom channels against a WeCom that checks everything itself."""

from __future__ import annotations

from dataclasses import replace

import requests

from monitor.channels import wecom_app, wecom_robot
from monitor.notify.channel import Notification, SendOutcome
from simulators.gateways.gateway import Gateway
from simulators.gateways.wecom import WecomApp


def app(gateway: Gateway) -> wecom_app.Parameters:
    return wecom_app.Parameters(
        corp_id="wwtest", agent_id=1000002, endpoint=gateway.url("wecom_app")
    )


def test_a_user_gets_the_text_even_after_the_token_was_withdrawn(
    gateway: Gateway, wecom: WecomApp, http: requests.Session, notification: Notification
) -> None:
    parameters, secrets = app(gateway), {"corp_secret": "app secret"}
    member = replace(notification, address="bridge_post_a")
    for _ in range(2):
        receipt = wecom_app.send(parameters, secrets, http, member)
        assert receipt.outcome is SendOutcome.ACCEPTED
        wecom.withdraw_token()
    assert [message.text for message in gateway.accepted] == [notification.text] * 2


def test_an_unknown_or_unlicensed_user_is_not_reached(
    gateway: Gateway, http: requests.Session, notification: Notification
) -> None:
    gateway.refuse("nobody")
    for user in ("nobody", "visitor"):
        receipt = wecom_app.send(
            app(gateway), {"corp_secret": "app secret"}, http, replace(notification, address=user)
        )
        assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, True)
    assert not gateway.accepted


def test_a_wrong_app_secret_is_our_fault(
    gateway: Gateway, http: requests.Session, notification: Notification
) -> None:
    receipt = wecom_app.send(app(gateway), {"corp_secret": "another"}, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)


def test_the_robot_takes_so_many_a_minute(
    gateway: Gateway, http: requests.Session, notification: Notification
) -> None:
    parameters = wecom_robot.Parameters(endpoint=gateway.url("wecom_robot"))
    outcomes = [
        wecom_robot.send(parameters, {"key": "robot key"}, http, notification).outcome
        for _ in range(3)
    ]
    assert outcomes == [SendOutcome.ACCEPTED, SendOutcome.ACCEPTED, SendOutcome.BUSY]
    assert {message.to for message in gateway.accepted} == {"group"}


def test_a_robot_without_its_key_is_our_fault(
    gateway: Gateway, http: requests.Session, notification: Notification
) -> None:
    parameters = wecom_robot.Parameters(endpoint=gateway.url("wecom_robot"))
    receipt = wecom_robot.send(parameters, {"key": "another"}, http, notification)
    assert (receipt.outcome, receipt.blames_person) == (SendOutcome.REFUSED, False)
