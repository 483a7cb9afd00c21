"""What late values say of the past (补判): the duty desk reads of it, and nobody is called."""

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
    said = (
        f"{_when(directory, alert)}曾达{ZH[alert.worst]}级，数据迟到，当时未叫应。请核对现场情况。"
    )
    return _on_the_screen(directory, alert, "past", f"补判：{said}", now)


def overcalled(directory: Directory, alert: Alert, now: datetime) -> Notification:
    """The desk's notice that it was less than people were called for, as is known now. Whom to
    call back a named person decides."""
    called = f"{_when(directory, alert)}已叫应{ZH[alert.told]}级"
    was = f"最高{ZH[alert.worst]}级" if alert.worst else "未曾达级"
    text = f"补判：{called}，迟到数据表明{was}。请核对现场，告知已叫应的人。"
    return _on_the_screen(directory, alert, "overcalled", text, now)


def _when(directory: Directory, alert: Alert) -> str:
    """The place, and from when to when."""
    zone = directory.people.zone
    ended = alert.cleared_at or alert.updated_at
    since, until = (moment.astimezone(zone) for moment in (alert.opened_at, ended))
    end = "%H:%M" if since.date() == until.date() else "%m-%d %H:%M"
    return f"{site_of(directory, alert).name}{since:%m-%d %H:%M}至{until.strftime(end)}"


def _on_the_screen(
    directory: Directory, alert: Alert, use: str, text: str, now: datetime
) -> Notification:
    reach = desk_reach(directory)
    if alert.scope.status is Status.EXERCISE:
        text = f"演练！{text}以上为演练"
    return Notification(
        id=alert.scope.id(use, alert.id, alert.worst.name, alert.opened_at.isoformat()),
        scope=alert.scope,
        subject=alert.id,
        ladder=None,
        person=reach.person,
        duty=DUTY_DESK,
        channel=reach.channel,
        address=reach.address,
        use=use,
        variables={},
        text=text,
        code="",
        severity=alert.known_worst,
        step=0,
        round=1,
        created_at=now,
        due_at=now,
    )
