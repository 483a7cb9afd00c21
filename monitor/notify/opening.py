"""Opening ladders: the snapshot of duties, persons and addresses that nothing changes later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from monitor.alerting.alerts import Alert
from monitor.notify.directory import Called, Directory, called, media_for
from monitor.notify.escalation import Ladder, LadderState, Reach, Step
from monitor.notify.policy import Tier
from monitor.reference.people import Duty
from monitor.reference.places import Site

_SHORTEST_WAIT = timedelta(seconds=30)
"""A wait of nothing would ring the whole ladder in one sweep."""


def open_ladder(
    directory: Directory,
    alert: Alert,
    site: Site,
    tier: Tier,
    duty: Duty,
    escalation: str,
    now: datetime,
) -> Ladder:
    """A ladder that has called nobody yet; `ladders.begin` makes its first calls."""
    wait = max(tier.wait, _SHORTEST_WAIT)
    return Ladder(
        id=alert.scope.id("ladder", escalation, duty.id),
        escalation=escalation,
        scope=alert.scope,
        alert=alert.id,
        severity=alert.severity,
        duty=duty.id,
        steps=_steps(directory, alert, site, tier, duty, wait, now),
        state=LadderState.CALLING,
        step=0,
        round=1,
        due_at=now + wait,
        opened_at=now,
        reason="",
        called_at=(),
        redial=tier.redial,
        rounds=tier.rounds,
    )


def _steps(
    directory: Directory,
    alert: Alert,
    site: Site,
    tier: Tier,
    duty: Duty,
    wait: timedelta,
    now: datetime,
) -> tuple[Step, ...]:
    """The duty, then those above it; each B岗 rings with the step after its own.

    A rung whose persons all stand lower in the ladder is left out: calling them again is what
    redialling is for.
    """
    rungs = [(duty,), *_above(directory, site, tier, duty)]
    steps: list[Step] = []
    known: set[str] = set()
    waiting: tuple[Reach, ...] = ()
    for duties in rungs:
        calls = [called(directory, alert.scope, d, media_for(tier, d.role), now) for d in duties]
        persons = frozenset(p for call in calls for p in _answerers(call))
        if steps and persons and persons <= known:
            continue
        first = tuple(r for call in calls for r in call.first if r.person not in known)
        known |= persons
        steps.append(_step(duties, (*first, *waiting), persons, wait))
        waiting = tuple(r for call in calls for r in call.later)
    if waiting:
        steps.append(_step(rungs[-1], waiting, frozenset(r.person for r in waiting), wait))
    return tuple(steps)


def _step(
    duties: Iterable[Duty], reaches: tuple[Reach, ...], persons: frozenset[str], wait: timedelta
) -> Step:
    first, *others = duties
    title = f"{first.title}等{len(others) + 1}岗" if others else first.title
    return Step(first.id, title, tuple(dict.fromkeys(reaches)), wait, persons)


def _answerers(call: Called) -> Iterator[str]:
    yield from call.persons
    yield from (reach.person for reach in call.first)


def _above(directory: Directory, site: Site, tier: Tier, duty: Duty) -> Iterator[tuple[Duty, ...]]:
    if tier.climb == "superior":
        seen = {duty.id}
        above = directory.people.superior(duty)
        while above is not None and above.id not in seen:
            seen.add(above.id)
            yield (above,)
            above = directory.people.superior(above)
        return
    villages = (duty.village or site.village,)
    for role in tier.climb_roles:
        duties = directory.people.duties_for(role, site.id, villages)
        if duties:
            yield duties
