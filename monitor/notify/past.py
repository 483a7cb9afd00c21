"""An alert of the past (补判): the duty desk reads of it, and nobody is called."""

from __future__ import annotations

from datetime import datetime

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import ZH
from monitor.notify.channel import Notification
from monitor.notify.directory import Directory, desk_reach
from monitor.notify.occasions import site_of
from monitor.reference.people import DUTY_DESK
from monitor.scope import Status


def of_the_past(directory: Directory, alert: Alert, now: datetime) -> Notification:
    """The desk's notice of an alert that was over before anybody could be told of it."""
    reach, zone = desk_reach(directory), directory.people.zone
    ended = alert.cleared_at or alert.updated_at
    since, until = (moment.astimezone(zone) for moment in (alert.opened_at, ended))
    span = (
        f"{since:%m-%d %H:%M}至{until:%H:%M}"
        if since.date() == until.date()
        else (f"{since:%m-%d %H:%M}至{until:%m-%d %H:%M}")
    )
    name = site_of(directory, alert).name
    text = f"补判：{name}{span}曾达{ZH[alert.worst]}级，数据迟到，当时未叫应。请核对现场情况。"
    if alert.scope.status is Status.EXERCISE:
        text = f"演练！{text}以上为演练"
    return Notification(
        id=alert.scope.id("past", alert.id, alert.worst.name, alert.opened_at.isoformat()),
        scope=alert.scope,
        subject=alert.id,
        ladder=None,
        person=reach.person,
        duty=DUTY_DESK,
        channel=reach.channel,
        address=reach.address,
        use="past",
        variables={},
        text=text,
        code="",
        severity=alert.worst,
        step=0,
        round=1,
        created_at=now,
        due_at=now,
    )
