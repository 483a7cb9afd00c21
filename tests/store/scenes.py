"""Small, whole outcomes for the store's tests: one flood at one gauge, told to one person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.alerting.alerts import Alert
from monitor.alerting.contribution import Contribution
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.message import Message, Quarantined
from monitor.ingest.observation import Observation, QualityFlag
from monitor.journal import Entry
from monitor.judging.memory import AlertKey, Outcome
from monitor.notify.channel import Notification
from monitor.notify.escalation import Escalation, Ladder, LadderState, Reach, Step
from monitor.scope import Scope, Status

ACTUAL = Scope("yunxi", Status.ACTUAL, "")
DRILL = Scope("yunxi", Status.EXERCISE, "spring")
START = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
PHONE = "13800000001"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def observed(
    n: int = 0, *, scope: Scope = ACTUAL, sensor: str = "gauge", **other: Any
) -> Observation:
    """Reading number `n`, a minute after the one before."""
    values: dict[str, Any] = {
        "scope": scope,
        "sensor": sensor,
        "key": f"1:{n}",
        "device_time": at(n),
        "received_at": at(n) + timedelta(microseconds=n + 1),
        "observed_at": at(n),
        "raw_value": 3.2,
        "raw_unit": "m",
        "value": 3.2,
        "flag": QualityFlag.GOOD,
        "reasons": (),
        "late": False,
        "retained": False,
        "detail": None,
    }
    return Observation(**values | other)


def told_by(observation: Observation, **other: Any) -> Contribution:
    values: dict[str, Any] = {
        "rule": "level",
        "sensor": observation.sensor,
        "severity": Severity.RED,
        "since": observation.observed_at,
        "condition": Condition.OVER,
        "value": observation.value,
        "observed_at": observation.observed_at,
        "basis": "立即转移",
        "limit": 3.0,
        "rate": None,
    }
    return Contribution(**values | other)


def alert(observation: Observation | None = None, **other: Any) -> Alert:
    """The flood at the bridge, red since that reading."""
    first = observation or observed()
    contribution = told_by(first)
    values: dict[str, Any] = {
        "id": first.scope.id("alert", "bridge", "flood", first.key),
        "scope": first.scope,
        "site": "bridge",
        "hazard": "flood",
        "opened_at": first.observed_at,
        "severity": Severity.RED,
        "worst": Severity.RED,
        "condition": Condition.OVER,
        "contributions": {(contribution.rule, contribution.sensor): contribution},
        "lead": contribution,
        "origin": "sensor",
        "announced": Severity.RED,
        "asked": Severity.NORMAL,
        "cleared_at": None,
        "updated_at": first.observed_at,
    }
    return Alert(**values | other)


def step(person: str, *channels: str, wait: float = 5) -> Step:
    reaches = tuple(Reach(person, person, channel, "sms", PHONE) for channel in channels)
    return Step(f"{person}_duty", person, reaches, timedelta(minutes=wait), frozenset({person}))


def ladder(of: Alert, **other: Any) -> Ladder:
    """The village's ladder: its keeper by SMS, then its leader."""
    values: dict[str, Any] = {
        "id": of.scope.id("ladder", of.id, "village"),
        "escalation": of.scope.id("escalation", of.id, "RED"),
        "scope": of.scope,
        "alert": of.id,
        "severity": Severity.RED,
        "duty": "village",
        "steps": (step("keeper", "sms"), step("leader", "sms")),
        "state": LadderState.CALLING,
        "step": 0,
        "round": 1,
        "due_at": of.opened_at + timedelta(minutes=5),
        "opened_at": of.opened_at,
        "reason": "",
        "called_at": (of.opened_at,),
        "redial": True,
        "rounds": 2,
    }
    return Ladder(**values | other)


def escalation(of: Alert, *ladders: Ladder) -> Escalation:
    return Escalation(
        id=of.scope.id("escalation", of.id, "RED"),
        scope=of.scope,
        alert=of.id,
        severity=Severity.RED,
        opened_at=of.opened_at,
        code="314",
        ladders=ladders or (ladder(of),),
        no_code="",
    )


def call(of: Alert, person: str = "keeper", **other: Any) -> Notification:
    values: dict[str, Any] = {
        "id": of.scope.id("notification", of.id, person, "sms", "0", "1"),
        "scope": of.scope,
        "subject": of.id,
        "ladder": ladder(of).id,
        "person": person,
        "duty": f"{person}_duty",
        "channel": "sms",
        "address": PHONE,
        "use": "red",
        "variables": {"site": "石桥站", "level": "3.20"},
        "text": "【云溪镇政府】红级叫应",
        "code": "314",
        "severity": Severity.RED,
        "step": 0,
        "round": 1,
        "created_at": of.opened_at,
        "due_at": of.opened_at,
        "if_standing": False,
    }
    return Notification(**values | other)


def raised(of: Alert) -> Entry:
    return Entry(of.scope, of.opened_at, "alert.raised", of.id, None, {"severity": "RED"})


def flood(scope: Scope = ACTUAL) -> Outcome:
    """One red reading, and all that it means."""
    first = observed(scope=scope)
    red = alert(first)
    bad = Message("risk/yunxi/gauge/level", b"{", first.received_at, False)
    return Outcome(
        observations=[first],
        quarantined=[Quarantined(scope, bad, "not JSON", "line 1")],
        alerts={AlertKey(scope, "bridge", "flood"): red},
        escalations=[escalation(red)],
        notifications=[call(red)],
        entries=[raised(red)],
    )
