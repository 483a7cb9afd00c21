"""Item 7, with the real channels against stand-in providers that answer as the real ones do.

- a failure for one number inside an HTTP 200 is that person's failure and hurries the escalation
- `invaliduser` beside errcode 0 is too
- a provider that is down hands over to the next one of its medium, and blames nobody
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.clock import SystemClock
from monitor.settings import Settings, load
from simulators.gateways.gateway import Gateway, Trouble
from simulators.gateways.township import ENVIRONMENT, channels, providers
from tests.stories.harness import ENVIRON, edited, example, story

SIGN = "云溪镇政府"
WORDED = example().knowledge.directory.templates


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(providers(SIGN, WORDED), SystemClock()) as opened:
        yield opened


def wired(folder: Path, gateway: Gateway) -> Settings:
    """The example township whose channels lead to the gateway."""
    edited(folder)
    entries = [{"id": "desk", "kind": "desk"}, *channels(gateway, SIGN, WORDED)]
    (folder / "config" / "channels.yaml").write_text(
        json.dumps({"channels": entries}, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return load(folder / "config", ENVIRON | ENVIRONMENT)


def reached(gateway: Gateway, *providers: str) -> set[str]:
    """Whom these providers took a message for."""
    return {taken.to for taken in gateway.accepted if taken.provider in providers}


async def test_a_dead_number_inside_an_http_200_hurries_to_the_superior(
    tmp_path: Path, gateway: Gateway
) -> None:
    settings = wired(tmp_path, gateway)
    people = settings.knowledge.directory.people.persons
    gateway.refuse(people["grid-shiqiao"].phone, "isv.MOBILE_NUMBER_ILLEGAL")
    async with story(tmp_path, settings=settings, wired=True) as town:
        await town.reads(86.60)
        await town.waits(minutes=1)  # the superior was told by text a moment ago
        alert = await town.the_alert()
        calls = [c for c in await town.store.calls(alert.id) if c.notification.ladder]
        rung = {c.notification.person: c.state.value for c in calls}
        assert rung == {"grid-shiqiao": "failed", "head-shiqiao": "accepted"}
        assert any("isv.MOBILE_NUMBER_ILLEGAL" in call.reason for call in calls)
        (failure,) = await town.store.failed_addresses(town.desk.actual)
        assert failure.person == "grid-shiqiao"
        assert people["grid-shiqiao"].phone not in reached(gateway, "aliyun", "tencent")


async def test_an_invalid_wecom_user_is_not_reached_though_the_code_is_zero(
    tmp_path: Path, gateway: Gateway
) -> None:
    settings = wired(tmp_path, gateway)
    gateway.refuse("desk-2")
    async with story(tmp_path, settings=settings, wired=True) as town:
        await town.reads(86.60)
        calls = await town.store.calls((await town.the_alert()).id)
        states = {
            (c.notification.person, c.notification.channel): (c.state.value, c.reason)
            for c in calls
        }
        assert states["desk-2", "wecom"][0] == "failed"
        assert "invaliduser" in states["desk-2", "wecom"][1]
        assert states["desk-3", "wecom"][0] == states["desk-2", "sms"][0] == "accepted"


async def test_a_provider_that_is_down_hands_over_and_blames_nobody(
    tmp_path: Path, gateway: Gateway
) -> None:
    settings = wired(tmp_path, gateway)
    gateway.order("aliyun", Trouble.FAIL)
    async with story(tmp_path, settings=settings, wired=True) as town:
        await town.reads(86.60)
        await town.waits(minutes=6)
        phone = settings.knowledge.directory.people.persons["grid-shiqiao"].phone
        assert phone in reached(gateway, "tencent")
        assert await town.store.failed_addresses(town.desk.actual) == ()
        (ladder,) = [
            one
            for one in await town.store.ladders_of((await town.the_alert()).id)
            if one.duty == "patrol-shiqiao"
        ]
        assert ladder.step == 0  # nobody was silent: the first call has only just been heard
