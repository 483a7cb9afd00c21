"""What a batch comes to: an alert that changed several times is told once, as it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.alerting.alerts import CALLS, Alert, Change, Transition
from monitor.alerting.severity import Severity


def net(transitions: Iterable[Transition]) -> Iterator[Transition]:
    """One transition an alert: from before its first change to what stands after its last.

    Nothing is told of an alert that was raised and ended within the batch, nor of a level that
    no longer stands; `announced` is set back to what is told, so that a rise to it calls again.
    """
    groups: dict[str, list[Transition]] = {}
    for transition in transitions:
        groups.setdefault(transition.alert.id, []).append(transition)
    for group in groups.values():
        if len(group) == 1:
            yield group[0]
        elif group[0].change is not Change.RAISED or group[-1].alert.is_active:
            yield _merged(group)


def _merged(group: list[Transition]) -> Transition:
    first, last = group[0], group[-1]
    calls = [t for t in group if t.pages and t.change in CALLS]
    if not calls:
        return last._replace(before=max(first.before, last.before))
    alert = _told(last.alert, max(first.before, last.alert.severity))
    if not alert.is_active or alert.severity < first.before:
        return last._replace(alert=alert, before=first.before)
    change = min((t.change for t in calls), key=CALLS.index)
    worse = alert.severity > first.before or change in (Change.CONFIRMED, Change.RESUMED)
    return Transition(alert, change, first.before, last.at, pages=worse, known=calls[0].known)


def _told(alert: Alert, most: Severity) -> Alert:
    """People are told of what stands now, not of a peak between."""
    return replace(alert, announced=min(alert.announced, most), asked=min(alert.asked, most))
