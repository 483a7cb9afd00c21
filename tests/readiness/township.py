"""A very small township, all in order, that each test breaks in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from monitor.notify.channel import Channel, ChannelKind, Medium, Receipt, SendOutcome
from monitor.notify.policy import Policy, Tier
from monitor.notify.routing import Directory
from monitor.notify.templates import complete
from monitor.readiness.calendar import OfficeHours, Season
from monitor.readiness.facts import Facts
from monitor.reference.people import Duty, Letters, Person, ResponsibilityList, Roster, Shift
from monitor.reference.places import Sensor, Site, SiteKind, Village
from monitor.reference.plans import DrillForm, HeldDrill, Plan, RiskField

ZONE = ZoneInfo("Asia/Shanghai")


def local(day: str, clock: str = "10:00") -> datetime:
    """An instant by the township's own clock."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE).astimezone(UTC)


NOW = local("2026-05-13")
"""A Wednesday morning."""


def _accepts(*_: Any) -> Receipt:
    return Receipt(SendOutcome.ACCEPTED, "1", "", blames_person=False)


def channel(name: str, medium: Medium) -> Channel:
    return Channel(name, ChannelKind(name, medium, BaseModel, (), _accepts), None)


def person(name: str, phone: str = "13800000001", wecom: str = "") -> Person:
    return Person(id=name, name=name, phone=phone, wecom=wecom)


TITLES = {"flood": "防汛预案", "fire": "消防预案", "plague": "防疫预案"}


def plan(name: str, **changes: Any) -> Plan:
    given: dict[str, Any] = {
        "id": name,
        "title": TITLES.get(name, name),
        "field": RiskField.DISASTER,
        "hazard": "flood",
        "issued": date(2024, 1, 10),
        "expires": date(2027, 1, 9),
        "owner": "planner",
    }
    return Plan(**(given | changes))


def held(name: str, day: str) -> HeldDrill:
    return HeldDrill(plan=name, day=date.fromisoformat(day), form=DrillForm.TABLETOP)


PERSONS = tuple(person(n) for n in ("leader", "officer", "planner", "carder", "deputy"))
DUTIES = (
    Duty(id="desk", role="duty_officer", title="值班员"),
    Duty(id="planner", role="planner", title="应急站站长", person="planner"),
    Duty(
        id="bridge-village",
        role="village",
        title="桥头村村级责任人",
        village="bridge",
        person="carder",
        substitute="deputy",
        superior="planner",
        letter_signed=date(2026, 1, 5),
    ),
)
ROSTER = Roster(
    shifts=tuple(
        Shift(day=date(2026, 1, 1) + timedelta(days=n), leader="leader", officers=("officer",))
        for n in range(1000)
    )
)
POLICY = Policy(id="flood", hazards=("flood",), red=Tier(answer=("village",)))
SITE = Site(id="stone", name="石桥站", kind=SiteKind.RIVER, village="bridge")
GAUGE = Sensor(id="gauge", site="stone", quantity="level", unit="m", name="石桥水位计")
SMS = channel("sms", Medium.SMS)
WECHAT = channel("wecom", Medium.WECHAT)


def directory(
    persons: Iterable[Person] = PERSONS,
    duties: Iterable[Duty] = DUTIES,
    roster: Roster = ROSTER,
    channels: tuple[Channel, ...] = (SMS, WECHAT),
) -> Directory:
    people = ResponsibilityList(
        {duty.id: duty for duty in duties}, {one.id: one for one in persons}, roster, ZONE
    )
    return Directory(
        township_name="云溪镇政府",
        people=people,
        sites={"stone": SITE},
        villages={"bridge": Village(id="bridge", name="桥头村")},
        policies={"flood": POLICY},
        channels=channels,
        templates=complete(),
    )


def facts(*, now: datetime = NOW, **changes: Any) -> Facts:
    """All in order at `now`, but for `changes`."""
    in_order = Facts(
        directory=directory(),
        sensors={"gauge": GAUGE},
        plans={},
        drills=(),
        letters=Letters(),
        season=Season(),
        office=OfficeHours(),
        listening_since=now - timedelta(days=30),
        last_heard={"gauge": now - timedelta(minutes=5)},
    )
    if "plans" in changes and not isinstance(changes["plans"], dict):
        changes["plans"] = {one.id: one for one in changes["plans"]}
    return replace(in_order, **changes)


def changed_duty(name: str, **changes: Any) -> tuple[Duty, ...]:
    return tuple(d.model_copy(update=changes) if d.id == name else d for d in DUTIES)
