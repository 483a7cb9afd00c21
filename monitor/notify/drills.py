"""A drill that something real breaks off: whoever takes part is told that now it is real. Pure."""

from __future__ import annotations

from datetime import datetime

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from monitor.journal import Entry
from monitor.notify.calling import Ask, Occasion, Response, promise
from monitor.notify.channel import Medium
from monitor.notify.directory import Directory, desk_reach, reaches
from monitor.notify.phrases import THIS_DRILL
from monitor.scope import Scope

ABORTED = "drill_aborted"
_READ = (Medium.SMS, Medium.WECHAT)


def break_off(directory: Directory, drill: Alert, real: Alert, now: datetime) -> Response:
    """演练中止 to all on the drill's list, before they are called for what is real.

    The message is real, and red, so that no limit holds it back; it is about the drill's alert.
    `drill`: the worst alert of that drill; `real`: what it gives way to.
    """
    actual = Scope(real.scope.township, real.scope.status, "")
    cause = actual.id(ABORTED, drill.scope.drill_id, real.id)
    said = {"drill": THIS_DRILL}
    occasion = Occasion(directory, actual, drill.id, cause, Severity.RED, said, now)
    persons = directory.people.persons
    found = [desk_reach(directory)]
    for id in sorted(directory.drill_allow.get(drill.scope.drill_id, ())):
        if id in persons:
            found += reaches(directory, persons[id], _READ)
    asks = (Ask(reach, "", (ABORTED,), {}, None, False) for reach in found)
    entry = Entry(drill.scope, now, "drill.aborted", drill.id, None, {"alert": real.id})
    return Response(notifications=tuple(promise(occasion, ask) for ask in asks), entries=(entry,))
