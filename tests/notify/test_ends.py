"""Falling water and the end of a matter: told once, to those who were told."""

from __future__ import annotations

from dataclasses import replace

from monitor.alerting.alerts import Alert, Change, Transition
from monitor.alerting.severity import Severity
from monitor.notify.routing import closed, respond, stand_down
from tests.notify.township import DAY, NIGHT, alert, directory, sms, told

EASED, CLEARED = Change.EASED, Change.CLEARED


def fall(before: Severity, after: Alert, change: Change = EASED) -> set[str]:
    return told(respond(directory(), Transition(after, change, before, NIGHT, True), NIGHT))


def test_falling_out_of_orange_is_told_once_to_those_who_were_told() -> None:
    yellow = alert(Severity.YELLOW, 3.4, worst=Severity.RED)
    response = respond(directory(), Transition(yellow, EASED, Severity.RED, NIGHT, True), NIGHT)
    assert {"post", "chief", "mayor", "chief_low", "duty_officer"} <= told(response)
    assert not response.escalations
    assert sms(response, "chief").text == (
        "【云溪镇政府】水位回落：石桥站，03:12水位3.40米，已低于橙级线。"
        "继续值守，未接镇防指通知不得返回、不得放行。"
    )
    normal = alert(Severity.NORMAL, 2.0, worst=Severity.RED)
    assert fall(Severity.YELLOW, normal, CLEARED) == set()


def test_red_to_orange_yellow_and_blue_end_on_the_screen() -> None:
    assert fall(Severity.RED, alert(Severity.ORANGE, 4.0, worst=Severity.RED)) == set()
    assert fall(Severity.YELLOW, alert(Severity.BLUE, 2.8, worst=Severity.YELLOW)) == set()


def test_an_orange_that_nobody_was_told_falls_in_silence() -> None:
    assert fall(Severity.ORANGE, alert(Severity.YELLOW, 3.4, worst=Severity.YELLOW)) == set()


def test_a_watch_that_ends_says_so_and_never_that_the_water_fell() -> None:
    gone = alert(Severity.NORMAL, 5.2, worst=Severity.RED)
    end = Transition(gone, Change.CLOSED, Severity.RED, NIGHT, True)
    response = respond(directory(), end, NIGHT)
    assert {"chief", "mayor", "duty_officer"} <= told(response)
    assert {n.use for n in response.notifications} == {"closed"}
    nowhere = directory(sites={})
    asked = closed(nowhere, gone, ["chief"], NIGHT)
    assert sms(asked, "chief").text.startswith("【云溪镇政府】监测调整：shiqiao已停止监测")
    assert sms(asked, "chief").id == sms(response, "chief").id


def test_a_matter_that_is_over_does_not_quote_a_level_that_is_over() -> None:
    normal = replace(alert(Severity.NORMAL, 5.2, worst=Severity.RED), cleared_at=NIGHT)
    response = respond(directory(), Transition(normal, CLEARED, Severity.RED, NIGHT, True), NIGHT)
    assert sms(response, "chief").text == (
        "【云溪镇政府】级别回落：石桥站，03:12已回落到橙级线以下。"
        "继续值守，未接镇防指通知不得返回、不得放行。"
    )


def test_standing_down_is_a_named_act_told_to_all_who_were_told() -> None:
    over = alert(Severity.YELLOW, 3.1, worst=Severity.RED)
    response = stand_down(directory(), over, ["chief", "mayor"], "mayor", DAY)
    assert told(response) == {"duty_officer", "chief", "mayor"}
    assert sms(response, "chief").text.startswith(
        "【云溪镇政府】处置解除：石桥站，10:00经镇长甲同意解除红级处置。"
    )
    assert (response.entries[0].event, response.entries[0].person) == ("alert.stood_down", "mayor")
