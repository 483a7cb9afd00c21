"""Opening ladders: the snapshot of duties, persons and addresses that nothing changes later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Condition
from monitor.notify.directory import Called, Directory, called, media_for
from monitor.notify.escalation import Ladder, LadderState, Reach, Step
from monitor.notify.policy import Tier
from monitor.notify.tiers import is_doubt
from monitor.reference.people import Duty
from monitor.reference.places import Site, parts_of

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
    wait = max(_wait(directory, alert, site, tier, now), _SHORTEST_WAIT)
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
        asks_whether=is_doubt(alert) and alert.condition is Condition.SUSPECT,
    )


def _wait(directory: Directory, alert: Alert, site: Site, tier: Tier, now: datetime) -> timedelta:
    """Between two steps. A doubt has to be looked at, and each site says how long that takes."""
    own = (site.look_within, site.look_within_night) if is_doubt(alert) else (None, None)
    by_day = own[0] or tier.wait
    if not directory.is_night(now):
        return by_day
    return own[1] or tier.night_wait or by_day


def open_ladders(
    directory: Directory,
    alert: Alert,
    site: Site,
    tier: Tier,
    duties: Iterable[Duty],
    escalation: str,
    now: datetime,
) -> list[Ladder]:
    """One for each duty; where one answer is enough, whoever is asked may answer for all."""
    ladders = [open_ladder(directory, alert, site, tier, d, escalation, now) for d in duties]
    if tier.needed == "each":
        return ladders
    anyone = frozenset(person for one in ladders for person in one.steps[0].answerers)
    return [
        replace(one, steps=(one.steps[0]._replace(answerers=anyone), *one.steps[1:]))
        for one in ladders
    ]


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

    A rung whose persons were all called lower in the ladder is left out: calling them again is
    what redialling is for.
    """
    rungs = [(duty,), *_above(directory, site, tier, duty)]
    steps: list[Step] = []
    known: set[str] = set()
    waiting: tuple[Reach, ...] = ()
    for duties in rungs:
        calls = [called(directory, alert.scope, d, media_for(tier, d.role), now) for d in duties]
        persons = frozenset(p for call in calls for p in _answerers(call))
        first = tuple(r for call in calls for r in call.first if r.person not in known)
        if steps and persons <= known and persons and not waiting:
            continue
        known |= {r.person for r in (*first, *waiting)}
        steps.append(_step(duties, (*first, *waiting), persons, wait))
        waiting = tuple(r for call in calls for r in call.later if r.person not in known)
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
    if tier.climb == "none":
        return
    here = next((part for part in parts_of(site) if part.id == duty.site), site)
    villages = (duty.village or here.village,)
    rungs = [directory.people.duties_for(r, here.id, villages) for r in tier.climb_roles]
    if tier.climb == "together":
        rungs = [tuple(duty for duties in rungs for duty in duties)]
    yield from filter(None, rungs)
