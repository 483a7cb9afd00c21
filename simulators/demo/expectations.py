"""What must have come of the night, written down beforehand as data; and whether it did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from simulators.demo.story import MORNING, POWER_FAILS, STAND_DOWN, WET_VISIT, at


class Came(NamedTuple):
    """One message on one person's phone, by whatever medium."""

    at: datetime
    person: str
    medium: str
    text: str


class Told(NamedTuple):
    """Each of these persons must have got a text that matches, not before `after`."""

    act: int
    persons: tuple[str, ...]
    pattern: str
    after: datetime


class Never(NamedTuple):
    """Nobody may have got a text that matches before `until`."""

    act: int
    pattern: str
    until: datetime


class Stood(NamedTuple):
    """The alert of that site and hazard must have been that bad at its worst."""

    site: str
    hazard: str
    worst: Severity


def _village(name: str) -> tuple[str, str]:
    return f"head-{name}", f"cadre-{name}"


TOLD = (
    Told(1, _village("qiaotou"), "上游来水：上游站，.*约35分钟到桥头组", at(120)),
    Told(1, _village("hexi"), "上游来水：上游站，.*约45分钟到河西组", at(120)),
    Told(1, _village("shiqiao"), "上游来水：上游站，.*约50分钟到沿河组", at(120)),
    Told(2, ("closure-a", "closure-b"), "黄级叫应：漫水桥，|漫水桥由蓝级升黄级", at(150)),
    Told(
        2,
        ("closure-a", "closure-b", "head-qiaotou", "area-east", "desk-1", "desk-2"),
        "有人上桥：漫水桥，",
        at(WET_VISIT),
    ),
    Told(
        3,
        ("mayor", "secretary", "deputy-mayor", "area-east", "head-shiqiao", "grid-hexi"),
        "红级叫应：石桥站，|石桥站由橙级升红级",
        at(POWER_FAILS),
    ),
    Told(3, ("clinic", "fire-team", "police"), "石桥站.*(红级|立即转移)", at(POWER_FAILS)),
    Told(3, ("cadre-hexi",), "叫应上提：.*站为红级，河西村村级责任人打不通", at(POWER_FAILS)),
    Told(3, ("mayor",), "叫应上提：石桥站为红级，分管领导叫", at(POWER_FAILS)),
    Told(3, ("mayor", "head-shiqiao", "grid-hexi"), "回落：石桥站，", at(260)),
    Told(3, ("mayor", "head-shiqiao", "grid-hexi"), "处置解除：石桥站，", at(STAND_DOWN)),
    Told(4, ("emergency-office",), "演练提醒：2026年三季度", MORNING),
    Told(4, ("land-office",), "预案提醒：.*已于8月16日到期", MORNING),
    Told(4, ("desk-1",), "责任清单提醒：河西村的村级责任人电话打不通", MORNING),
)
NEVER = (Never(2, "有人上桥", at(WET_VISIT)),)
"""The same person walked over the dry ford an hour before."""
STOOD = (
    Stood("shangyou", "flood", Severity.RED),
    Stood("shiqiao", "flood", Severity.RED),
    Stood("manshui", "flood", Severity.YELLOW),
    Stood("manshui", "ford_person", Severity.ORANGE),
)


class Miss(NamedTuple):
    """What did not hold; `person` "" where it is about no one."""

    act: int
    what: str
    person: str


def misses(came: Sequence[Came], alerts: Iterable[Alert]) -> list[Miss]:
    """Everything that was expected and did not come, or came and must not have."""
    found = [
        Miss(told.act, told.pattern, person)
        for told in TOLD
        for person in told.persons
        if not any(_is(message, told, person) for message in came)
    ]
    found += [
        Miss(never.act, f"not {never.pattern}", message.person)
        for never in NEVER
        for message in came
        if message.at < never.until and re.search(never.pattern, message.text)
    ]
    worst = _worst(alerts)
    found += [
        Miss(3, f"{one.site} {one.hazard} {one.worst.name}", "")
        for one in STOOD
        if worst.get((one.site, one.hazard)) is not one.worst
    ]
    return found


def _is(message: Came, told: Told, person: str) -> bool:
    return (
        message.person == person
        and message.at >= told.after
        and re.search(told.pattern, message.text) is not None
    )


def _worst(alerts: Iterable[Alert]) -> Mapping[tuple[str, str], Severity]:
    found: dict[tuple[str, str], Severity] = {}
    for alert in alerts:
        key = (alert.site, alert.hazard)
        found[key] = max(found.get(key, Severity.NORMAL), alert.worst)
    return found
