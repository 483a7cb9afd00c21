"""What providers post: their own bodies, twice, broken, forged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from monitor.channels import aliyun_sms, aliyun_voice, tencent_sms
from monitor.channels.webhook import SIGNATURE
from monitor.notify.channel import ChannelKind, Medium
from monitor.notify.delivery import Delivery
from monitor.providers.signatures import body_hmac
from tests.web.conftest import HOOK, SIGNED_HOOK, SIGNING_KEY, Web, the_alert

MAYOR = "13800000006"
KINDS = {"aliyun": aliyun_sms.CHANNEL, "tencent": tencent_sms.CHANNEL}


def speak_as(web: Web, kind: ChannelKind) -> None:
    """Let the channel "sms" understand a provider's posts; sending stays with the story."""
    knowledge = web.house.settings.knowledge

    def understood(channel: Any) -> Any:
        if channel.medium is not Medium.SMS:
            return channel
        known = replace(
            channel.kind, replies=kind.replies, receipts=kind.receipts, thanks=kind.thanks
        )
        return replace(channel, kind=known)

    channels = tuple(understood(channel) for channel in knowledge.directory.channels)
    directory = replace(knowledge.directory, channels=channels)
    knowledge = replace(knowledge, directory=directory)
    web.house.settings = replace(web.house.settings, knowledge=knowledge)


def aliyun_reply(text: str, at: str = "2026-07-16 02:01:00") -> bytes:
    row = {
        "phone_number": MAYOR,
        "content": text,
        "send_time": at,
        "dest_code": "1068",
        "sequence_id": 1234567890,
        "sign_name": "云溪镇政府",
    }
    return json.dumps([row], ensure_ascii=False).encode()


def aliyun_report(out_id: str, *, success: bool) -> bytes:
    row = {
        "phone_number": MAYOR,
        "send_time": "2026-07-16 02:00:00",
        "report_time": "2026-07-16 02:00:05",
        "success": success,
        "err_code": "DELIVERED" if success else "MOBILE_NOT_ON_SERVICE",
        "err_msg": "用户接收成功" if success else "停机",
        "sms_size": "1",
        "biz_id": "932702304080415357^0",
        "out_id": out_id,
    }
    return json.dumps([row], ensure_ascii=False).encode()


def tencent_reply(text: str, at: str = "") -> bytes:
    row = {
        "extend": "01",
        "mobile": MAYOR,
        "nationcode": "86",
        "sign": "云溪镇政府",
        "text": text,
        "time": 1784138460,
    }
    return json.dumps(row, ensure_ascii=False).encode()


REPLIES: dict[str, Callable[[str], bytes]] = {"aliyun": aliyun_reply, "tencent": tencent_reply}


@pytest.mark.parametrize("provider", ["aliyun", "tencent"])
async def test_a_reply_answers_the_call_once_however_often_it_is_posted(
    flood: Web, provider: str
) -> None:
    speak_as(flood, KINDS[provider])
    body = REPLIES[provider]("收到")
    for _ in range(3):
        said = await flood.http.post(f"/hooks/{HOOK}", content=body)
        assert said.status_code == 200
        assert said.text == KINDS[provider].thanks
    (answer,) = await flood.town.store.answers(await the_alert(flood))
    assert (answer.person, answer.by, answer.via) == ("mayor", "mayor", "sms")
    assert await flood.town.store.unread_replies() == []


async def test_a_reply_that_fits_no_call_is_shown_to_the_desk_once(flood: Web) -> None:
    speak_as(flood, aliyun_sms.CHANNEL)
    for _ in range(2):
        await flood.http.post(f"/hooks/{HOOK}", content=aliyun_reply("桥断了，13800000099 在那边"))
    (reply,) = await flood.town.store.unread_replies()
    assert reply.text == "桥断了，13800000099 在那边"


async def test_a_receipt_says_what_the_phone_got(flood: Web) -> None:
    speak_as(flood, aliyun_sms.CHANNEL)
    alert = await the_alert(flood)
    calls = await flood.town.store.calls(alert)
    sent = next(
        c for c in calls if c.notification.address == MAYOR and c.notification.channel == "sms"
    )
    assert sent.state is Delivery.ACCEPTED
    body = aliyun_report(sent.notification.id, success=False)
    for _ in range(2):
        assert (await flood.http.post(f"/hooks/{HOOK}", content=body)).status_code == 200
    (said,) = (await flood.http.get("/api/v1/alerts")).json()
    (mayor,) = next(duty for duty in said["duties"] if duty["duty"] == "mayor")["people"]
    assert {c["medium"]: c["result"] for c in mayor["calls"]}["短信"] == "关机/停机"


async def test_a_voice_record_is_a_receipt_and_a_reply(flood: Web) -> None:
    speak_as(flood, aliyun_voice.CHANNEL)
    calls = await flood.town.store.calls(await the_alert(flood))
    rung = next(
        c for c in calls if c.notification.address == MAYOR and c.notification.channel == "voice"
    )
    row = {
        "callee": MAYOR,
        "call_id": "116012854210^10281427",
        "status_code": "200000",
        "status_msg": "用户接听",
        "end_time": "2026-07-16 02:00:40",
        "out_id": rung.notification.id,
        "dtmf": "1",
    }
    said = await flood.http.post(f"/hooks/{HOOK}", content=json.dumps(row).encode())
    assert said.status_code == 200
    (answer,) = await flood.town.store.answers(await the_alert(flood))
    assert answer.person == "mayor"
    after = await flood.town.store.calls(await the_alert(flood))
    assert next(c for c in after if c.notification.id == rung.notification.id).delivered_at


UNREADABLE = (b"", b"{", b"[1]", b"null", b"[" * 5000, b"\xff\xfe", b'{"mobile": null}', b"1e999")


async def test_what_cannot_be_read_is_kept_and_refused(web: Web) -> None:
    speak_as(web, aliyun_sms.CHANNEL)
    for body in UNREADABLE:
        said = await web.http.post(f"/hooks/{HOOK}", content=body)
        assert said.status_code == 400
        assert "Traceback" not in said.text
    kept = await web.town.store.quarantined(web.town.desk.actual, 20)
    assert {q.message.topic for q in kept} == {"hooks/sms"}
    assert sorted(q.message.payload for q in kept) == sorted(UNREADABLE)


async def test_a_path_that_is_not_quite_right_is_nothing(flood: Web) -> None:
    for path in (HOOK[:-1], HOOK + "x", HOOK.lower(), "sms", "%ff", "é", ""):
        said = await flood.http.post(f"/hooks/{path}", content=aliyun_reply("收到"))
        assert said.status_code in (404, 405), path
    assert await flood.town.store.answers(await the_alert(flood)) == []


async def test_a_signed_hook_takes_only_what_the_provider_signed(flood: Web) -> None:
    speak_as(flood, aliyun_sms.CHANNEL)
    body = aliyun_reply("收到")
    good = f"sha256={body_hmac(body, SIGNING_KEY)}"
    for signature in ("", "sha256=", good[:-1], f"sha256={body_hmac(body + b' ', SIGNING_KEY)}"):
        said = await flood.http.post(
            f"/hooks/{SIGNED_HOOK}", content=body, headers={SIGNATURE: signature}
        )
        assert said.status_code == 404
    assert await flood.town.store.answers(await the_alert(flood)) == []
    said = await flood.http.post(f"/hooks/{SIGNED_HOOK}", content=body, headers={SIGNATURE: good})
    assert said.status_code == 200


async def test_a_channel_that_takes_no_posts_keeps_them_all_the_same(flood: Web) -> None:
    said = await flood.http.post(f"/hooks/{HOOK}", content=aliyun_reply("收到"))
    assert said.status_code == 400
    assert await flood.town.store.quarantined(flood.town.desk.actual, 5)
