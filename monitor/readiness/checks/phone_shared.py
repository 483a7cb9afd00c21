"""Two persons with one mobile number: a reply from it counts for one of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.readiness.facts import Facts, due_after
from monitor.readiness.finding import Check, Finding, plainly
from monitor.reference.units import Duration, Frozen, Slug


class Parameters(Frozen):
    grace: Duration = timedelta(days=7)
    owner: Slug | None = None
    """The duty that is told; None: the desk."""


def _find(facts: Facts, parameters: Parameters, now: datetime) -> tuple[Finding, ...]:
    today, owner = facts.today(now), facts.owner(parameters.owner)
    persons = facts.directory.people.persons
    by_number: dict[str, list[str]] = {}
    for person in persons.values():
        if person.phone:
            by_number.setdefault(person.phone, []).append(person.id)
    return tuple(
        plainly(
            ("phone_shared", "+".join(sorted(sharing)), ""),
            owner,
            "共用手机",
            f"{'、'.join(persons[id].name for id in sharing)}共用一个手机号，"
            "一条回复只算其中一人应答，请各登记自己的号码",
            due_after(today, today, parameters.grace),
        )
        for sharing in by_number.values()
        if len(sharing) > 1
    )


CHECK = Check("phone_shared", Parameters, _find)
