"""A bundle → the one message that its owner gets, and to whom it goes where the owner is silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from monitor.alerting.severity import Severity
from monitor.notify.calling import Ask, Occasion, promise
from monitor.notify.channel import Medium, Notification
from monitor.notify.directory import desk_reach, reaches
from monitor.notify.escalation import Reach
from monitor.readiness.calendar import in_words
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Finding
from monitor.readiness.sweep import Bundle
from monitor.reference.people import Duty
from monitor.scope import Scope

MEDIA = (Medium.SMS, Medium.WECHAT)
"""The first of these that the person has and that has not failed; a phone call can wait."""
NAMED = 3
"""How many kinds of findings a bundle names."""


def promises(
    bundles: Iterable[Bundle], facts: Facts, scope: Scope, now: datetime
) -> tuple[Notification, ...]:
    """One notification a bundle, no answer asked; the same bundle gives the same id all day."""
    return tuple(_promise(bundle, facts, scope, now) for bundle in bundles)


def _promise(bundle: Bundle, facts: Facts, scope: Scope, now: datetime) -> Notification:
    keys = ("/".join(finding.key) for finding in bundle.findings)
    subject = scope.id("bundle", bundle.owner, facts.today(now).isoformat(), *keys)
    occasion = Occasion(
        facts.directory, scope, subject, "readiness", Severity.NORMAL, _said(bundle, facts), now
    )
    (first, *more) = bundle.findings
    uses = ("findings",) if more else (first.use, "findings")
    reach = next(_listeners(bundle.owner, facts, now))
    return promise(occasion, Ask(reach, bundle.owner, uses, {}, None, asks=False))


def _said(bundle: Bundle, facts: Facts) -> dict[str, str]:
    """What the templates may say: a single finding's own variables go before the bundle's."""
    kinds = list(dict.fromkeys(finding.variables["kind"] for finding in bundle.findings))
    said = {
        "duty": facts.title(bundle.owner),
        "count": str(len(bundle.findings)),
        "kinds": "、".join(kinds[:NAMED]) + ("等" if len(kinds) > NAMED else ""),
        "due": in_words(min(finding.due for finding in bundle.findings)),
    }
    alone: list[Finding] = list(bundle.findings) if len(bundle.findings) == 1 else []
    return said | {name: text for one in alone for name, text in one.variables.items()}


def _listeners(owner: str, facts: Facts, now: datetime) -> Iterator[Reach]:
    """Who can be told, best first: the owner, those above, the desk, the desk's own screen."""
    for duty in _upwards(owner, facts):
        for person in facts.directory.people.holders(duty, now):
            failed = facts.failures.get(person.id, frozenset())
            yield from reaches(facts.directory, person, (m for m in MEDIA if m not in failed))
    yield desk_reach(facts.directory)


def _upwards(owner: str, facts: Facts) -> Iterator[Duty]:
    """The duty, its superiors, the desk; each once, a circle in the list ends where it closes."""
    duties, seen = facts.directory.people.duties, set()
    name: str | None = owner
    while name and name in duties and name not in seen:
        seen.add(name)
        yield duties[name]
        name = duties[name].superior
    if facts.desk() in duties and facts.desk() not in seen:
        yield duties[facts.desk()]
