from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from monitor.notify.channel import Medium, Notification
from monitor.readiness.checks import drill_due, person_unreachable, plan_expired
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Finding, plainly
from monitor.readiness.sweep import Bundle
from monitor.readiness.telling import promises
from monitor.scope import Scope, Status
from tests.readiness.township import (
    NOW,
    PERSONS,
    changed_duty,
    directory,
    facts,
    person,
    plan,
)

SCOPE = Scope("yunxi", Status.ACTUAL, "")
DUE = date(2026, 6, 30)


def matter(kind: str, subject: str = "x") -> Finding:
    return plainly(("check", subject, ""), "desk", kind, f"{kind}…", DUE)


def told(owner: str, *findings: Finding, known: Facts | None = None) -> Notification:
    (one,) = promises([Bundle(owner, findings)], known or facts(), SCOPE, NOW)
    return one


def test_one_finding_speaks_in_its_own_words() -> None:
    known = facts(failures={"carder": frozenset({Medium.SMS, Medium.VOICE})})
    found = person_unreachable.CHECK.find(known, person_unreachable.Parameters(), NOW)
    message = told("desk", *found, known=known)
    assert message.text == (
        "【云溪镇政府】责任清单提醒：桥头村的村级责任人电话打不通，请于5月16日前核实更新，"
        "期间由deputy代岗。"
    )
    assert (message.use, message.person, message.channel) == ("phone_dead", "officer", "sms")
    assert (message.code, message.ladder) == ("", None)


@pytest.mark.parametrize("check", [plan_expired, drill_due])
def test_a_plan_with_a_long_title_still_fits_one_sms(check: Any) -> None:
    long = plan("flood", title="云溪镇突发公共卫生事件应急预案（示例）", expires=date(2026, 5, 1))
    known = facts(plans=(long,))
    message = told("planner", *check.CHECK.find(known, check.Parameters(), NOW), known=known)
    assert "突发公共卫生事件" in message.text
    assert len(message.text) <= 70


def test_several_are_one_message_that_names_their_kinds() -> None:
    kinds = ("预案到期", "岗位空缺", "预案到期", "测站失联", "值班缺排")
    message = told("planner", *(matter(kind, str(n)) for n, kind in enumerate(kinds)))
    assert message.text == (
        "【云溪镇政府】待办提醒：应急站站长名下有5项待办：预案到期、岗位空缺、测站失联等。"
        "请于6月30日前逐项核办，详见值班台，不用回复。"
    )
    assert len(message.text) <= 70


def test_a_finding_without_words_of_its_own_uses_the_bundles() -> None:
    assert told("desk", matter("岗位空缺")).use == "findings"


def test_the_same_bundle_is_promised_once() -> None:
    assert told("desk", matter("a")).id == told("desk", matter("a")).id
    assert told("desk", matter("a")).id != told("desk", matter("a", "y")).id


def test_a_failed_medium_is_left_out() -> None:
    persons = [p for p in PERSONS if p.id != "planner"] + [person("planner", wecom="p1")]
    known = facts(
        directory=directory(persons), failures={"planner": frozenset({Medium.SMS, Medium.VOICE})}
    )
    assert told("planner", matter("a"), known=known).channel == "wecom"


@pytest.mark.parametrize(
    ("dead", "listener"),
    [
        ((), "carder"),
        (("carder",), "deputy"),
        (("carder", "deputy"), "planner"),
        (("carder", "deputy", "planner"), "officer"),
        (("carder", "deputy", "planner", "officer"), "duty_officer"),
    ],
)
def test_where_the_owner_cannot_be_reached_the_next_one_up_is(
    dead: tuple[str, ...], listener: str
) -> None:
    failed = dict.fromkeys(dead, frozenset({Medium.SMS, Medium.VOICE}))
    message = told("bridge-village", matter("a"), known=facts(failures=failed))
    assert message.person == listener


def test_a_circle_of_superiors_ends_at_the_desk() -> None:
    people = directory(duties=changed_duty("planner", superior="planner", person=None))
    assert told("planner", matter("a"), known=facts(directory=people)).person == "officer"
