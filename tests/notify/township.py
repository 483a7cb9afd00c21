"""A small township for the tests of this room: the table "Who is told" as policies, role names
for people, reserved numbers for phones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from monitor.alerting.alerts import Alert, Change, Contribution, Transition
from monitor.alerting.severity import Condition, Severity
from monitor.journal import Entry
from monitor.notify.channel import Channel, ChannelKind, Medium, Notification, Receipt, SendOutcome
from monitor.notify.directory import Directory
from monitor.notify.policy import Policy, Tier
from monitor.notify.routing import Response
from monitor.notify.templates import complete
from monitor.reference.people import Duty, Person, ResponsibilityList, Roster, Shift
from monitor.reference.places import Sensor, Site, SiteKind, Threat, Village
from monitor.scope import Scope, Status

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 7, 15, 19, 12, tzinfo=UTC)
"""03:12 on 16 July in the township."""
DAY = datetime(2026, 7, 16, 2, 0, tzinfo=UTC)
ACTUAL = Scope("yunxi", Status.ACTUAL, "")


def _send(parameters: object, secrets: Mapping[str, str], http: object, n: Notification) -> Receipt:
    return Receipt(SendOutcome.ACCEPTED, n.id, "", False)


def _channel(id: str, medium: Medium) -> Channel:
    return Channel(id, ChannelKind(id, medium, BaseModel, (), _send), None)


CHANNELS = tuple(
    _channel(id, medium)
    for id, medium in (
        ("screen", Medium.DESK),
        ("sms", Medium.SMS),
        ("call", Medium.VOICE),
        ("wecom", Medium.WECHAT),
        ("wecom_group", Medium.GROUP),
    )
)

_HOLDERS = {
    # duty: (role, title, village, site, superior, has a substitute)
    "post": ("patrol", "石桥站点位巡查", None, "shiqiao", "chief", True),
    "chief": ("village_chief", "桥头村责任人", "qiaotou", None, "cadre", False),
    "cadre": ("village_cadre", "桥头村包村干部", "qiaotou", None, "leader", False),
    "leader": ("village_leader", "桥头村包村领导", "qiaotou", None, "deputy", False),
    "mover": ("relocation", "桥头村转移责任人", "qiaotou", None, "chief", False),
    "chief_low": ("village_chief", "下湾村责任人", "xiawan", None, "deputy", False),
    "deputy": ("deputy", "分管领导", None, None, "mayor", False),
    "mayor": ("mayor", "镇长", None, None, None, False),
    "secretary": ("secretary", "书记", None, None, None, False),
}

PERSONS = {
    id: Person(id=id, name=f"{title}甲", phone=f"138000000{number:02}", wecom=id)
    for number, (id, title) in enumerate(
        [
            *((duty, row[1]) for duty, row in _HOLDERS.items()),
            ("post_b", "石桥站点位巡查乙"),
            ("officer", "值班员"),
            ("on_duty", "带班领导"),
        ],
        start=1,
    )
}

DUTIES = {
    id: Duty(
        id=id, role=role, title=title, village=village, site=site, person=id,
        substitute=f"{id}_b" if b else None, superior=superior,
    )
    for id, (role, title, village, site, superior, b) in _HOLDERS.items()
} | {
    "desk": Duty(id="desk", role="duty_officer", title="值班员"),
    "led": Duty(id="led", role="leader_on_duty", title="带班领导", superior="mayor"),
}  # fmt: skip

ROSTER = Roster(
    shifts=tuple(
        Shift(day=date(2026, 7, day), leader="on_duty", officers=("officer",))
        for day in (14, 15, 16, 17)
    )
)

SITE = Site(
    id="shiqiao", name="石桥站", kind=SiteKind.RIVER, village="qiaotou", warning_level=3.0,
    threatens=(
        Threat(village="qiaotou"),
        Threat(village="xiawan", travel=timedelta(minutes=40)),
    ),
)  # fmt: skip

VILLAGES = {
    "qiaotou": Village(id="qiaotou", name="桥头村", area="河西组"),
    "xiawan": Village(id="xiawan", name="下湾村", area="下湾组"),
}

SENSORS = {
    "gauge": Sensor(id="gauge", site="shiqiao", quantity="level", unit="m"),
    "rain": Sensor(id="rain", site="shiqiao", quantity="rain", unit="mm"),
    "camera": Sensor(id="camera", site="shiqiao", quantity="detection", unit="1"),
}

ALL = (Medium.SMS, Medium.WECHAT, Medium.VOICE)
POLICY = Policy(
    id="flood",
    hazards=("flood",),
    blue=Tier(
        tell=("patrol",), answer=("duty_officer",), media=(Medium.SMS,),
        daytime_only=("patrol",), rounds=1,
    ),
    yellow=Tier(
        tell=("village_chief", "village_cadre", "leader_on_duty", "deputy"), answer=("patrol",),
        wait=timedelta(minutes=15), climb="roles", climb_roles=("village_chief", "village_cadre"),
        media=(Medium.SMS,), groups=("wecom_group",),
    ),
    orange=Tier(
        tell=("village_leader", "mayor", "secretary"),
        answer=("village_chief", "relocation", "leader_on_duty"),
        wait=timedelta(minutes=10), media=(Medium.SMS, Medium.WECHAT),
    ),
    red=Tier(
        answer=(
            "village_chief", "relocation", "leader_on_duty", "deputy", "mayor", "secretary",
        ),
        wait=timedelta(minutes=5), media=ALL,
    ),
    suspect=Tier(answer=("duty_officer",), tell=("patrol",), wait=timedelta(minutes=15)),
    silent=Tier(answer=("patrol",), wait=timedelta(minutes=30)),
)  # fmt: skip
BRIDGE = Policy(
    id="bridge",
    hazards=("ford_person",),
    yellow=Tier(answer=("patrol",), wait=timedelta(minutes=3), media=(Medium.SMS, Medium.VOICE)),
)


def directory(**changes: object) -> Directory:
    people = ResponsibilityList(DUTIES, PERSONS, ROSTER, ZONE, desk_phone="0000-0000000")
    whole = Directory(
        township_name="云溪镇政府",
        people=people,
        sites={"shiqiao": SITE},
        villages=VILLAGES,
        policies={"flood": POLICY, "ford_person": BRIDGE},
        channels=CHANNELS,
        templates=complete(),
        sensors=SENSORS,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # fields by name


def without(*persons: str) -> ResponsibilityList:
    """The list with these persons' phones and WeCom gone."""
    bare = {id: Person(id=id, name=PERSONS[id].name) for id in persons}
    return ResponsibilityList(DUTIES, {**PERSONS, **bare}, ROSTER, ZONE)


def alert(
    severity: Severity,
    value: float | None = 3.35,
    *,
    scope: Scope = ACTUAL,
    hazard: str = "flood",
    sensor: str = "gauge",
    rule: str = "level",
    condition: Condition = Condition.OVER,
    basis: str = "",
    rate: float | None = 0.4,
    worst: Severity | None = None,
    at: datetime = NIGHT,
) -> Alert:
    lead = Contribution(rule, sensor, severity, at, condition, value, at, basis, None, rate)
    return Alert(
        id="alert", scope=scope, site="shiqiao", hazard=hazard, opened_at=at, severity=severity,
        worst=worst or severity, condition=condition, contributions={(rule, sensor): lead},
        lead=lead, origin="sensor",
        announced=worst or severity, asked=Severity.NORMAL, cleared_at=None, updated_at=at,
    )  # fmt: skip


def raised(alert: Alert, at: datetime = NIGHT) -> Transition:
    return Transition(alert, Change.RAISED, Severity.NORMAL, at, True)


def worsened(alert: Alert, before: Severity, at: datetime = NIGHT) -> Transition:
    return Transition(alert, Change.WORSENED, before, at, True)


def told(response: Response) -> set[str]:
    return {n.person for n in response.notifications}


def sms(response: Response, person: str) -> Notification:
    found = [n for n in response.notifications if (n.person, n.channel) == (person, "sms")]
    assert len(found) == 1, f"{person} gets {len(found)} messages"
    return found[0]


def asked(response: Response) -> set[str]:
    return {ladder.duty for e in response.escalations for ladder in e.ladders}


def not_told(response: Response) -> list[Entry]:
    return [e for e in response.entries if e.event == "route.not_told"]
