"""A person on the list without a channel, or whose phone no longer answers the network.

Urgent where nobody else of a duty that must answer a red alert can be reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.readiness.calendar import in_words
from monitor.readiness.facts import PHONE, ROSTER_ROLES, Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.people import Duty, Person
from monitor.reference.units import Duration, Frozen, Slug


class Parameters(Frozen):
    grace: Duration = timedelta(days=3)
    ahead: Duration = timedelta(days=7)
    """Who stands on the roster within this time counts as on the list."""
    owner: Slug | None = None
    """The duty that is told; None: the desk."""


def _duties_by_person(facts: Facts, ahead: timedelta, now: datetime) -> Mapping[str, list[Duty]]:
    """Every person who holds a duty, now or by the roster soon, with those duties."""
    people = facts.directory.people
    held: dict[str, list[Duty]] = {}
    for duty in people.duties.values():
        ids = {person for person in (duty.person, duty.substitute) if person}
        if duty.role in ROSTER_ROLES:
            moments = (now + timedelta(days=n) for n in range(ahead.days + 1))
            ids |= {person.id for at in moments for person in people.holders(duty, at)}
        for person in sorted(ids):
            held.setdefault(person, []).append(duty)
    return held


def _deputy(facts: Facts, duty: Duty, person: Person) -> str:
    """Who stands in: the other holder, else the superior's title."""
    people = facts.directory.people
    others = (people.persons.get(i or "") for i in (duty.person, duty.substitute))
    for other in others:
        if other and other.id != person.id and facts.reachable(other):
            return other.name
    superior = people.superior(duty)
    return superior.title if superior else facts.title(facts.desk())


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today, owner = facts.today(now), facts.owner(parameters.owner)
    persons = facts.directory.people.persons

    def finding(person: Person, duties: list[Duty]) -> Finding | None:
        media, failed = facts.media_of(person), facts.failures.get(person.id, frozenset())
        urgent = any(facts.dead_end(duty, now) for duty in duties)
        due = due_after(today, today, parameters.grace)
        key = ("person_unreachable", person.id, "")
        if not media:
            text = f"{duties[0].title}没有可用的联系方式，请补录"
            return plainly(key, owner, "联系不上", text, due, urgent=urgent)
        if not failed & media:
            return None
        what = "电话打不通" if failed & PHONE else "微信收不到"
        place = facts.place(duties[0])
        variables = {
            "kind": what,
            "place": place,
            "duty": duties[0].title.removeprefix(place),
            "due": in_words(due),
            "sub": _deputy(facts, duties[0], person),
        }
        text = f"{duties[0].title}{what}，请核实更新"
        use = "phone_dead" if failed & PHONE else "findings"
        return Finding(*key, owner, use, variables, text, due, urgent)

    held = _duties_by_person(facts, parameters.ahead, now)
    found = (finding(persons[i], duties) for i, duties in held.items() if i in persons)
    return tuple(one for one in found if one)


CHECK = Check("person_unreachable", Parameters, _find)
