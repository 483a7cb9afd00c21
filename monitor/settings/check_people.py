"""People who can be called: known persons, duties that climb to an end, a filled roster."""

from __future__ import annotations

from monitor.notify.channel import Medium
from monitor.notify.directory import address_of
from monitor.reference.people import DUTY_DESK, Duty, Person
from monitor.reference.phones import is_mobile
from monitor.settings.catalog import Entry
from monitor.settings.declared import Declared
from monitor.settings.references import refer


def check_people(declared: Declared) -> None:
    faults = declared.catalog.faults
    media = offered(declared)
    for person in declared.persons:
        if not usable(person.value, media):
            person.fault(
                faults,
                f'no enabled channel reaches "{person.value.id}": add a phone or '
                "wecom that one of them uses, or enable a channel",
            )
        if person.value.phone and not is_mobile(person.value.phone):
            person.fault(faults, "no mobile number; write it under landline", "phone")
    for duty in declared.duties:
        _check_duty(declared, duty)
    _check_chains(declared)
    _check_roster(declared)
    if declared.people and DUTY_DESK not in {d.value.role for d in declared.duties}:
        text = f'no duty has the role "{DUTY_DESK}", step 0 of every policy; add the duty desk'
        declared.people.fault(faults, text, "duties")


def offered(declared: Declared) -> frozenset[Medium]:
    """The media that the enabled channels offer; any, where a channel has faults of its own."""
    if not declared.catalog.is_whole("channels.yaml", "channels", len(declared.channels)):
        return frozenset(Medium)
    return frozenset(b.kind.medium for b in declared.channels if b.entry.value.enabled)


def usable(person: Person, media: frozenset[Medium]) -> frozenset[Medium]:
    """Those of the media that have an address of that person."""
    return frozenset(medium for medium in media if address_of(person, medium))


def _check_duty(declared: Declared, entry: Entry[Duty]) -> None:
    catalog, duty = declared.catalog, entry.value
    persons = catalog.declared("people.yaml", "persons")
    refer(
        catalog,
        entry,
        duty.village,
        catalog.declared("places.yaml", "villages"),
        "village",
        "village",
    )
    refer(catalog, entry, duty.site, catalog.declared("places.yaml", "sites"), "site", "site")
    refer(catalog, entry, duty.person, persons, "person", "person")
    refer(catalog, entry, duty.substitute, persons, "person", "substitute")
    refer(
        catalog, entry, duty.superior, catalog.declared("people.yaml", "duties"), "duty", "superior"
    )
    if duty.person and duty.person == duty.substitute:
        entry.fault(catalog.faults, "A岗 and B岗 are the same person; name another", "substitute")
    signed, expires = duty.letter_signed, duty.letter_expires
    if signed and expires and expires <= signed:
        entry.fault(catalog.faults, "the letter expires before it was signed", "letter_expires")


def _check_chains(declared: Declared) -> None:
    """A duty that is its own superior, by however many steps, would be called in a circle."""
    superior = {e.value.id: e.value.superior for e in declared.duties}
    told: set[str] = set()
    for entry in declared.duties:
        chain = [entry.value.id]
        while (above := superior.get(chain[-1])) and above not in chain:
            chain.append(above)
        if above == entry.value.id and not told & set(chain):
            told |= set(chain)
            text = f"superiors go in a circle: {' → '.join([*chain, above])}; end it at the top"
            entry.fault(declared.catalog.faults, text, "superior")


def _check_roster(declared: Declared) -> None:
    if declared.people is None:
        return
    entry, catalog = declared.people, declared.catalog
    persons = catalog.declared("people.yaml", "persons")
    roster = entry.value.roster
    days: set[object] = set()
    for i, shift in enumerate(roster.shifts):
        if shift.day in days:
            text = f"{shift.day} stands in the roster twice; keep one"
            entry.fault(catalog.faults, text, "roster", "shifts", i)
        days.add(shift.day)
    for name, turns in (("shifts", roster.shifts), ("rotation", roster.turns)):
        for i, turn in enumerate(turns):
            at = ("roster", name, i) if name == "shifts" else ("roster", name, "turns", i)
            refer(catalog, entry, turn.leader, persons, "person", *at, "leader")
            if not turn.officers:
                entry.fault(catalog.faults, "nobody sits at the duty desk; name an officer", *at)
            for j, officer in enumerate(turn.officers):
                refer(catalog, entry, officer, persons, "person", *at, "officers", j)
