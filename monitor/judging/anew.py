"""After a restore: who was being called in the copy is called anew, whether or not a gauge speaks.

A live value that says so calls at once, in words of now. A gauge that fell silent, or a person's
call, says nothing more: then time does, and the message names the hour of the reading.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerting.alerts import Alert, Change, marked_told, owed
from monitor.alerting.silences import audible
from monitor.judging.draft import Draft

AT_MOST = timedelta(minutes=5)
"""Nobody who was being called waits longer for a value; a gauge that speaks more often has that
long to say how it is now."""


def call_anew(draft: Draft, now: datetime) -> None:
    """Whatever stands of that and was told to nobody since; under a silence only what it leaves."""
    anew = draft.memory.anew
    if anew is None or not anew.alerts:
        return
    for place in sorted(draft.memory.alerts):
        alert = draft.alert(place)
        if alert is None or not _is_unheard(draft, alert):
            continue
        sensor = draft.knowledge.sensors.get(alert.lead.sensor)
        patience = min(sensor.interval, AT_MOST) if sensor else timedelta(0)
        heard = audible(alert, draft.silences(alert.scope))
        told = owed(heard, now) if heard else None
        if told is None or now < anew.since + patience:
            continue
        after, transition = told
        alert = replace(alert, announced=after.announced, asked=after.asked)
        draft.put_alert(alert)
        resumed = transition._replace(alert=alert, change=Change.RESUMED)
        draft.outcome.transitions.append(resumed)


def as_heard(draft: Draft, alert: Alert) -> Alert:
    """The alert as if it had been called anew: whoever stands it down needs no call for it."""
    return marked_told(alert) if _is_unheard(draft, alert) else alert


def _is_unheard(draft: Draft, alert: Alert) -> bool:
    anew = draft.memory.anew
    return anew is not None and alert.id in anew.alerts and not alert.told
