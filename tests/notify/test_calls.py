"""Who rings next when the first call goes nowhere, and what the next one reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.alerting.severity import Condition, Severity
from monitor.notify.channel import Notification
from monitor.notify.delivery import Delivery
from monitor.notify.instead import instead
from monitor.notify.ladders import Failure, Heard, advance
from monitor.notify.routing import climb, respond
from tests.notify.township import (
    CHANNELS,
    DAY,
    NIGHT,
    alert,
    directory,
    not_told,
    raised,
    sms,
    without,
)


def test_a_call_grown_doubtful_asks_no_question_it_has_no_digits_for() -> None:
    one = respond(directory(), raised(alert(Severity.YELLOW)), NIGHT).escalations[0]
    doubt = alert(Severity.YELLOW, condition=Condition.SUSPECT)
    later = NIGHT + timedelta(minutes=15)
    notes = climb(directory(), doubt, one, [advance(one.ladders[0], Heard(), later)], later)
    assert notes and not [n for n in notes if "误报" in n.text]


def test_one_message_a_person_and_channel_and_all_their_ladders_hear_the_answer() -> None:
    people = without()
    mover = people.duties["mover"].model_copy(update={"person": "chief"})
    people = replace(people, duties={**people.duties, "mover": mover})
    response = respond(directory(people=people), raised(alert(Severity.RED, 5.2)), NIGHT)
    assert sms(response, "chief")
    both = [x for x in response.escalations[0].ladders if x.duty in ("chief", "mover")]
    assert all("chief" in ladder.steps[0].answerers for ladder in both)


def test_a_vacant_duty_calls_its_superior_at_once() -> None:
    response = respond(
        directory(people=without("mover")), raised(alert(Severity.ORANGE, 4.2)), NIGHT
    )
    climbed = [n for n in response.notifications if n.use == "superior_vacant"]
    assert [n.person for n in climbed] == ["chief", "chief"]  # SMS and WeChat
    assert "桥头村转移责任人无人可叫" in climbed[0].text
    assert ("mover", "no channel") in [
        (e.facts["duty"], e.facts["reason"]) for e in not_told(response)
    ]


def test_a_dead_phone_hurries_and_the_superior_reads_why() -> None:
    where, matter = directory(), alert(Severity.RED, 5.2)
    one = respond(where, raised(matter), NIGHT).escalations[0]
    chief = next(ladder for ladder in one.ladders if ladder.duty == "chief")
    soon = NIGHT + timedelta(seconds=5)
    dead = Heard(failures=tuple(Failure("chief", r.channel, soon) for r in chief.steps[0].reaches))
    notes = climb(where, matter, one, [advance(chief, dead, soon)], soon)
    superior = next(n for n in notes if n.person == "cadre" and n.channel == "sms")
    assert superior.text == (
        "【云溪镇政府】叫应上提：石桥站为红级，桥头村责任人打不通。"
        f"请您接手或派人到场，收到回{one.code}。"
    )
    assert "chief" not in {n.person for n in notes}  # rung a moment ago


def test_a_substitute_rings_with_the_next_step() -> None:
    one = respond(directory(), raised(alert(Severity.YELLOW)), NIGHT).escalations[0]
    first, second, *_ = one.ladders[0].steps
    assert [r.person for r in first.reaches] == ["post"]
    assert [r.person for r in second.reaches] == ["chief", "post_b"]
    assert "post_b" in first.answerers


def test_a_substitute_rings_at_once_where_the_first_has_no_phone() -> None:
    one = respond(
        directory(people=without("post")), raised(alert(Severity.YELLOW)), NIGHT
    ).escalations[0]
    assert [r.person for r in one.ladders[0].steps[0].reaches] == ["post_b"]


def test_the_next_provider_of_the_same_medium_takes_over() -> None:
    backup = replace(CHANNELS[1], id="sms_b")
    where = directory(channels=(*CHANNELS, backup))
    first = sms(respond(where, raised(alert(Severity.RED, 5.2)), NIGHT), "chief")
    failed = {"sms": Delivery.FAILED}
    second = instead(where, first, None, failed, (), DAY)
    assert isinstance(second, Notification)
    assert (second.channel, second.text, second.ladder) == ("sms_b", first.text, first.ladder)
    assert second.id != first.id and second.due_at == DAY
    both = failed | {"sms_b": Delivery.FAILED}
    third = instead(where, second, None, both | {"wecom": Delivery.ACCEPTED}, (), DAY)
    assert third is None, "who was told by another medium is not told by a third"


def test_a_superior_is_called_for_each_duty_that_is_silent_minutes_apart() -> None:
    where, matter = directory(), alert(Severity.RED, 5.2)
    one = respond(where, raised(matter), NIGHT).escalations[0]
    low, led = (next(x for x in one.ladders if x.duty == d) for d in ("deputy", "led"))
    calls = []
    for ladder, minutes in ((low, 5), (led, 7)):
        now = NIGHT + timedelta(minutes=minutes)
        calls += climb(where, matter, one, [advance(ladder, Heard(times=1), now)], now)
    mayor = [n for n in calls if (n.person, n.channel, n.use) == ("mayor", "sms", "superior")]
    assert len({n.id for n in mayor}) == 2
    assert ["分管领导叫1次" in n.text for n in mayor] == [True, False]


def test_two_silent_duties_at_once_are_one_call_to_their_superior() -> None:
    where, matter = directory(), alert(Severity.RED, 5.2)
    one = respond(where, raised(matter), NIGHT).escalations[0]
    now = NIGHT + timedelta(minutes=5)
    both = [advance(x, Heard(times=1), now) for x in one.ladders if x.duty in ("deputy", "led")]
    calls = climb(where, matter, one, both, now)
    mayor = [n for n in calls if (n.person, n.channel) == ("mayor", "sms")]
    assert len(mayor) == 1
    assert "等2岗叫1次未应" in mayor[0].text


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (Heard(times=2), "叫2次未应"),
        (Heard(), "还没能叫到"),
        (Heard(failures=(Failure("chief", "sms", NIGHT, is_tried=False),)), "还没能叫到"),
    ],
)
def test_the_superior_reads_how_often_something_was_really_sent(heard: Heard, said: str) -> None:
    where, matter = directory(), alert(Severity.ORANGE, 4.2)
    one = respond(where, raised(matter), NIGHT).escalations[0]
    chief = next(ladder for ladder in one.ladders if ladder.duty == "chief")
    later = chief.due_at
    notes = climb(where, matter, one, [advance(chief, heard, later)], later)
    superior = next(n for n in notes if n.person == "cadre" and n.channel == "sms")
    assert f"桥头村责任人{said}。请您接手" in superior.text
