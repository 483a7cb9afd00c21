"""Alerts that reach somebody: a policy for each hazard, roles that are held, channels that ring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from monitor.alerting.severity import Severity
from monitor.notify.channel import Medium
from monitor.notify.directory import media_for
from monitor.notify.policy import Policy, Tier
from monitor.reference.people import DUTY_DESK, LEADER_ON_DUTY, Duty, Person
from monitor.reference.places import Site
from monitor.settings.catalog import Entry
from monitor.settings.check_people import offered, usable
from monitor.settings.check_rules import severities
from monitor.settings.declared import Declared
from monitor.settings.faults import did_you_mean
from monitor.settings.references import refer

_TIERS = ("blue", "yellow", "orange", "red", "suspect", "silent")
_CALLING = ("orange", "red")


def check_reach(declared: Declared) -> None:
    faults = declared.catalog.faults
    first: dict[str, str] = {}
    for policy in declared.policies:
        for i, hazard in enumerate(policy.value.hazards):
            if hazard in first:
                text = f'the policy "{first[hazard]}" answers for "{hazard}" already; keep one'
                policy.fault(faults, text, "hazards", i)
            first.setdefault(hazard, policy.value.id)
        for name in _TIERS:
            _check_tier(declared, policy, name)
    _check_trial(declared)
    _check_areas(declared)
    _check_alerts(declared)


def _check_areas(declared: Declared) -> None:
    """An area without a word must reach somebody."""
    known = {h for p in declared.policies for h in p.value.hazards}
    whole = declared.catalog.is_whole("policies.yaml", "policies", len(declared.policies))
    if declared.service is None or not whole:
        return
    hazard = declared.service.value.areas.hazard
    if hazard not in known:
        text = f'no policy answers for the hazard "{hazard}", as which silent areas are told'
        text += did_you_mean(hazard, known)
        declared.service.fault(declared.catalog.faults, text, "areas", "hazard")


def _check_trial(declared: Declared) -> None:
    """A channel that only prints would leave a real township with nobody called."""
    if declared.service is None or declared.service.value.example:
        return
    enabled = [bound for bound in declared.channels if bound.entry.value.enabled]
    ringing = {b.kind.medium for b in enabled if not b.kind.prints_only}
    for bound in enabled:
        if bound.kind.prints_only and bound.kind.medium not in ringing:
            text = f"{bound.kind.name} only prints: nobody's phone rings; enable a provider, or "
            text += "say example: true in service.yaml while you try"
            bound.entry.fault(declared.catalog.faults, text, "kind")


def _check_tier(declared: Declared, policy: Entry[Policy], name: str) -> None:
    tier: Tier | None = getattr(policy.value, name)
    if tier is None:
        return
    catalog, media = declared.catalog, offered(declared)
    whole = catalog.is_whole("people.yaml", "duties", len(declared.duties))
    held = {d.value.role for d in declared.duties}
    for key in ("tell", "answer", "climb_roles", "daytime_only", "media_by_role"):
        for i, role in enumerate(getattr(tier, key)):
            if whole and role not in held:
                text = f'no duty has the role "{role}"; add one in people.yaml'
                below = role if key == "media_by_role" else i
                policy.fault(catalog.faults, text + _hint(role, held), name, key, below)
    if name in _CALLING and not tier.answer:
        text = f"nobody must answer at {name}; name the roles under answer"
        policy.fault(catalog.faults, text, name)
    if name in _CALLING and tier.daytime_only:
        text = f"{name} must ring at night too; take daytime_only away"
        policy.fault(catalog.faults, text, name, "daytime_only")
    if tier.climb in ("roles", "together") and not tier.climb_roles:
        text = f"climb: {tier.climb} needs climb_roles; name them"
        policy.fault(catalog.faults, text, name, "climb")
    if not media & {*tier.media, *(m for ms in tier.media_by_role.values() for m in ms)}:
        wanted = " or ".join(m.value for m in tier.media)
        text = f"no enabled channel offers {wanted}; enable one in channels.yaml"
        policy.fault(catalog.faults, text, name, "media")
    channels = catalog.declared("channels.yaml", "channels")
    for i, group in enumerate(tier.groups):
        refer(catalog, policy, group, channels, "channel", name, "groups", i)


def _hint(role: str, held: Iterable[str]) -> str:
    hint = did_you_mean(role, held)
    return hint if hint.startswith("; did") else ""


def _is_whole(declared: Declared, site: Site) -> bool:
    """Whether everything about the people of a site could be read."""
    catalog = declared.catalog
    villages = catalog.declared("places.yaml", "villages")
    return (
        catalog.is_whole("people.yaml", "persons", len(declared.persons))
        and catalog.is_whole("people.yaml", "duties", len(declared.duties))
        and not (declared.people and declared.people.broken)
        and all(v in villages for v in _villages(site))
    )


def _check_alerts(declared: Declared) -> None:
    """For each rule that can raise red: someone there must answer, and can be rung."""
    policies = {h: p for p in declared.policies for h in p.value.hazards}
    known = {h for p in declared.policies for h in p.value.hazards}
    sites = {e.value.id: e.value for e in declared.sites}
    site_of = {e.value.id: e.value.site for e in declared.sensors}
    seen: set[tuple[str, str]] = set()
    duties = _Duties.of(declared)
    for bound in declared.rules:
        frame, faults = bound.entry.value, declared.catalog.faults
        policy = policies.get(frame.hazard)
        if policy is None and not declared.catalog.is_whole(
            "policies.yaml", "policies", len(declared.policies)
        ):
            continue
        if policy is None:
            text = f'no policy answers for the hazard "{frame.hazard}"'
            bound.entry.fault(faults, text + did_you_mean(frame.hazard, known), "hazard")
            continue
        if not frame.enabled:
            continue
        reached = severities(bound.parameters)
        site = next(
            (sites[site_of[s]] for s in frame.sensors if s in site_of and site_of[s] in sites), None
        )
        for severity in sorted(reached - {Severity.NORMAL}):
            name = severity.name.lower()
            if getattr(policy.value, name) is None:
                text = f'the policy "{policy.value.id}" says nothing about {name}, which this rule '
                text += f"can raise: it would reach nobody; add {name} to the policy"
                bound.entry.fault(faults, text, "rungs")
            elif site and _is_whole(declared, site) and (site.id + name, frame.hazard) not in seen:
                seen.add((site.id + name, frame.hazard))
                _check_answers(declared, duties, policy, name, site)


class _Duties(NamedTuple):
    """The duties by role and by the one site that they are for (None: for any)."""

    by_role: Mapping[str, Mapping[str | None, Sequence[Duty]]]

    @classmethod
    def of(cls, declared: Declared) -> _Duties:
        found: dict[str, dict[str | None, list[Duty]]] = {}
        for duty in (entry.value for entry in declared.duties):
            found.setdefault(duty.role, {}).setdefault(duty.site, []).append(duty)
        return cls(found)

    def serving(self, role: str, site: Site) -> list[Duty]:
        held, villages = self.by_role.get(role, {}), _villages(site)
        near = (*held.get(None, ()), *held.get(site.id, ()))
        return [duty for duty in near if duty.village is None or duty.village in villages]


def _check_answers(
    declared: Declared, duties: _Duties, policy: Entry[Policy], name: str, site: Site
) -> None:
    """Each role that must answer is held there by somebody who can be rung."""
    tier: Tier = getattr(policy.value, name)
    reached = False
    for i, role in enumerate(tier.answer):
        persons = [p for duty in duties.serving(role, site) for p in _holders(declared, duty)]
        media = frozenset(media_for(tier, role)) & offered(declared)
        reached = reached or any(usable(p, media) for p in persons)
        if role in duties.by_role and not persons:
            text = f'at {site.id} nobody holds "{role}", which must answer at {name}; '
            policy.fault(
                declared.catalog.faults,
                text + "name a person for it in people.yaml",
                name,
                "answer",
                i,
            )
    if name == "red" and tier.answer and not reached:
        for entry in declared.sites:
            if entry.value.id == site.id:
                text = f"a red alert here would reach nobody by {_words(tier.media)} (policy "
                text += f'"{policy.value.id}"); name persons with such an address for its roles'
                entry.fault(declared.catalog.faults, text)


def _words(media: Iterable[Medium]) -> str:
    return " or ".join(m.value for m in media)


def _villages(site: Site) -> frozenset[str]:
    return frozenset({site.village, *(t.village for t in site.threatens)})


def _holders(declared: Declared, duty: Duty) -> list[Person]:
    """Whoever may hold the duty on some day."""
    roster = declared.people.value.roster if declared.people else None
    ids: set[str | None] = {duty.person, duty.substitute}
    if roster and duty.role in (DUTY_DESK, LEADER_ON_DUTY):
        for turn in (*roster.shifts, *roster.turns):
            ids |= {turn.leader} if duty.role == LEADER_ON_DUTY else set(turn.officers)
    return [e.value for e in declared.persons if e.value.id in ids]
