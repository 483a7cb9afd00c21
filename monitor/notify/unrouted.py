"""When routing itself has a defect: the duty desk is told in plain words, and calls by hand.

Nothing here uses a policy, a template or a list, for one of them may be what is broken.
"""

from __future__ import annotations

from datetime import datetime

from monitor.alerting.alerts import Alert, Transition
from monitor.alerting.severity import ZH
from monitor.notify.calling import Response, note
from monitor.notify.channel import Notification
from monitor.notify.directory import Directory, desk_reach
from monitor.notify.occasions import site_of
from monitor.reference.people import DUTY_DESK


def unrouted(
    directory: Directory, transition: Transition, defect: Exception, now: datetime
) -> Response:
    """The desk's notice of a change whose people could not be found or told, and the entry."""
    alert = transition.alert
    entry = note(alert, now, "route.defect", reason=type(defect).__name__)
    if not transition.pages:
        return Response(entries=(entry,))
    name, level = site_of(directory, alert).name, ZH[alert.severity]
    text = f"程序故障，未能自动叫应：{name}为{level}级。请立即按责任清单人工叫应。"
    parts = (alert.id, transition.change, alert.severity.name, transition.at.isoformat())
    return Response((), (_notice(directory, alert, ("unrouted", *parts), text, now),), (entry,))


def unclimbed(directory: Directory, alert: Alert, ladder: str, now: datetime) -> Response:
    """The desk's notice that a ladder cannot be read, and so calls nobody any more."""
    name = site_of(directory, alert).name
    text = f"程序故障，{name}有一项叫应读不出来，不再自动上提。请立即按责任清单人工叫应。"
    entry = note(alert, now, "call.unreadable", ladder=ladder)
    parts = ("unclimbed", alert.id, ladder)
    return Response((), (_notice(directory, alert, parts, text, now),), (entry,))


def _notice(
    directory: Directory, alert: Alert, parts: tuple[str, ...], text: str, now: datetime
) -> Notification:
    reach = desk_reach(directory)
    return Notification(
        id=alert.scope.id(*parts),
        scope=alert.scope,
        subject=alert.id,
        ladder=None,
        person=reach.person,
        duty=DUTY_DESK,
        channel=reach.channel,
        address=reach.address,
        use="unrouted",
        variables={},
        text=text,
        code="",
        severity=alert.severity,
        step=0,
        round=1,
        created_at=now,
        due_at=now,
    )
