"""Who is told, at which level, in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.alerting.alerts import Change, Transition
from monitor.alerting.severity import Condition, Severity
from monitor.notify.channel import Medium
from monitor.notify.policy import Tier
from monitor.notify.routing import respond
from monitor.notify.sheet import sms_parts
from tests.notify.township import (
    BRIDGE,
    DAY,
    NIGHT,
    POLICY,
    alert,
    asked,
    directory,
    raised,
    sms,
    told,
    worsened,
)


def test_blue_by_day_tells_the_patrol_and_asks_the_desk() -> None:
    blue = alert(Severity.BLUE, 2.7, at=DAY)
    response = respond(directory(), raised(blue, DAY), DAY)
    assert told(response) == {"duty_officer", "officer", "post"}
    assert asked(response) == {"desk"}
    assert sms(response, "post").text == (
        "【云溪镇政府】水情关注：石桥站，10:00水位2.70米，距警戒0.30米，在上涨。"
        "请留意水情、保持手机畅通，不用回复。"
    )


def test_blue_by_night_waits_for_seven_if_it_still_stands() -> None:
    note = sms(respond(directory(), raised(alert(Severity.BLUE, 2.7)), NIGHT), "post")
    assert note.due_at == NIGHT + timedelta(hours=3, minutes=48)  # 07:00 in the township
    assert note.if_standing


def test_yellow_asks_the_post_and_only_tells_the_leaders() -> None:
    response = respond(directory(), raised(alert(Severity.YELLOW)), NIGHT)
    code = response.escalations[0].code
    assert asked(response) == {"post"}
    assert sms(response, "post").text == (
        "【云溪镇政府】黄级叫应：石桥站，03:12水位3.35米，超警戒0.35米。"
        f"请到岗巡查，桥面过水即封路，收到回{code}。"
    )
    leader = sms(response, "on_duty")
    assert leader.text.endswith("请到岗巡查，桥面过水即封路，不用回复。")
    assert (leader.code, leader.ladder) == ("", None)
    assert "mayor" not in told(response)


def test_a_group_is_asked_to_keep_it_to_itself_and_gets_no_digits() -> None:
    response = respond(directory(), raised(alert(Severity.YELLOW)), NIGHT)
    group = next(n for n in response.notifications if n.channel == "wecom_group")
    assert group.text.endswith("不用回复。内部工作信息，请勿转发")
    assert group.code == ""


def test_a_red_rings_everyone_by_every_way_they_have() -> None:
    response = respond(directory(), raised(alert(Severity.RED, 5.2)), NIGHT)
    chief = {n.channel: n.text for n in response.notifications if n.person == "chief"}
    assert set(chief) == {"sms", "wecom", "call"}
    code = response.escalations[0].code
    assert chief["sms"] == (
        "【云溪镇政府】红级叫应：石桥站，03:12水位5.20米，达立即转移！"
        f"请马上转移河西组群众并报人数，收到回{code}。"
    )
    assert chief["call"] == (
        "云溪镇防指叫应。石桥站三点十二分，水位达到立即转移。请马上组织河西组转移。"
        "听清按1，要支援按2，重听按3。"
    )
    assert asked(response) == {
        "chief", "chief_low", "mover", "led", "deputy", "mayor", "secretary",
    }  # fmt: skip


def test_a_red_tells_those_whom_yellow_would_tell() -> None:
    response = respond(directory(), raised(alert(Severity.RED, 5.2)), NIGHT)
    assert {"post", "cadre", "leader"} <= told(response)


def test_a_village_downstream_hears_when_the_water_comes() -> None:
    now = NIGHT + timedelta(minutes=3)
    response = respond(directory(), raised(alert(Severity.RED, 5.2)), now)
    code = response.escalations[0].code
    assert sms(response, "chief_low").text == (
        "【云溪镇政府】上游来水：石桥站，03:12达红级，约37分钟到下湾组。"
        f"请河边人员先撤、封桥路，收到回{code}。"
    )


def test_rain_alone_brings_no_water_downstream() -> None:
    rain = alert(Severity.RED, 120.0, sensor="rain", basis="3小时雨量")
    text = sms(respond(directory(), raised(rain), NIGHT), "chief_low").text
    assert text.startswith("【云溪镇政府】红级叫应：石桥站，03:12，3小时雨量达120毫米，立即转移！")


def test_worse_says_the_new_action_to_those_told_before_and_the_level_to_the_new() -> None:
    red = worsened(alert(Severity.RED, 5.2), Severity.YELLOW)
    response = respond(directory(), red, NIGHT)
    code = response.escalations[0].code
    assert sms(response, "chief").text == (
        "【云溪镇政府】叫应升级：石桥站由黄级升红级，03:12水位5.20米！"
        f"请马上转移河西组群众并报人数，收到回{code}。"
    )
    assert "红级叫应" in sms(response, "mayor").text


def test_real_after_doubt_is_told_by_its_level() -> None:
    real = Transition(alert(Severity.YELLOW), Change.CONFIRMED, Severity.YELLOW, NIGHT, True)
    assert "黄级叫应" in sms(respond(directory(), real, NIGHT), "post").text


def test_at_the_very_warning_level_it_is_over_by_nothing() -> None:
    response = respond(directory(), raised(alert(Severity.YELLOW, 3.0)), NIGHT)
    assert "超警戒0.00米" in sms(response, "post").text


def test_a_blue_far_below_asks_nobody_off_the_bank() -> None:
    blue = Tier(tell=("village_chief",), media=(Medium.SMS,))
    policies = {"flood": POLICY.model_copy(update={"blue": blue})}
    response = respond(directory(policies=policies), raised(alert(Severity.BLUE, 2.7)), DAY)
    assert "蓝级关注" in sms(response, "chief_low").text


def test_a_sighting_is_no_report_to_the_county() -> None:
    policies = {"ford_person": BRIDGE.model_copy(update={"orange": BRIDGE.yellow})}
    seen = alert(Severity.ORANGE, 0.9, hazard="ford_person", sensor="camera")
    response = respond(directory(policies=policies), raised(seen), NIGHT)
    assert {n.use for n in response.notifications if n.person != "duty_officer"} == {
        "bridge", "voice_bridge",
    }  # fmt: skip
    assert not [n for n in response.notifications if n.use == "report"]


def test_from_orange_the_officer_is_reminded_of_the_county() -> None:
    response = respond(directory(), raised(alert(Severity.ORANGE, 4.2)), NIGHT)
    notes = [n for n in response.notifications if n.use == "report"]
    assert {n.person for n in notes} == {"duty_officer", "officer"}
    assert notes[0].text == (
        "【云溪镇政府】报县提醒：石桥站为橙级，请值班员03:42前电话首报县防办，"
        f"内容见值班台。报后回{notes[0].code}。"
    )
    assert notes[0].code != response.escalations[0].code
    yellow = respond(directory(), raised(alert(Severity.YELLOW)), NIGHT)
    assert not [n for n in yellow.notifications if n.use == "report"]


def test_a_doubt_asks_yes_or_no() -> None:
    doubt = alert(Severity.YELLOW, 9.9, condition=Condition.SUSPECT)
    response = respond(directory(), raised(doubt), NIGHT)
    one = response.escalations[0]
    desk = next(n for n in response.notifications if n.channel == "screen")
    assert desk.text == (
        "【云溪镇政府】数据存疑：石桥站，03:12读数9.90米，疑设备故障。"
        f"请先看视频或问村里，属实回{one.code}，误报回{one.no_code}。"
    )
    assert sms(response, "post").text.endswith("请先看视频或问村里，不用回复。")
    assert "chief" not in told(response)


def test_silence_while_rising_asks_for_a_reading() -> None:
    lost = alert(Severity.YELLOW, 3.35, condition=Condition.SILENT_WHILE_RISING)
    response = respond(directory(), raised(lost), NIGHT)
    assert sms(response, "post").text == (
        "【云溪镇政府】测站失联：石桥站，03:12断数据，断前在涨，末次3.35米。"
        f"请电话问村、安全处看水尺，报读数，收到回{response.escalations[0].code}。"
    )


def test_a_gauge_silent_at_red_is_told_as_red() -> None:
    lost = alert(Severity.RED, 5.2, condition=Condition.SILENT)
    assert "红级叫应" in sms(respond(directory(), raised(lost), NIGHT), "chief").text


def test_somebody_on_the_bridge_is_called_down() -> None:
    seen = alert(Severity.YELLOW, 0.9, hazard="ford_person", sensor="camera")
    response = respond(directory(), raised(seen), NIGHT)
    assert sms(response, "post").text == (
        "【云溪镇政府】有人上桥：石桥站，03:12桥面过水，画面有人。"
        f"请马上喊话劝离、两头封桥，不得下水，收到回{response.escalations[0].code}。"
    )


def test_rain_speaks_in_millimetres() -> None:
    rain = alert(Severity.ORANGE, 62.0, sensor="rain", basis="1小时雨量准备转移")
    response = respond(directory(), raised(rain), NIGHT)
    assert sms(response, "chief").text.startswith(
        "【云溪镇政府】橙级叫应：石桥站，03:12，1小时雨量达62毫米，准备转移。"
    )


@pytest.mark.parametrize(
    ("because", "said"),
    [
        ("坝体渗水", "坝体渗水"),
        ("上游水库泄洪，四十分钟后到。", "上游水库泄洪"),
        ("上游水库溃坝洪水正向下游推进", "上游水库溃坝洪水正…"),
        ("【急】渗水\n", "急渗水"),
        ("\x07", "有险情"),
    ],
)
def test_a_call_by_hand_names_its_source_and_why_in_one_part(because: str, said: str) -> None:
    by_hand = alert(Severity.ORANGE, None, rule="hand", sensor="县防办", basis=because)
    text = sms(respond(directory(), raised(by_hand), NIGHT), "chief").text
    assert f"03:12接县防办报：{said}。请到村到组" in text and sms_parts(text) == 1


def test_nothing_known_still_calls() -> None:
    bare = alert(Severity.RED, None)
    assert "立即转移" in sms(respond(directory(), raised(bare), NIGHT), "chief").text


def test_a_broken_template_stops_no_call() -> None:
    broken = directory(templates={"red": "红级 ${nobody} $"})
    response = respond(broken, raised(alert(Severity.RED, 5.2)), NIGHT)
    assert "达立即转移" in sms(response, "chief").text


def test_what_is_late_is_written_down_and_not_sent() -> None:
    late = raised(alert(Severity.RED, 5.2))._replace(pages=False)
    response = respond(directory(), late, NIGHT)
    assert not response.notifications and not response.escalations
    assert response.entries[0].facts["reason"] == "late"


def test_a_hazard_without_a_policy_still_reaches_the_desk() -> None:
    response = respond(directory(policies={}), raised(alert(Severity.RED, 5.2)), NIGHT)
    assert "duty_officer" in told(response)
    assert response.entries[-1].facts["reason"] == "no policy for the hazard"


def test_deciding_twice_promises_the_same() -> None:
    change = raised(alert(Severity.RED, 5.2))
    assert respond(directory(), change, NIGHT) == respond(directory(), change, NIGHT)
    later = respond(directory(), change, NIGHT + timedelta(seconds=9))
    first = respond(directory(), change, NIGHT)
    assert [n.id for n in later.notifications] == [n.id for n in first.notifications]
    ids = [n.id for n in first.notifications]
    assert len(ids) == len(set(ids))
