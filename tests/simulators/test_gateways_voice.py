"""The voice channel against a provider that checks everything itself."""

from __future__ import annotations

from dataclasses import replace

import requests

from monitor.channels import aliyun_voice
from monitor.notify.channel import Notification, SendOutcome
from simulators.gateways.gateway import Gateway


def test_the_phone_hears_the_filed_words(
    gateway: Gateway, http: requests.Session, notification: Notification
) -> None:
    parameters = aliyun_voice.Parameters(
        show_number="05967000001",
        templates={"voice_red": "TTS_1"},
        goodbye="TTS_2",
        endpoint=gateway.url("aliyun_voice"),
    )
    secrets = {"access_key_id": "id", "access_key_secret": "secret"}
    receipt = aliyun_voice.send(parameters, secrets, http, replace(notification, use="voice_red"))
    assert receipt.outcome is SendOutcome.ACCEPTED
    assert [message.text for message in gateway.accepted] == ["云溪镇防指叫应。石桥站。听清按1"]
