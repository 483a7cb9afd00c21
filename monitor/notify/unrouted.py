"""When routing itself has a defect: the duty desk is told in plain words, and calls by hand.

Nothing here uses a policy, a template or a list, for one of them may be what is broken.
"""

from __future__ import annotations

from datetime import datetime

from monitor.alerting.alerts import Transition
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
    reach, level = desk_reach(directory), ZH[alert.severity]
    name = site_of(directory, alert).name
    parts = (alert.id, transition.change, alert.severity.name, transition.at.isoformat())
    notice = Notification(
        id=alert.scope.id("unrouted", *parts),
        scope=alert.scope,
        subject=alert.id,
        ladder=None,
        person=reach.person,
        duty=DUTY_DESK,
        channel=reach.channel,
        address=reach.address,
        use="unrouted",
        variables={},
        text=f"程序故障，未能自动叫应：{name}为{level}级。请立即按责任清单人工叫应。",
        code="",
        severity=alert.severity,
        step=0,
        round=1,
        created_at=now,
        due_at=now,
    )
    return Response((), (notice,), (entry,))
